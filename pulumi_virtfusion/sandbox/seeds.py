"""What a fresh panel holds, by profile: `demo`, `empty`, `large`."""

from __future__ import annotations

import base64
from collections.abc import Callable
from ipaddress import IPv4Network

from .panel import Panel
from .store import Document

_THEN = "2024-03-12T22:21:32+00:00"
_STAMPS = {"created": _THEN, "updated": _THEN}
_SEALED = base64.b64encode(b"sealed by the panel; nothing to read here").decode()


def seed(panel: Panel, profile: str) -> None:
    """Replaces everything by the profile's objects; KeyError for an unknown profile."""
    fill = PROFILES[profile]
    panel.store.clear()
    panel.addresses.clear()
    fill(panel)
    panel.store.set_fact("profile", profile)


def _empty(panel: Panel) -> None:
    """An administrator, and nothing to build on."""
    panel.store.load("users", [_administrator()])


def _demo(panel: Panel) -> None:
    """Two groups, three hypervisors, a few hundred addresses, and one of everything that has to exist."""
    _empty(panel)
    _offer(panel)
    hosts = [
        _hypervisor(1, 1, 65_536, 64, 2_000),
        _hypervisor(2, 1, 65_536, 64, 2_000),
        _hypervisor(3, 2, 131_072, 96, 4_000),
    ]
    panel.store.load("hypervisors", hosts)
    _blocks(panel, {1: ("198.51.100.0/24", [1, 2]), 2: ("203.0.113.0/24", [3])}, [1, 2, 3])


def _large(panel: Panel) -> None:
    """Room for thousands of servers: no limit on the hypervisors, 32 thousand addresses."""
    _empty(panel)
    _offer(panel)
    panel.store.load("hypervisors", [_hypervisor(id_, 1 if id_ <= 4 else 2, 0, 0, 0) for id_ in range(1, 9)])
    _blocks(panel, {1: ("10.64.0.0/18", [1, 2, 3, 4]), 2: ("10.65.0.0/18", [5, 6, 7, 8])}, list(range(1, 9)))


PROFILES: dict[str, Callable[[Panel], None]] = {"demo": _demo, "empty": _empty, "large": _large}


def _administrator() -> Document:
    return {
        "id": 1,
        "admin": True,
        "extRelationId": 1,
        "selfService": 0,
        "selfServiceHourlyGroupProfiles": [],
        "selfServiceResourceGroupProfiles": [],
        "selfServiceHourlyResourcePack": None,
        "name": "Administrator",
        "email": "admin@example.com",
        "timezone": "Europe/London",
        "suspended": False,
        "twoFactorAuth": False,
        **_STAMPS,
        "hidden": {"relStr": None, "selfServiceHourlyCredit": False},
    }


def _offer(panel: Panel) -> None:
    panel.store.load("hypervisor_groups", [_group(1, "Default", 5), _group(2, "Storage", 13)])
    panel.store.load("packages", _packages())
    panel.store.load("template_categories", _categories())
    panel.store.load("templates", _templates())
    panel.store.load("firewall_rulesets", _rulesets())
    for kind, names in _NAMED.items():
        panel.store.load(kind, ({"id": id_, "name": name, "enabled": True} for id_, name in enumerate(names, start=1)))
    panel.store.load("pack_definitions", _pack_definitions())
    panel.store.load("isos", [_iso()])
    panel.store.load("dns_services", [_dns_service()])
    panel.store.load(
        "currencies", [_currency(11, "USD", "0.0100000000", "$"), _currency(12, "GBP", "0.0200000000", "£")]
    )


_NAMED = {
    "hypervisor_asset_groups": ("GPU", "USB", "NVMe", "TPM"),
    "backup_plans": ("Daily", "Weekly"),
    "hourly_group_profiles": ("Hourly small", "Hourly medium", "Hourly large"),
    "resource_group_profiles": ("Packs small", "Packs medium", "Packs large"),
    "hourly_packs": ("Hourly pack 1", "Hourly pack 2"),
}


def _group(id_: int, name: str, distribution: int) -> Document:
    return {
        "id": id_,
        "name": name,
        "label": None,
        "description": f"{name} hypervisor group",
        "distributionType": distribution,
        "enabled": True,
        "default": id_ == 1,
        **_STAMPS,
    }


def _hypervisor(id_: int, group: int, memory: int, cores: int, storage: int) -> Document:
    """Memory in MB, storage in GB; 0 is no limit."""
    network = {"id": id_, "type": "simpleBridge", "bridge": "br0", "primary": True, "default": True, **_STAMPS}
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
        "encryptedToken": _SEALED,
        "maxServers": 0,
        "maxCpu": cores,
        "maxMemory": memory,
        "networks": [network],
        **_STAMPS,
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


def _packages() -> list[Document]:
    return [
        _package(1, "Small", memory=1024, cores=1, storage=10, traffic=200),
        _package(2, "Medium", memory=2048, cores=2, storage=40, traffic=1000, speed=12_500, plan=1),
        _package(3, "Large", memory=8192, cores=4, storage=160, traffic=0, speed=125_000, iops=5000, plan=2),
        _package(4, "Compute", memory=4096, cores=8, storage=20, traffic=2000),
        _package(5, "Private network", memory=1024, cores=1, storage=10, traffic=200, secondary=True),
        _package(6, "Retired", memory=512, cores=1, storage=5, traffic=100, enabled=False),
    ]


