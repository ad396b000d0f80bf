"""Whether the panel and a stack's state hold the same, seen in the panel's own documents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from tests.soak.engine import Kept

Document = dict[str, Any]
Objects = set[tuple[str, str]]
"""Pairs of class and id, addresses as a class of their own."""
ADDRESS = "address"
INTERFACES = {"primary": "interfaces", "secondary": "secondaryInterfaces"}
NOTHING = {
    section: {"xml": "", "enabled": False} for section in ("domain", "os", "devices", "features", "clock", "cpuTune")
}
XML = {"cpu_tune": "cpuTune"}


def panel_objects(panel: Document) -> Objects:
    """All that was made at the panel since the seed, but for servers that go in some minutes and what is theirs."""
    servers = [one for one in panel["servers"] if one["hidden"]["deleteAt"] is None]
    staying = {one["id"] for one in servers}
    found = {("Server", str(one["id"])) for one in servers}
    found |= {("User", str(one["id"])) for one in panel["users"] if not one["admin"]}
    found |= {("SshKey", str(one["id"])) for one in panel["ssh_keys"]}
    found |= {("ResourcePack", str(one["id"])) for one in panel["resource_packs"]}
    found |= {("UserCredit", str(one["id"])) for one in panel["credits"]}
    blocks = [one for one in panel["traffic_blocks"] if one["serverId"] in staying]
    found |= {("TrafficBlock", f"{one['serverId']}/{one['id']}") for one in blocks}
    found |= {(ADDRESS, one["address"]) for one in _added_addresses(panel) if one["serverId"] in staying}
    for server in servers:
        for interface, list_of in INTERFACES.items():
            entries = [entry for nic in server["network"][list_of] for entry in nic["ipWhitelist"]]
            found |= {("NetworkWhitelistEntry", f"{server['id']}/{interface}/{entry['ip']}") for entry in entries}
    return found


def _added_addresses(panel: Document) -> list[Document]:
    """Without the one that comes with a second interface, which is nobody's."""
    return [row for row in panel["addresses"] if row["interface"] == "primary" or row["position"] > 1]


def state_objects(state: list[Kept]) -> Objects:
    """All that the state says there is at the panel."""
    kinds = ("Server", "User", "SshKey", "ResourcePack", "UserCredit", "TrafficBlock", "NetworkWhitelistEntry")
    held = [kept for kept in state if not kept.awaiting]
    found = {(kept.kind, kept.id) for kept in held if kept.kind in kinds}
    for kept in held:
        own = {"Server": "own_ipv4_addresses", "ServerIpv4Addresses": "addresses"}.get(kept.kind)
        found |= {(ADDRESS, address) for address in (kept.outputs.get(own, ()) if own else ())}
    return found


def relation_of(user: Document) -> str:
    """As an id and `import_` spell it: digits are an `extRelationId`, and `rel_str:` stands before others."""
    rel_str = user["hidden"]["relStr"]
    return str(user["extRelationId"] or (f"rel_str:{rel_str}" if rel_str.isdecimal() else rel_str))


Arguments = Collection[tuple[str, str, str]]
"""By class, id and name."""


def differences(panel: Document, state: list[Kept], stays: Arguments = (), unseen: Arguments = ()) -> Iterator[str]:
    """Where an argument of the program is not what the panel has.

    What drifted and `stays` is compared with the outputs, which have to tell it; what drifted `unseen` is not compared.
    """
    for kept in state:
        document = _document(panel, kept)
        if document is None:
            continue
        drift = ("ServerBuild", kept.id, "operating_system_id") in stays
        if (
            kept.kind == "ServerBuild"
            and kept.inputs.get("wait", True)
            and document["state"] != "complete"
            and not drift
        ):
            yield f"{kept.name} waited for a build that is {document['state']}"
        for argument, shown in SHOWN.get(kept.kind, {}).items():
            if argument in kept.inputs and (kept.kind, kept.id, argument) not in unseen:
                of_state = (kept.kind, kept.id, argument) in stays or (kept.kind, argument) in NEXT_TIME
                wanted, found = (kept.outputs if of_state else kept.inputs).get(argument), shown(document)
                if _comparable(argument, wanted) != _comparable(argument, found):
                    where = "state" if of_state else "program"
                    yield f"{kept.name}.{argument} is {wanted!r} in the {where} and {found!r} at the panel"


NEXT_TIME = {("ServerBuild", "hostname")}
"""What a change of the program alone leaves as it is."""
ANY_CASE = ("email", "hostname")


def _comparable(argument: str, value: Any) -> Any:
    """Without what panels spell in their own way."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").strip()
        return text.lower() if argument in ANY_CASE else text
    return sorted(value) if isinstance(value, list) else value


def _document(panel: Document, kept: Kept) -> Document | None:
    first = kept.id.split("/")[0]
    if kept.kind in ("HourlyGroupProfile", "ResourceGroupProfile", "HourlyResourcePack"):
        relation = kept.id if kept.kind == "HourlyResourcePack" else kept.id.rpartition("/")[0]
        return next((one for one in panel["users"] if relation_of(one) == relation), None)
    kind = {"SshKey": "ssh_keys", "ResourcePack": "resource_packs", "User": "users"}.get(kept.kind)
    if kept.kind == "TrafficBlock":
        kind, first = "traffic_blocks", kept.id.split("/")[1]
    elif kept.kind == "UserCredit":
        kind = "credits"
    elif kept.kind.startswith("Server"):
        kind = "servers"
    found = next((one for one in panel[kind] if str(one["id"]) == first), None) if kind else None
    if found is not None and kept.kind == "ServerFirewall":
        return firewall_of(found, kept.inputs["interface"])
    return found


def firewall_of(server: Document, interface: str) -> Document:
    """A server's interface, with its rulesets."""
    nic: Document = server["network"][INTERFACES[interface]][0]
    return nic | {"rulesets": server["hidden"]["firewallRulesets"][interface]}


