"""The capacity of hypervisors, the usage of their servers, and the place of a new server."""

from __future__ import annotations

from typing import NamedTuple

from ..panel.panel import Panel
from ..panel.refusals import Invalid
from ..panel.store import Document


class Use(NamedTuple):
    """An amount of servers, MB of memory, cores and GB of local storage."""

    servers: int = 0
    memory: int = 0
    cores: int = 0
    storage: int = 0


def used(panel: Panel, hypervisor_id: int) -> Use:
    sql = "SELECT servers, memory, cores, disk FROM loads WHERE hypervisor = ?"
    row = panel.store.connection.execute(sql, (hypervisor_id,)).fetchone()
    return Use(*map(int, row)) if row else Use()


def limits(hypervisor: Document) -> Use:
    """Return a hypervisor's limits; 0 means no limit."""
    return Use(
        hypervisor["maxServers"],
        hypervisor["maxMemory"],
        hypervisor["maxCpu"],
        hypervisor["hidden"]["maxStorage"],
    )


def lacks(panel: Panel, hypervisor: Document, wanted: Use) -> list[str]:
    """Return the names of the resources that the hypervisor lacks for `wanted` more."""
    present = used(panel, hypervisor["id"])
    return [
        name.replace("cores", "CPU cores")
        for name, maximum, now, more in zip(Use._fields, limits(hypervisor), present, wanted, strict=True)
        if maximum and more > 0 and now + more > maximum
    ]


def refuse_lack(panel: Panel, server: Document, wanted: Use) -> None:
    hypervisor = panel.require("hypervisors", server["hypervisorId"])
    if missing := lacks(panel, hypervisor, wanted):
        raise Invalid(*(f"The hypervisor does not have enough {name}" for name in missing))


def place(panel: Panel, group_id: int, wanted: Use, ipv4: int) -> Document:
    """Return the group's hypervisor with the fewest servers that has room; refuse with 422 without one."""
    open_ones = [h for h in panel.store.find("hypervisors", group_id=group_id) if accepts_servers(h)]
    if not open_ones:
        raise Invalid("No enabled hypervisor is available in the hypervisor group")
    missing: dict[str, None] = {}
    for hypervisor in sorted(open_ones, key=lambda hypervisor: used(panel, hypervisor["id"]).servers):
        lacking = lacks(panel, hypervisor, wanted)
        if not panel.addresses.has_free(usable_blocks(panel, hypervisor["id"]), ipv4):
            lacking.append("IPv4 addresses")
        if not lacking:
            return hypervisor
        missing |= dict.fromkeys(lacking)
    raise Invalid(*(f"No hypervisor in the group has enough {name}" for name in missing))


def accepts_servers(hypervisor: Document) -> bool:
    closed = hypervisor["maintenance"] or hypervisor["hidden"]["prohibit"]
    return bool(hypervisor["enabled"] and hypervisor["commissioned"] == 3 and not closed)


def usable_blocks(panel: Panel, hypervisor_id: int, *, public: bool = True) -> list[int]:
    """Return the ids of the enabled IPv4 blocks that the hypervisor may use."""
    return [
        block["id"]
        for block in panel.store.find("ip_blocks")
        if block["enabled"]
        and block["type"] == 4
        and hypervisor_id in block["hidden"]["hypervisors"]
        and block["hidden"]["public"] is public
    ]


def free_addresses(panel: Panel, hypervisor_id: int) -> int:
    totals = (panel.addresses.totals(id_) for id_ in usable_blocks(panel, hypervisor_id))
    return sum(total - taken for total, taken in totals)


def hypervisor_resources(panel: Panel, hypervisor: Document) -> Document:
    now = used(panel, hypervisor["id"])
    most = limits(hypervisor)
    local = _share(most.storage, now.storage)
    return {
        "servers": {"units": "#", **_share(most.servers, now.servers)},
        "memory": {"units": "MB", **_share(most.memory, now.memory)},
        "cpuCores": {"units": "#", **_share(most.cores, now.cores)},
        "localStorage": {
            "enabled": 1,
            "name": "Local (Default mountpoint)",
            "storageType": hypervisor["hidden"]["localStorageType"],
            "units": "GB",
            **local,
        },
        "otherStorage": hypervisor["hidden"]["otherStorage"],
    }


def _share(maximum: int, allocated: int) -> Document:
    """Return the figures of one resource; without a limit, `free` is negative and the percentage missing."""
    percent = round(100 * allocated / maximum, 1) if maximum else None
    return {"max": maximum, "allocated": allocated, "free": maximum - allocated, "percent": percent}