def _package(
    id_: int,
    name: str,
    *,
    memory: int,
    cores: int,
    storage: int,
    traffic: int,
    speed: int = 0,
    iops: int | None = None,
    plan: int = 0,
    secondary: bool = False,
    enabled: bool = True,
) -> Document:
    return {
        "id": id_,
        "name": name,
        "description": None,
        "enabled": enabled,
        "memory": memory,
        "primaryStorage": storage,
        "traffic": traffic,
        "cpuCores": cores,
        "primaryNetworkSpeedIn": speed,
        "primaryNetworkSpeedOut": speed,
        "primaryDiskType": "inherit",
        "backupPlanId": plan,
        "primaryStorageReadBytesSec": None,
        "primaryStorageWriteBytesSec": None,
        "primaryStorageReadIopsSec": iops,
        "primaryStorageWriteIopsSec": iops,
        "primaryStorageProfile": 1 if id_ == 1 else 0,
        "primaryNetworkProfile": 0,
        "created": _THEN,
        "hidden": {"firewallRulesets": [], "secondaryInterface": secondary},
    }


def _categories() -> list[Document]:
    named = {1: "Debian", 2: "Ubuntu", 3: "AlmaLinux", 4: "Windows", 0: "Other"}
    return [
        {"id": id_, "name": name, "description": f"{name} systems.", "icon": f"{name.lower()}_logo.png"}
        for id_, name in named.items()
    ]


def _templates() -> list[Document]:
    return [
        _template(1, 1, "Debian", "12 (Bookworm)"),
        _template(2, 2, "Ubuntu Server", "24.04 LTS (Noble Numbat)"),
        _template(3, 3, "AlmaLinux", "9"),
        _template(4, 4, "Windows Server", "2022", variant="Standard", system="windows"),
        _template(5, 1, "Debian", "11 (Bullseye)", eol=True),
        _template(6, 1, "Debian", "12 (Bookworm)", variant=None, arch=2),
        _template(7, 2, "Ubuntu Server", "22.04 LTS (Jammy Jellyfish)"),
        _template(8, 0, "FreeBSD", "14.2", system="unix"),
        _template(9, 0, "Broken image", "1", failing=True),
    ]


def _template(
    id_: int,
    category: int,
    name: str,
    version: str,
    *,
    variant: str | None = "Minimal",
    arch: int = 1,
    system: str = "linux",
    eol: bool = False,
    failing: bool = False,
) -> Document:
    return {
        "id": id_,
        "name": name,
        "version": version,
        "variant": variant,
        "arch": arch,
        "description": f"{name} {version}.",
        "icon": f"{name.split()[0].lower()}_logo.png",
        "eol": eol,
        "eol_date": "2024-08-14 00:00:00" if eol else "2030-01-01 00:00:00",
        "eol_warning": eol,
        "deploy_type": 1,
        "vnc": system == "windows",
        "type": system,
        "hidden": {"category": category, "failing": failing},
    }


def _rulesets() -> list[Document]:
    ports = {1: ("Web", [80, 443]), 2: ("SSH", [22]), 3: ("Mail", [25, 587, 993]), 4: ("Retired", []), 5: ("DNS", [53])}
    return [
        {"id": id_, "name": name, "enabled": id_ != 4, "rules": [_rule(port) for port in opened]}
        for id_, (name, opened) in ports.items()
    ]


def _rule(port: int) -> Document:
    return {
        "protocol": "tcp",
        "direction": "in",
        "action": "accept",
        "ipType": 4,
        "destinationPort": str(port),
        "sourceAddress": None,
        "priority": 500,
    }


def _pack_definitions() -> list[Document]:
    return [
        _pack_definition(1, servers=2, memory=4096, storage=200, cores=24),
        _pack_definition(2, servers=10, memory=32_768, storage=1000, cores=64),
        _pack_definition(3, servers=100, memory=262_144, storage=10_000, cores=512),
    ]


def _pack_definition(id_: int, *, servers: int, memory: int, storage: int, cores: int) -> Document:
    limits = {
        "total_servers": servers,
        "total_memory": memory,
        "total_storage": storage,
        "total_cpu": cores,
        "total_traffic": 1_000_000,
        "max_memory": memory // 2,
        "max_storage": storage // 2,
        "max_cpu": cores // 2,
        "max_traffic": 500_000,
    }
    return {"id": id_, "name": f"Pack {id_} · {servers} / {memory} / {storage}", "limits": limits}


def _iso() -> Document:
    return {
        "id": 1,
        "name": "Debian netinst",
        "description": None,
        "arch": 1,
        "url": "https://images.example.com/debian-12-netinst.iso",
        "filename": "debian-12-netinst",
        "enabled": True,
        "config": "[]",
        "global": True,
        "download": True,
        "users": [],
        **_STAMPS,
    }


def _dns_service() -> Document:
    return {
        "id": 1,
        "type": 1,
        "name": "ClouDNS",
        "username": "4567",
        "url": "https://dns.example.com",
        "ip": None,
        "port": 443,
        "password": _SEALED,
        "config": {},
        "subAccount": False,
        "capabilities": 1,
        "enabled": True,
        **_STAMPS,
    }


def _currency(id_: int, code: str, value: str, prefix: str) -> Document:
    return {
        "id": id_,
        "code": code,
        "value": value,
        "prefix": prefix,
        "suffix": None,
        "default": id_ == 11,
        "enabled": True,
    }


def _blocks(panel: Panel, public: dict[int, tuple[str, list[int]]], everywhere: list[int]) -> None:
    """Blocks for each list of hypervisors, an IPv6 block and a private one for all of them."""
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
        **_STAMPS,
        "hidden": {"hypervisors": hypervisors, "public": public},
    }
