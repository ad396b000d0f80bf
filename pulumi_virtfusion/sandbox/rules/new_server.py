"""The panel's record of a server, in the shape of its own answers."""

from __future__ import annotations

import base64
import secrets
import uuid

from ..panel.panel import Panel
from ..panel.store import Document

XML_SECTIONS = ("domain", "os", "devices", "features", "clock", "cpuTune")
_ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
_MEDIA = ("isoName", "isoFilename", "isoUrl")
_OFF_FLAGS = (
    "relaxed vapic spinlocks vpindex runtime synic stimer reset vendorId frequencies reenlightenment tlbflush ipi evmcs"
)


def encrypted() -> str:
    """Return a text that looks like the panel's encrypted values, and means nothing."""
    return base64.b64encode(secrets.token_bytes(120)).decode()


def new_server(panel: Panel, owner_id: int, hypervisor: Document, hidden: Document) -> Document:
    """Return an allocated server without disks, resources and interfaces; no answer shows `hidden`."""
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
        "media": {"isoMounted": False, "isoType": "local", **dict.fromkeys(_MEDIA, ""), "isoDownload": False},
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
    """Return the server's next disk: the first is primary and exists at once, later ones wait for a power event."""
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
    """Return the pending work on a disk, which the next power event carries out."""
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
