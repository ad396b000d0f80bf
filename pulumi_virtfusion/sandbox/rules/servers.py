"""Servers: creating, reading, listing."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..bodies import Body, Cores, Count, Flag, ForcedIds, Gigabytes, Id, Megabytes, PageNumber, Profile, Results
from ..panel.panel import Panel
from ..panel.refusals import Invalid
from ..panel.store import Document
from . import new_server as new
from .capacity import Use, place, usable_blocks
from .firewall import expand
from .pages import Page, page_of
from .server_answers import remote_state as ask_hypervisor
from .server_answers import server_detail, simple_row, user_row

_MOST_ADDRESSES = 256


class NewServer(Body):
    """The body of `POST /servers`; the package gives each missing value."""

    package_id: Id
    user_id: Id
    hypervisor_id: Id
    ipv4: Annotated[int, Field(ge=0, le=_MOST_ADDRESSES)] = 1
    storage: Gigabytes | None = None
    traffic: Count | None = None
    memory: Megabytes | None = None
    cpu_cores: Cores | None = None
    network_speed_inbound: Count | None = None
    network_speed_outbound: Count | None = None
    storage_profile: Profile | None = None
    network_profile: Profile | None = None
    firewall_rulesets: ForcedIds | None = None
    hypervisor_asset_groups: ForcedIds | None = None
    additional_storage1_enable: bool = False
    additional_storage2_enable: bool = False
    additional_storage1_profile: Profile | None = None
    additional_storage2_profile: Profile | None = None
    additional_storage1_capacity: Gigabytes | None = None
    additional_storage2_capacity: Gigabytes | None = None

    def extra_disks(self) -> list[int]:
        """Return the capacities of the enabled additional disks in GB."""
        disks = []
        for number in (1, 2):
            if getattr(self, f"additional_storage{number}_enable"):
                capacity: int | None = getattr(self, f"additional_storage{number}_capacity")
                if capacity is None:
                    raise Invalid(f"The additionalStorage{number}Capacity field is required.")
                disks.append(capacity)
        return disks


def create(panel: Panel, body: NewServer, dry_run: Flag = False) -> Document:
    """Answer `POST /servers` with an allocated server; refuse unknown ids and lacking resources with 422."""
    package = _enabled(panel, "packages", body.package_id, "package")
    _enabled(panel, "hypervisor_groups", body.hypervisor_id, "hypervisor group")
    if panel.store.get("users", body.user_id) is None:
        raise Invalid("Invalid user")
    resources = _resources(body, package)
    disks = [resources["storage"], *body.extra_disks()]
    rulesets = _known_extras(panel, body, package)
    wanted = Use(1, resources["memory"], resources["cpuCores"], sum(disks))
    hypervisor = place(panel, body.hypervisor_id, wanted, body.ipv4)
    profile = _storage_profile(body, package, hypervisor)
    if dry_run:
        return {}
    server = new.new_server(panel, body.user_id, hypervisor, _hidden(body, rulesets))
    server["settings"]["resources"] = resources
    _add_disks(panel, server, disks, profile, package)
    _add_interfaces(panel, server, hypervisor, body, package)
    server = panel.store.add("servers", server)
    _number(panel, server, hypervisor, body.ipv4)
    return server_detail(panel, server)


def _enabled(panel: Panel, kind: str, id_: int, name: str) -> Document:
    document = panel.store.get(kind, id_)
    if document is None or not document["enabled"]:
        raise Invalid(f"Invalid or disabled {name}")
    return document


def _resources(body: NewServer, package: Document) -> Document:
    asked = {"memory": body.memory, "storage": body.storage, "traffic": body.traffic, "cpuCores": body.cpu_cores}
    packaged = {"memory": "memory", "storage": "primaryStorage", "traffic": "traffic", "cpuCores": "cpuCores"}
    return {name: package[packaged[name]] if value is None else value for name, value in asked.items()}


def _known_extras(panel: Panel, body: NewServer, package: Document) -> list[int]:
    """Return the firewall rulesets that apply; refuse unknown rulesets, asset groups and network profiles."""
    rulesets = package["hidden"]["firewallRulesets"] if body.firewall_rulesets is None else body.firewall_rulesets
    expand(panel, rulesets)
    for id_ in body.hypervisor_asset_groups or []:
        _enabled(panel, "hypervisor_asset_groups", id_, "hypervisor asset group")
    return list(rulesets)


def _storage_profile(body: NewServer, package: Document, hypervisor: Document) -> int:
    """Return a storage type of the hypervisor; 0 and below mean its local storage."""
    profile: int = package["primaryStorageProfile"] if body.storage_profile is None else body.storage_profile
    hidden = hypervisor["hidden"]
    known = {hidden["localStorageType"], *(storage["storageType"] for storage in hidden["otherStorage"])}
    if profile > 0 and profile not in known:
        raise Invalid("Invalid storage profile")
    return profile


def _hidden(body: NewServer, rulesets: list[int]) -> Document:
    return {
        "packageId": body.package_id,
        "running": False,
        "locked": False,
        "doNotDisturb": False,
        "deleteAt": None,
        "resourcePackId": None,
        "networkProfile": body.network_profile,
        "hypervisorAssetGroups": body.hypervisor_asset_groups,
        "firewallRulesets": {"primary": rulesets, "secondary": []},
        "firewallSynced": {"primary": False, "secondary": False},
        "throttleSynced": False,
        "backupAccess": "inherit",
        "vnc": {"wanted": False, "password": None, "token": None},
        "build": None,
    }


def _add_disks(panel: Panel, server: Document, capacities: list[int], profile: int, package: Document) -> None:
    for capacity in capacities:
        primary = not server["storage"]
        # The panel never echoes the profile of an additional disk.
        disk = new.new_disk(panel, server, capacity, profile if primary else 0)
        server["storage"].append(disk)
        if not primary:
            action = f"Create HDD (sd{disk['drive']})"
            server["tasks"]["actions"]["pending"].append(new.pending_action(panel, action, disk))
    disk = server["storage"][0]
    disk["iops"] = {"read": package["primaryStorageReadIopsSec"], "write": package["primaryStorageWriteIopsSec"]}
    disk["bytes"] = {"read": package["primaryStorageReadBytesSec"], "write": package["primaryStorageWriteBytesSec"]}
    if plan := panel.store.get("backup_plans", package["backupPlanId"] or 0):
        server["backupPlan"] = {"id": plan["id"], "name": plan["name"]}
        server["settings"]["backupPlan"] = plan["id"]


def _add_interfaces(panel: Panel, server: Document, hypervisor: Document, body: NewServer, package: Document) -> None:
    asked = (body.network_speed_inbound, body.network_speed_outbound)
    packaged = (package["primaryNetworkSpeedIn"], package["primaryNetworkSpeedOut"])
    speeds = [own if value is None else value for value, own in zip(asked, packaged, strict=True)]
    network = server["network"]
    network["interfaces"].append(new.new_interface(panel, hypervisor, *speeds, public=True))
    if package["hidden"]["secondaryInterface"]:
        network["secondaryInterfaces"].append(new.new_interface(panel, hypervisor, 0, 0, public=False))


def _number(panel: Panel, server: Document, hypervisor: Document, ipv4: int) -> None:
    panel.addresses.take(usable_blocks(panel, hypervisor["id"]), ipv4, server["id"], "primary")
    if server["network"]["secondaryInterfaces"]:
        private = usable_blocks(panel, hypervisor["id"], public=False)
        panel.addresses.take(private, 1, server["id"], "secondary")


def retrieve(panel: Panel, server_id: int, remote_state: Flag = False) -> Document:
    """Answer `GET /servers/{serverId}`; with `remoteState`, add the hypervisor's report."""
    server = panel.require("servers", server_id)
    state = ask_hypervisor(server) if remote_state else False
    return server_detail(panel, server) | {"remoteState": state}


HypervisorIds = Annotated[list[Id], Field(max_length=200)]


def retrieve_all(
    panel: Panel,
    type: str = "simple",  # noqa: A002 - the panel's word
    results: Results = 20,
    page: PageNumber = 1,
    hypervisor_id: HypervisorIds | None = None,
) -> Page:
    """Answer `GET /servers` with simple rows, or with whole servers for `type=full`."""
    if type not in ("simple", "full"):
        raise Invalid("The type field must be simple or full.")
    here = page_of(panel, "servers", results, page, **({"hypervisor": hypervisor_id} if hypervisor_id else {}))
    here.rows = [simple_row(row) if type == "simple" else server_detail(panel, row) for row in here.rows]
    return here


def retrieve_of_user(panel: Panel, user_id: int) -> list[Document]:
    """Answer `GET /servers/user/{userId}`, which has no pages."""
    panel.require("users", user_id)
    return [user_row(panel, server) for server in panel.store.find("servers", owner=user_id)]
