"""What the panel keeps of a server, in the shape of its own answers; and the parts it looks up to answer."""

from __future__ import annotations

import base64
import secrets
import uuid
from typing import Any

from ..panel import Panel
from ..store import Document
from .capacity import hypervisor_resources
from .periods import current_period

XML_SECTIONS = ("domain", "os", "devices", "features", "clock", "cpuTune")
_ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
_OFF_FLAGS = (
    "relaxed vapic spinlocks vpindex runtime synic stimer reset vendorId frequencies reenlightenment tlbflush ipi evmcs"
)


def encrypted() -> str:
    """Text that looks like the panel's encrypted values, and says nothing."""
    return base64.b64encode(secrets.token_bytes(120)).decode()


def new_server(panel: Panel, owner_id: int, hypervisor: Document, hidden: Document) -> Document:
    """An allocated server without disks, resources and interfaces; `hidden` is what no answer shows."""
    now = panel.stamp()
    document: Document = {
        "ownerId": owner_id,
        "hypervisorId": hypervisor["id"],
        "arch": 1,
        "name": "",
        "selfService": 0,
        "selfServiceSettings": [],
        "hostname": None,
        "commissionStatus": 0,
        "uuid": str(uuid.uuid4()),
        "state": "allocated",
        "migratable": True,
        "timezone": "_default",
        **dict.fromkeys(("migrateLevel", "deleteLevel", "configLevel", "backupLevel"), 0),
        "elevated": False,
        "elevateId": None,
        "elevate": False,
        "destroyable": True,
        **dict.fromkeys(("rebuild", "suspended", "protected", "buildFailed"), False),
        "primaryNetworkDhcp4": False,
        "primaryNetworkDhcp6": False,
        "built": None,
        "created": now,
        "updated": now,
    }
    return document | {
        "settings": _settings(),
        "cpu": {"type": "inherit", "typeExact": "host-model", "shares": 1024, "throttle": 0},
        "customXML": {section: {"xml": "", "enabled": False} for section in XML_SECTIONS},
        "qemuCommandline": [],
        "qemuAgent": {"os": {"screen": _ONE_PIXEL}},
        "media": dict(isoMounted=False, isoType="local", isoName="", isoFilename="", isoUrl="", isoDownload=False),
        "backupPlan": {"id": None, "name": None},
        "vnc": {"ip": hypervisor["ip"], "port": 5900 + panel.store.next_id("vnc_ports") % 10_000, "enabled": False},
        "network": {"interfaces": [], "secondaryInterfaces": []},
        "storage": [],
        "hypervisorAssets": [],
        "sshKeys": [],
        "sharedUsers": [],
        "tasks": {"lastOn": None, "actions": {"pending": []}},
        "hidden": hidden,
    }


def _settings() -> Document:
    return {
        "osTemplateInstall": True,
        "osTemplateInstallId": 0,
        "encryptedPassword": encrypted(),
        "backupPlan": None,
        "uefi": False,
        "uefiType": 0,
        "cloudInit": True,
        "cloudInitType": 1,
        "config": [],
        "userConfig": [],
        "bootOrder": ["hd", "cdrom"],
        "tpmType": 0,
        "networkBoot": False,
        "bootMenu": 1,
        "customISO": 1,
        "securityDriver": 3,
        "memBalloon": {"model": 1, "autoDeflate": 0, "freePageReporting": 0},
        "hyperv": {
            "enabled": False,
            "passthrough": False,
            **dict.fromkeys(_OFF_FLAGS.split(), 0),
            "vendorIdValue": "KVM VM",
            "spinlocksValue": 8191,
            "clockEnabled": 0,
        },
        "extended": {"cpuFlags": {"topoext": "1", "svm": "1", "vmx": "1"}},
        "machineType": "inherit",
        "pciPorts": 16,
        "resources": {},
    }


