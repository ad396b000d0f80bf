"""Programs that a panel accepts: random arguments of every class, and the rules between resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from pulumi_virtfusion.resources import MODULES, resource_class
from tests.soak.engine import Declared, Kept, Program, Ref

Values = st.SearchStrategy[Any]
MOST = {"Server": 3, "User": 3, "ServerBuild": 2, "IpBlockRange": 2}
"""Of one kind in a program."""
MOST_RESOURCES = 14
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
HYPERVISORS_OF_EXPLICIT_ADDRESSES = 1

texts = st.sampled_from(["web", "db", "shop", "mail relay", "größe"])
flags = st.booleans()
some_profiles = st.sampled_from([[], [1], [2], [1, 3]])


def of(*values: Any) -> Values:
    return st.sampled_from(values)


def a(kind: str, output: str) -> Callable[[Program], Values]:
    """An output of any resource of a kind that the program has."""

    def among(program: Program) -> Values:
        names = [name for name, declared in program.items() if declared.kind == kind]
        return st.sampled_from([Ref(name, output) for name in names]) if names else st.nothing()

    return among


def _keys(program: Program) -> Values:
    return st.lists(a("SshKey", "ssh_key_id")(program), min_size=1, max_size=2, unique=True)


EMAILS = tuple(f"{name}@example.com" for name in ("ada", "bob", "cy", "dee", "eve", "fay", "gus", "hal", "ina", "jo"))
SERVER = a("Server", "server_id")
USER = a("User", "user_id")
RELATION = a("User", "relation")
SECTIONS = {
    **dict.fromkeys(("domain", "os", "devices"), of("<a/>", "<b c='1'/>", "")),
    **dict.fromkeys(("domain_enabled", "os_enabled", "clock_enabled"), flags),
}

REQUIRED: Mapping[str, Mapping[str, Values | Callable[[Program], Values]]] = {
    "Server": {"package_id": of(1, 2, 4, 5), "user_id": USER, "hypervisor_group_id": of(1, 2)},
    "ServerBuild": {"server_id": SERVER, "operating_system_id": of(1, 2, 3, 7)},
    "User": {"name": texts, "email": of(*EMAILS)},
    "SshKey": {"user_id": USER, "name": texts, "public_key": of(KEY, f"{KEY} ada")},
    "ResourcePack": {"relation": RELATION, "pack_id": of(1, 2, 3)},
    "ServerFirewall": {"server_id": SERVER, "interface": of("primary")},
    "ServerIpv4Addresses": {"server_id": SERVER, "interface": of("primary")},
    "NetworkWhitelistEntry": {
        "server_id": SERVER,
        "interface": of("primary"),
        "ip": of("192.0.2.9", "192.0.2.10", "2001:db8::9"),
        "cidr": of(32, 24),
    },
    "TrafficBlock": {"server_id": SERVER, "month": of(1, 2, 3), "amount": of(50, 100)},
    "ServerCustomXml": {"server_id": SERVER},
    "UserCredit": {"relation": RELATION, "tokens": of(10, 2.5)},
    "HourlyGroupProfile": {"relation": RELATION, "profile_id": of(1, 2, 3)},
    "ResourceGroupProfile": {"relation": RELATION, "profile_id": of(1, 2, 3)},
    "HourlyResourcePack": {"relation": RELATION, "pack_id": of(1, 2)},
    "IpBlockRange": {"block_id": of(1)},
    "ServerAction": {"server_id": SERVER, "action": of("restart", "boot", "shutdown", "poweroff", "reset_password")},
    "UserAction": {"relation": RELATION, "action": of("reset_password", "sync_access")},
    "ResourcePackAction": {
        "resource_pack_id": a("ResourcePack", "resource_pack_id"),
        "action": of("suspend_servers", "unsuspend_servers", "delete_servers"),
    },
}

OPTIONAL: Mapping[str, Mapping[str, Values | Callable[[Program], Values]]] = {
    "Server": {
        "name": texts,
        "memory": of(512, 1024, 3000),
        "cpu_cores": of(1, 2, 3),
        "traffic": of(0, 300, 900),
        "cpu_throttle": of(0, 20, 50),
        "backup_plan_id": of(0, 1, 2),
        "backup_access": of("disabled", "full", "manual"),
        "suspended": flags,
        "power_state": of("running", "stopped"),
        "vnc": flags,
        "firewall_rulesets": of([1], [2, 3], [-1]),
        "ipv4": of(1, 2, 3),
        "package_change": of({"memory": False}, {"cpu": False, "primary_network_traffic": False}),
        "storage": of(20, 50),
        "network_speed_inbound": of(0, 12_500),
    },
    "ServerBuild": {"name": texts, "hostname": of("a.example.com", "b.example.com"), "ssh_keys": _keys,
                    "ipv6": flags, "swap": of(1, 512), "email": flags, "wait": flags},
    "User": {
        "self_service": of(0, 1, 2, 3),
        "self_service_hourly_credit": flags,
        "self_service_hourly_group_profiles": some_profiles,
        "self_service_resource_group_profiles": some_profiles,
        "self_service_hourly_resource_pack": of(0, 1, 2),
        "enabled": flags,
        "ext_relation_id": of(1001, 1002, 1003, 1004),
        "rel_str": of("crm-1", "crm-2", "crm 3"),
        "send_mail": flags,
    },
    "ResourcePack": {"enabled": flags, "disable_if_in_use": flags, "delete_servers": flags},
    "ServerFirewall": {"enabled": flags, "rulesets": of([], [1], [2, 5]), "sync": flags},
    "ServerIpv4Addresses": {
        "quantity": of(1, 2, 3),
        "addresses": st.lists(of(*(f"198.51.100.{n}" for n in range(201, 206))), min_size=1, max_size=3, unique=True),
    },
    "ServerCustomXml": SECTIONS,
    "UserCredit": {"reference_1": of(7), "reference_2": of("invoice 7")},
    "IpBlockRange": {},
    **{kind: {"triggers": of(1, 2, ["a"])} for kind in ("ServerAction", "UserAction", "ResourcePackAction")},
}  # fmt: skip

FOR_GOOD = ("UserCredit", "IpBlockRange")
"""Their arguments are create-only."""


def drawn(strategy: Values | Callable[[Program], Values], program: Program) -> Values:
    return strategy(program) if callable(strategy) else strategy


@st.composite
def additions(draw: st.DrawFn, program: Program, number: int) -> tuple[str, Declared]:
    """One more resource, by a name that the program never had."""
    kinds = [
        kind
        for kind in MODULES
        if sum(declared.kind == kind for declared in program.values()) < MOST.get(kind, 4)
        if all(not callable(strategy) or _offers(strategy, program) for strategy in REQUIRED[kind].values())
    ]
    kind = draw(st.sampled_from(kinds))
    arguments = {name: draw(drawn(strategy, program)) for name, strategy in REQUIRED[kind].items()}
    optional = OPTIONAL.get(kind, {})
    for name in draw(st.lists(st.sampled_from(sorted(optional)), max_size=4, unique=True)) if optional else ():
        if not callable(optional[name]) or _offers(a("SshKey", "ssh_key_id"), program):
            arguments[name] = draw(drawn(optional[name], program))
    if kind == "IpBlockRange":
        arguments |= {"start": f"198.18.{number % 256}.1", "end": f"198.18.{number % 256}.{4 + number % 7}"}
    if kind == "ServerIpv4Addresses" and not {"quantity", "addresses"} & arguments.keys():
        arguments["quantity"] = 1
    return f"{MODULES[kind]}{number}", Declared(kind, arguments)


def _offers(strategy: Callable[[Program], Values], program: Program) -> bool:
    return not strategy(program).is_empty


@st.composite
def changes(draw: st.DrawFn, program: Program) -> tuple[str, dict[str, Any]]:
    """Other arguments for a resource that may change; None takes one out."""
    name = draw(st.sampled_from([name for name, declared in program.items() if declared.kind not in FOR_GOOD]))
    declared = program[name]
    earlier = {other: program[other] for other in list(program)[: list(program).index(name)]}
    possible = {
        key: drawn(strategy, earlier)
        for key, strategy in {**REQUIRED[declared.kind], **OPTIONAL.get(declared.kind, {})}.items()
        if not callable(strategy) or strategy is not _keys or _offers(a("SshKey", "ssh_key_id"), earlier)
    }
    keys = draw(st.lists(st.sampled_from(sorted(possible)), min_size=1, max_size=3, unique=True))
    return name, {key: draw(possible[key]) for key in keys}


def removable(program: Program) -> list[str]:
    """What nothing else refers to."""
    needed = {name for declared in program.values() for name in declared.needs}
    return [name for name in program if name not in needed]


def optional_arguments(program: Program) -> list[tuple[str, str]]:
    """What may be taken out of the program."""
    return [
        (name, argument)
        for name, declared in program.items()
        if declared.kind not in FOR_GOOD
        for argument in declared.arguments
        if argument in OPTIONAL.get(declared.kind, {})
    ]


def acceptable(program: Program, state: list[Kept]) -> bool:
    """Whether the panel, and our own documentation, have nothing against the program."""
    return not any(_objections(program, state))


def _objections(program: Program, state: list[Kept]) -> Iterator[object]:
    yield len(program) > MOST_RESOURCES
    for name, declared in program.items():
        yield from _OBJECTIONS.get(declared.kind, _nothing)(name, declared.arguments, program, state)
    for kind, keys in UNIQUE.items():
        for key in keys:
            found = [repr([d.arguments.get(part) for part in key]) for d in program.values() if d.kind == kind]
            yield len(found) != len(set(found))
            yield any(_takes_from_another(kind, key, name, declared, state) for name, declared in program.items())


UNIQUE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "User": (("email",),),
    "ServerFirewall": (("server_id",),),
    "ServerCustomXml": (("server_id",),),
    "ServerBuild": (("server_id",),),
    "NetworkWhitelistEntry": (("server_id", "ip"),),
    "HourlyGroupProfile": (("relation", "profile_id"),),
    "ResourceGroupProfile": (("relation", "profile_id"),),
    "HourlyResourcePack": (("relation",),),
}
"""What two resources of a kind may not share."""


def _takes_from_another(kind: str, key: tuple[str, ...], name: str, declared: Declared, state: list[Kept]) -> bool:
    """Whether another resource has it until it is deleted, at the end of the `up`."""
    if declared.kind != kind or not all(part in declared.arguments for part in key):
        return False
    return any(
        all(kept.arguments.get(part) == declared.arguments[part] for part in key)
        for kept in state
        if kept.kind == kind and kept.name != name
    )


def _attached(program: Program, state: list[Kept], kind: str, name: str) -> bool:
    """Whether the program, or still the state, has a resource of a kind that refers to that one."""
    held = any(kept.kind == kind and Declared(kind, kept.arguments).needs & {name} for kept in state)
    return held or bool(on(program, kind, name))


def on(program: Program, kind: str, name: str) -> list[Declared]:
    """The resources of a kind that refer to that one."""
    return [declared for declared in program.values() if declared.kind == kind and name in declared.needs]


def _nothing(_name: str, _arguments: Mapping[str, Any], _program: Program, _state: list[Kept]) -> Iterator[object]:
    return iter(())


def _against_server(name: str, given: Mapping[str, Any], program: Program, state: list[Kept]) -> Iterator[object]:
    yield "firewall_rulesets" in given and _attached(program, state, "ServerFirewall", name)
    powered = [one for one in on(program, "ServerAction", name) if one.arguments["action"] != "reset_password"]
    built = on(program, "ServerBuild", name)
    yield (powered or "power_state" in given) and given.get("suspended") is not False
    yield "power_state" in given and (powered or built)
    yield on(program, "TrafficBlock", name) and not given.get("traffic")
    yield "name" in given and any("name" in one.arguments for one in built)
    explicit = [one for one in on(program, "ServerIpv4Addresses", name) if "addresses" in one.arguments]
    yield explicit and given["hypervisor_group_id"] != HYPERVISORS_OF_EXPLICIT_ADDRESSES
    for one in built:
        keys = [program[ref.resource] for ref in one.arguments.get("ssh_keys", [])]
        yield any(key.arguments["user_id"] != given["user_id"] for key in keys)


def _against_user(name: str, given: Mapping[str, Any], program: Program, state: list[Kept]) -> Iterator[object]:
    yield "ext_relation_id" in given and "rel_str" in given
    for key in ("ext_relation_id", "rel_str"):
        others = [one.arguments.get(key) for other, one in program.items() if one.kind == "User" and other != name]
        others += [one.inputs.get(key) for one in state if one.kind == "User" and (one.name != name or one.doomed)]
        yield key in given and given[key] in others
    for kind, argument in (
        ("HourlyGroupProfile", "self_service_hourly_group_profiles"),
        ("ResourceGroupProfile", "self_service_resource_group_profiles"),
        ("HourlyResourcePack", "self_service_hourly_resource_pack"),
    ):
        yield argument in given and _attached(program, state, kind, name)
    yield "self_service" in given and any(
        one.arguments["action"] == "sync_access" for one in on(program, "UserAction", name)
    )
    yield from _against_another_relation(name, given, program, state)


def _against_another_relation(
    name: str, given: Mapping[str, Any], program: Program, state: list[Kept]
) -> Iterator[object]:
    """A user that owns servers cannot be deleted first, and credit stays with whom it was given to."""
    kept = next((one for one in state if one.name == name and not one.doomed), None)
    if kept is not None and any(
        key in given and kept.outputs.get(key, kept.inputs.get(key)) != given[key]
        for key in ("ext_relation_id", "rel_str")
    ):
        yield on(program, "UserCredit", name)
        owners = [one.inputs.get("user_id") for one in state if one.kind == "Server"]
        yield given["email"] == kept.inputs["email"] and kept.outputs.get("user_id") in owners
        yield given["email"] == kept.inputs["email"] and on(program, "Server", name)


def _against_addresses(name: str, given: Mapping[str, Any], program: Program, state: list[Kept]) -> Iterator[object]:
    yield ("quantity" in given) == ("addresses" in given)
    explicit = [one.arguments.get("addresses", []) for one in program.values() if one.kind == "ServerIpv4Addresses"]
    others = [one for one in state if one.kind == "ServerIpv4Addresses" and (one.name != name or one.doomed)]
    yield any(set(given.get("addresses", ())) & set(one.outputs.get("addresses", ())) for one in others)
    every = [address for addresses in explicit for address in addresses]
    yield len(every) != len(set(every))


def _against_entry(_name: str, given: Mapping[str, Any], _program: Program, _state: list[Kept]) -> Iterator[object]:
    yield given["cidr"] > 32 and ":" not in given["ip"]


_OBJECTIONS: Mapping[str, Callable[[str, Mapping[str, Any], Program, list[Kept]], Iterator[object]]] = {
    "Server": _against_server,
    "User": _against_user,
    "ServerIpv4Addresses": _against_addresses,
    "NetworkWhitelistEntry": _against_entry,
}


def is_told(kind: str, argument: str) -> bool:
    """Whether the panel always tells what the argument has."""
    declared = resource_class(kind).fields.get(argument)
    return declared is not None and bool(declared.drifts)
