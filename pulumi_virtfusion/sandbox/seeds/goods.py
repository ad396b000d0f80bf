"""The goods from which servers and users are made."""

from __future__ import annotations

from ..panel.panel import Panel
from ..panel.store import Document
from .hosts import SEALED, STAMPS, THEN


def offer(panel: Panel) -> None:
    """Seed packages, templates, rulesets, plans, profiles and packs."""
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
        "created": THEN,
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
        **STAMPS,
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
        "password": SEALED,
        "config": {},
        "subAccount": False,
        "capabilities": 1,
        "enabled": True,
        **STAMPS,
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