def new_disk(panel: Panel, server: Document, capacity: int, profile: int) -> Document:
    """The server's next disk: its first is primary and exists at once, later ones wait for a power event."""
    slot = len(server["storage"]) + 1
    name = f"{server['uuid']}_{slot}"
    return {
        "_id": panel.store.next_id("disks"),
        "id": slot,
        "cache": None,
        "bus": None,
        "capacity": capacity,
        "drive": "abc"[slot - 1],
        "datastoreDiskId": None,
        "filesystem": None,
        "iops": {"read": None, "write": None},
        "bytes": {"read": None, "write": None},
        "type": "qcow2",
        "profile": profile,
        "status": 3 if slot == 1 else 1,
        "enabled": slot == 1,
        "primary": slot == 1,
        "created": server["created"],
        "updated": server["created"],
        "datastore": [],
        "name": name,
        "filename": f"{name}.img",
        "hypervisorStorageId": None,
        "local": True,
        "locationType": "mountpoint",
        "path": "/home/vf-data/disk",
    }


def new_interface(panel: Panel, hypervisor: Document, inbound: int, outbound: int, *, public: bool) -> Document:
    id_ = panel.store.next_id("interfaces")
    network = hypervisor["networks"][0]
    return {
        "id": id_,
        "order": 1,
        "enabled": True,
        "tag": 1_000_000_000 + secrets.randbelow(9_000_000_000),
        "name": "eth0" if public else "eth1",
        "type": "public" if public else "private",
        "driver": 1,
        "processQueues": None,
        "mac": "00:" + ":".join(f"{byte:02X}" for byte in id_.to_bytes(5, "big")),
        "ipv4ToMac": None,
        "ipv6ToMac": None,
        "inTrafficCount": True,
        "outTrafficCount": False,
        "inAverage": inbound,
        "inPeak": 0,
        "inBurst": 0,
        "outAverage": outbound,
        "outPeak": 0,
        "outBurst": 0,
        "ipFilter": True,
        "vlans": [],
        "ipFilterType": "4",
        "portIsolated": False,
        "ipv4_resolver_1": 1,
        "ipv4_resolver_2": 2,
        "ipv6_resolver_1": 1,
        "ipv6_resolver_2": 2,
        # The panel answers 0 whatever network profile was asked for.
        "networkProfile": 0,
        "dhcpV4": 0,
        "dhcpV6": 0,
        "firewallEnabled": False,
        "hypervisorNetwork": network["id"],
        "isNat": False,
        "nat": False,
        "firewall": [],
        "hypervisorConnectivity": {
            **{name: network[name] for name in ("id", "type", "bridge")},
            "mtu": None,
            "primary": True,
            "default": True,
        },
        "ipWhitelist": [],
        "actions": [],
        "ipv6": [],
    }


def pending_action(panel: Panel, action: str, disk: Document) -> Document:
    """Work on a disk that the next power event carries out."""
    return {
        "id": panel.store.next_id("pending_actions"),
        "action": action,
        "requires": ["boot", "restart", "shutdown", "poweroff"],
        "collected": False,
        "complete": False,
        "failed": False,
        "payload": {"disk": {"id": disk["_id"], "disk_storage_id": None}},
        "created": panel.stamp(),
    }


def ipv4_rows(panel: Panel, server: Document, interface: str) -> list[Document]:
    """The addresses of an interface; only the primary one's tell their block."""
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
    """The full server object, without `remoteState`."""
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


def remote_state(panel: Panel, server: Document) -> Document:
    """What the hypervisor reports; memory in KB."""
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
    """A row of the server list, whose `owner` is the id and whose status is `commissioned`."""
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
    """A row of a user's servers, which has names of its own for half of it."""
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
    rows: list[dict[str, Any]] = ipv4_rows(panel, server, "primary")
    return {
        **{name: nic[name] for name in names.split()},
        "ipv4": [{name: value for name, value in row.items() if name not in absent} for row in rows],
        "ipv6": nic["ipv6"],
    }
