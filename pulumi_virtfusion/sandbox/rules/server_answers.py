"""A server in the API's answers: the whole object, and the rows of two lists with names of their own."""

from __future__ import annotations

from ..panel.panel import Panel
from ..panel.store import Document
from .capacity import hypervisor_resources
from .periods import current_period


def ipv4_rows(panel: Panel, server: Document, interface: str) -> list[Document]:
    """Return the addresses of an interface; only those of the primary interface name their block."""
    rows = []
    blocks: dict[int, Document] = {}
    for held in panel.addresses.held(server["id"], interface):
        block = blocks.setdefault(held.block_id, panel.store.get("ip_blocks", held.block_id) or {})
        ipv4 = block["ipv4"]
        rows.append(
            {
                "id": held.id,
                "order": held.place,
                "enabled": True,
                **({"blockId": held.block_id} if interface == "primary" else {}),
                "address": held.address,
                "gateway": ipv4["gateway"],
                "netmask": ipv4["netmask"],
                "resolver1": ipv4["resolvers"]["primary"],
                "resolver2": ipv4["resolvers"]["secondary"],
                "rdns": None,
                "mac": None,
            }
        )
    return rows


def server_detail(panel: Panel, server: Document) -> Document:
    """Return the full server object, without `remoteState`."""
    resources = server["settings"]["resources"]
    network = server["network"]
    answer = {
        name: value for name, value in server.items() if name not in ("hidden", "sshKeys", "sharedUsers", "tasks")
    }
    answer["traffic"] = {"public": {"countMethod": 1, "currentPeriod": _traffic_window(panel, server)}}
    answer["cpu"] = {"cores": resources["cpuCores"], **server["cpu"], "topology": _topology()}
    answer["network"] = {
        "interfaces": [nic | {"ipv4": ipv4_rows(panel, server, "primary")} for nic in network["interfaces"]],
        "secondaryInterfaces": [
            nic | {"ipv4": ipv4_rows(panel, server, "secondary")} for nic in network["secondaryInterfaces"]
        ],
    }
    answer["hypervisor"] = _host(panel, server["hypervisorId"])
    answer["owner"] = owner_part(panel, server["ownerId"])
    answer["sshKeys"] = server["sshKeys"]
    answer["sharedUsers"] = server["sharedUsers"]
    answer["tasks"] = {"active": has_active_task(panel, server["id"]), **server["tasks"]}
    return answer


def has_active_task(panel: Panel, server_id: int) -> bool:
    sql = "SELECT 1 FROM queue WHERE server = ? AND begins <= ? AND due IS NOT NULL LIMIT 1"
    return panel.store.connection.execute(sql, (server_id, panel.clock.now())).fetchone() is not None


def _traffic_window(panel: Panel, server: Document) -> Document:
    period = current_period(server["created"], panel.clock.now())
    limit = server["settings"]["resources"]["traffic"]
    return {
        "start": period.start.strftime("%Y-%m-%dT00:00:00.000000Z"),
        "end": period.last_day.strftime("%Y-%m-%dT23:59:59.999999Z"),
        "limit": limit,
    }


def _topology() -> Document:
    return {"enabled": False, "sockets": 1, "cores": 1, "threads": 1, "dies": 1}


def _host(panel: Panel, hypervisor_id: int) -> Document:
    hypervisor = panel.store.get("hypervisors", hypervisor_id) or {}
    group = panel.store.get("hypervisor_groups", hypervisor["groupId"]) or {}
    same = ("id", "ip", "hostname", "port", "maintenance", "groupId")
    return {
        **{name: hypervisor[name] for name in same},
        "group": {"name": group["name"], "icon": None},
        "timezone": "Europe/London",
        "forceIPv6": False,
        "vncListenType": 1,
        "displayName": None,
        "cpuSet": None,
        "nfType": hypervisor["nfType"],
        "backupStorageType": 2,
        **dict.fromkeys(("defaultDiskType", "defaultDiskCacheType", "defaultCPU", "defaultMachineType"), "inherit"),
        **{name: hypervisor[name] for name in ("created", "updated", "name")},
        "dataDir": "/home/vf-data",
        "resources": hypervisor_resources(panel, hypervisor),
    }


def owner_part(panel: Panel, user_id: int) -> Document:
    user = panel.store.get("users", user_id) or {}
    names = "id admin extRelationId name email timezone suspended twoFactorAuth created updated"
    return {name: user.get(name) for name in names.split()}


def remote_state(server: Document) -> Document:
    """Return the hypervisor's report on a server; memory is in KB."""
    running = bool(server["hidden"]["running"])
    memory = server["settings"]["resources"]["memory"] * 1024
    disk = server["storage"][0]["capacity"] * 2**30
    return {
        "running": running,
        "state": "running" if running else "shutoff",
        "cpu": 1 if running else 0,
        "memory": {"memory": memory, "actual": memory, "unused": memory // 2, "available": memory, "rss": memory // 2},
        "disk": {"vda": {"capacity": disk, "allocation": disk // 10, "physical": disk // 10}},
        "agent": {"fsinfo": []},
    }


def simple_row(server: Document) -> Document:
    """Return a row of the server list, in which `owner` is the id and the status is called `commissioned`."""
    return {
        "id": server["id"],
        "uuid": server["uuid"],
        "name": server["name"],
        "commissioned": server["commissionStatus"],
        "owner": server["ownerId"],
        "hypervisorId": server["hypervisorId"],
        "suspended": server["suspended"],
        "protected": server["protected"],
        "updated": server["updated"],
        "created": server["created"],
    }


def user_row(panel: Panel, server: Document) -> Document:
    """Return a row of a user's servers, half of whose names differ from the full object's."""
    same = "id ownerId hypervisorId name hostname commissionStatus uuid state rebuild suspended protected buildFailed"
    plan = server["backupPlan"]["id"]
    settings = server["settings"]
    return {
        **{name: server[name] for name in same.split()},
        "backup_level": server["backupLevel"],
        "backup_plan": plan,
        "os": {"screen": server["qemuAgent"]["os"]["screen"]},
        "server_info": {"show": False, "icon": None, "name": None, "label": None},
        "vnc": {
            "expose_details": True,
            "ip": server["vnc"]["ip"],
            "hostname": None,
            "port": server["vnc"]["port"],
            "enabled": 0,
        },
        "resources": {**settings["resources"], "cpu_model": None},
        "network": {"interfaces": [_reduced(panel, server, nic) for nic in server["network"]["interfaces"]]},
        "config": {"uefi": settings["uefi"], "bootOrder": settings["bootOrder"]},
        "media": {"isoMounted": server["media"]["isoMounted"], "isoName": server["media"]["isoName"]},
    }


def _reduced(panel: Panel, server: Document, nic: Document) -> Document:
    names = "order enabled tag name mac inAverage inPeak inBurst outAverage outPeak outBurst isNat"
    absent = {"id", "blockId", "rdns", "mac"}
    rows = ipv4_rows(panel, server, "primary")
    return {
        **{name: nic[name] for name in names.split()},
        "ipv4": [{name: value for name, value in row.items() if name not in absent} for row in rows],
        "ipv6": nic["ipv6"],
    }
