"""The change of a server's package: components that follow, and the panel's lines on those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import Field

from ..bodies import Body
from ..panel.panel import Panel
from ..panel.refusals import Invalid
from ..panel.store import Document
from .capacity import Use, refuse_lack
from .locks import unlocked_server
from .new_server import pending_action

_SAME = "not updated. It matches the current value"


class Components(Body):
    """The components that the change applies; a flag that is left out counts as true."""

    backup_plan: bool = True
    cpu: bool = True
    memory: bool = True
    primary_disk_read_iops: Annotated[bool, Field(alias="primaryDiskReadIOPS")] = True
    primary_disk_read_throughput: bool = True
    primary_disk_size: bool = True
    primary_disk_write_iops: Annotated[bool, Field(alias="primaryDiskWriteIOPS")] = True
    primary_disk_write_throughput: bool = True
    primary_network_inbound_speed: bool = True
    primary_network_outbound_speed: bool = True
    primary_network_traffic: bool = True


class _Value(NamedTuple):
    """A value that the package may set: its holder and key there, its package key and its name in `info`."""

    holder: Document
    key: str
    packaged: str
    name: str


def change(panel: Panel, server_id: int, package_id: int, body: Components) -> Document:
    """Answer `PUT /servers/{serverId}/package/{packageId}`; `info` names each unchanged component with the reason."""
    server = unlocked_server(panel, server_id)
    package = panel.require("packages", package_id)
    if not package["enabled"]:
        raise Invalid("Invalid or disabled package")
    _refuse_lack(panel, server, package, body)
    info = []
    if body.cpu:
        info += _set(server["settings"]["resources"], "cpuCores", package["cpuCores"], "CPU cores")
    if body.memory:
        info += _set(server["settings"]["resources"], "memory", package["memory"], "memory")
    if body.primary_disk_size:
        info += _grow(panel, server, package["primaryStorage"])
    for value in _values(server, body):
        info += _set(value.holder, value.key, package[value.packaged], value.name)
    if body.backup_plan:
        _set_plan(panel, server, package["backupPlanId"])
    server["hidden"]["packageId"] = package_id
    panel.save("servers", server)
    return {"info": info}


def _refuse_lack(panel: Panel, server: Document, package: Document, body: Components) -> None:
    now = server["settings"]["resources"]
    wanted = Use(
        memory=package["memory"] - now["memory"] if body.memory else 0,
        cores=package["cpuCores"] - now["cpuCores"] if body.cpu else 0,
        storage=package["primaryStorage"] - now["storage"] if body.primary_disk_size else 0,
    )
    refuse_lack(panel, server, wanted)


def _values(server: Document, body: Components) -> Iterator[_Value]:
    nic, disk = server["network"]["interfaces"][0], server["storage"][0]
    resources = server["settings"]["resources"]
    if body.primary_network_traffic:
        yield _Value(resources, "traffic", "traffic", "traffic")
    if body.primary_network_inbound_speed:
        yield _Value(nic, "inAverage", "primaryNetworkSpeedIn", "primary network speed inbound")
    if body.primary_network_outbound_speed:
        yield _Value(nic, "outAverage", "primaryNetworkSpeedOut", "primary network speed outbound")
    if body.primary_disk_read_iops:
        yield _Value(disk["iops"], "read", "primaryStorageReadIopsSec", "read IOPS")
    if body.primary_disk_write_iops:
        yield _Value(disk["iops"], "write", "primaryStorageWriteIopsSec", "write IOPS")
    if body.primary_disk_read_throughput:
        yield _Value(disk["bytes"], "read", "primaryStorageReadBytesSec", "read bytes/sec")
    if body.primary_disk_write_throughput:
        yield _Value(disk["bytes"], "write", "primaryStorageWriteBytesSec", "write bytes/sec")


def _set(holder: Document, key: str, value: int | None, name: str) -> list[str]:
    if holder[key] == value:
        return [f"{name} {_SAME}"]
    holder[key] = value
    return []


def _grow(panel: Panel, server: Document, storage: int) -> list[str]:
    """Grow the primary disk, never shrink it; the disk itself grows at the next power event."""
    resources = server["settings"]["resources"]
    if storage <= resources["storage"]:
        return ["primary disk not updated. It either matches or is lower than the current value"]
    resources["storage"] = storage
    action = pending_action(panel, "Resize HDD (sda)", server["storage"][0])
    server["tasks"]["actions"]["pending"].append(action)
    return []


def _set_plan(panel: Panel, server: Document, plan_id: int | None) -> None:
    """Set the backup plan; the panel has no line for an unchanged plan."""
    plan = panel.store.get("backup_plans", plan_id or 0)
    server["backupPlan"] = {"id": plan["id"], "name": plan["name"]} if plan else {"id": None, "name": None}
    server["settings"]["backupPlan"] = plan["id"] if plan else None