def _at(path: str) -> Callable[[Document], Any]:
    def value(document: Any) -> Any:
        for name in path.split("."):
            document = document[int(name)] if isinstance(document, list) else document[name]
        return document

    return value


def _or_nothing(path: str) -> Callable[[Document], Any]:
    return lambda document: _at(path)(document) or 0


def _text(path: str) -> Callable[[Document], Any]:
    """A panel that respells keeps nothing instead of an empty text."""
    return lambda document: _at(path)(document) or ""


def _section(name: str, what: str) -> Callable[[Document], Any]:
    path = f"customXML.{XML.get(name, name)}.{what}"
    return _text(path) if what == "xml" else _at(path)


def has_custom_xml(server: Document) -> bool:
    return any(section["xml"] or section["enabled"] for section in server["customXML"].values())


SHOWN: Mapping[str, Mapping[str, Callable[[Document], Any]]] = {
    "Server": {
        "package_id": _at("hidden.packageId"),
        "user_id": _at("ownerId"),
        "hypervisor_group_id": lambda server: 2 if server["hypervisorId"] == 3 else 1,
        "name": _at("name"),
        "additional_storage1_capacity": _at("storage.1.capacity"),
        "additional_storage2_capacity": _at("storage.-1.capacity"),
        "memory": _at("settings.resources.memory"),
        "cpu_cores": _at("settings.resources.cpuCores"),
        "traffic": _at("settings.resources.traffic"),
        "cpu_throttle": _at("cpu.throttle"),
        "backup_plan_id": _or_nothing("backupPlan.id"),
        "backup_access": _at("hidden.backupAccess"),
        "suspended": _at("suspended"),
        "power_state": lambda server: "running" if server["hidden"]["running"] else "stopped",
        "firewall_rulesets": lambda server: server["hidden"]["firewallRulesets"]["primary"] or [-1],
    },
    "ServerBuild": {
        "operating_system_id": _at("settings.osTemplateInstallId"),
        "hostname": _text("hostname"),
    },
    "User": {
        "name": _at("name"),
        "email": _at("email"),
        "self_service": _at("selfService"),
        "self_service_hourly_credit": _at("hidden.selfServiceHourlyCredit"),
        "self_service_hourly_group_profiles": _at("selfServiceHourlyGroupProfiles"),
        "self_service_resource_group_profiles": _at("selfServiceResourceGroupProfiles"),
        "self_service_hourly_resource_pack": _or_nothing("selfServiceHourlyResourcePack"),
        "enabled": lambda user: not user["suspended"],
        "ext_relation_id": _at("extRelationId"),
        "rel_str": _at("hidden.relStr"),
    },
    "SshKey": {"name": _at("name"), "user_id": _at("hidden.userId")},
    "ResourcePack": {"pack_id": _at("pid"), "enabled": _at("hidden.enabled")},
    "UserCredit": {"tokens": _at("tokens"), "reference_1": _at("reference_1"), "reference_2": _at("reference_2")},
    "TrafficBlock": {"server_id": _at("serverId"), "month": _at("month"), "amount": _at("traffic")},
    "ServerFirewall": {
        "enabled": _at("firewallEnabled"),
        "rulesets": _at("rulesets"),
    },
    "ServerCustomXml": {
        **{name: _section(name, "xml") for name in ("domain", "os", "devices", "features", "clock", "cpu_tune")},
        **{f"{name}_enabled": _section(name, "enabled") for name in ("domain", "os", "clock", "cpu_tune")},
    },
    "HourlyResourcePack": {"pack_id": _at("selfServiceHourlyResourcePack")},
}
"""Where the panel keeps what an argument says, also what no answer of its API shows."""


def left_behind(panel: Document, state: list[Kept], ruled: set[str]) -> Iterator[str]:
    """What deleted resources should have taken with them; `ruled` servers once had rulesets of their own."""
    attached = {(kept.kind, kept.id) for kept in state}
    for server in panel["servers"]:
        id_ = str(server["id"])
        if ("ServerCustomXml", id_) not in attached and has_custom_xml(server):
            yield f"server {id_} still has custom XML {server['customXML']}"
        for interface in (name for name, list_of in INTERFACES.items() if server["network"][list_of]):
            firewall = firewall_of(server, interface)
            free = ("ServerFirewall", f"{id_}/{interface}") not in attached and id_ not in ruled
            if free and (firewall["rulesets"] or firewall["firewallEnabled"]):
                yield f"server {id_} still has a firewall with {firewall['rulesets']} on its {interface} interface"
    for user in panel["users"]:
        for kind, name in (("HourlyGroupProfile", "Hourly"), ("ResourceGroupProfile", "Resource")):
            found = set(user[f"selfService{name}GroupProfiles"])
            wanted = {
                int(k.id.split("/")[-1])
                for k in state
                if k.kind == kind and k.id.rpartition("/")[0] == relation_of(user)
            }
            if missing := wanted - found:
                yield f"user {relation_of(user)} does not have {kind} {missing}"
