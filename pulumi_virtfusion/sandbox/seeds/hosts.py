"""Hypervisors, their groups, and the addresses that servers on them can have."""

from __future__ import annotations

import base64
from ipaddress import IPv4Network

from ..panel.panel import Panel
from ..panel.store import Document

THEN = "2024-03-12T22:21:32+00:00"
STAMPS = {"created": THEN, "updated": THEN}
SEALED = base64.b64encode(b"sealed by the panel; nothing to read here").decode()


def group(id_: int, name: str, distribution: int) -> Document:
    return {
        "id": id_,
        "name": name,
        "label": None,
        "description": f"{name} hypervisor group",
        "distributionType": distribution,
        "enabled": True,
        "default": id_ == 1,
        **STAMPS,
    }


def hypervisor(id_: int, group: int, memory: int, cores: int, storage: int) -> Document:
    """Return a hypervisor with memory in MB and storage in GB; 0 is no limit."""
    network = {"id": id_, "type": "simpleBridge", "bridge": "br0", "primary": True, "default": True, **STAMPS}
    return {
        "id": id_,
        "commissioned": 3,
        "ip": f"192.0.2.{id_ + 9}",
        "ipAlt": None,
        "hostname": None,
        "port": 8892,
        "sshPort": 22,
        "name": f"Hypervisor {id_}",
        "maintenance": False,
        "enabled": True,
        "nfType": 4,
        "groupId": group,
        "encryptedToken": SEALED,
        "maxServers": 0,
        "maxCpu": cores,
        "maxMemory": memory,
        "networks": [network],
        **STAMPS,
        "hidden": {
            "maxStorage": storage,
            "prohibit": False,
            "localStorageType": 1,
            "otherStorage": _other_storage(group),
        },
    }


def _other_storage(group: int) -> list[Document]:
    share = {"max": 10_000, "allocated": 10, "free": 9_990, "percent": 0.1}
    kind = {"enabled": 0, "path": None, "units": "GB", "storageType": 2, "isDatastore": True}
    return [{"id": 1, "name": "Ceph RBD", **kind, **share}] if group == 2 else []


def add_blocks(panel: Panel, public: dict[int, tuple[str, list[int]]], everywhere: list[int]) -> None:
    """Add a block for each list of hypervisors, and an IPv6 block and a private one for all of them."""
    networks = {id_: (IPv4Network(cidr), hosts, True) for id_, (cidr, hosts) in public.items()}
    networks[4] = (IPv4Network("172.16.0.0/24"), everywhere, False)
    blocks = {id_: _ipv4_block(id_, *facts) for id_, facts in networks.items()}
    blocks[3] = _ipv6_block(3, everywhere)
    panel.store.load("ip_blocks", (blocks[id_] for id_ in sorted(blocks)))
    for id_, (network, _, _) in networks.items():
        panel.addresses.add_range(id_, network[2], network[-2])


def _ipv4_block(id_: int, network: IPv4Network, hypervisors: list[int], public: bool) -> Document:
    resolvers = {"primary": "8.8.8.8", "secondary": "8.8.4.4"}
    ipv4 = {"gateway": str(network[1]), "netmask": str(network.netmask), "resolvers": resolvers}
    nothing = {"total": 0, "usedTotal": 0, "freeTotal": 0}
    return _block(id_, 4, str(network), ipv4 | nothing, _ipv6(None, 48, 64), hypervisors, public=public)


def _ipv6_block(id_: int, hypervisors: list[int]) -> Document:
    ipv4 = {"gateway": None, "netmask": None, "resolvers": {"primary": None, "secondary": None}}
    nothing = {"total": 0, "usedTotal": 0, "freeTotal": 0}
    return _block(id_, 6, "IPv6", ipv4 | nothing, _ipv6("2001:db8:abcd:12", 64, 80), hypervisors, public=True)


def _ipv6(prefix: str | None, from_: int, to: int) -> Document:
    total = 65_535 if prefix else 0
    resolvers = ("2001:4860:4860::8888", "2001:4860:4860::8844") if prefix else (None, None)
    return {
        "gateway": f"{prefix}::1" if prefix else None,
        "resolvers": {"primary": resolvers[0], "secondary": resolvers[1]},
        "subnet": f"{prefix}::" if prefix else None,
        "from": from_,
        "to": to,
        "restricted": [],
        "total": total,
        "generatedTotal": 300 if prefix else 0,
        "usedTotal": 0,
        "freeTotal": total,
        "freeGenerated": 300 if prefix else 0,
        "blacklistedTotal": 0,
    }


def _block(
    id_: int, type_: int, name: str, ipv4: Document, ipv6: Document, hypervisors: list[int], *, public: bool
) -> Document:
    return {
        "id": id_,
        "type": type_,
        "name": name,
        "ipv4": ipv4,
        "ipv6": ipv6,
        "rdnsType": 0,
        "rdnsZoneId": None,
        "networkProfile": 0,
        "routeBlock": None,
        "dhcp": 1,
        "enabled": True,
        **STAMPS,
        "hidden": {"hypervisors": hypervisors, "public": public},
    }
