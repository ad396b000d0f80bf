"""The resource classes, one module each, imported when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

MODULES = {
    "Server": "server",
    "ServerBuild": "server_build",
    "User": "user",
    "SshKey": "ssh_key",
    "ResourcePack": "resource_pack",
    "ServerFirewall": "server_firewall",
    "ServerIpv4Addresses": "server_ipv4_addresses",
    "NetworkWhitelistEntry": "network_whitelist_entry",
    "TrafficBlock": "traffic_block",
    "ServerCustomXml": "server_custom_xml",
    "UserCredit": "user_credit",
    "HourlyGroupProfile": "group_profile",
    "ResourceGroupProfile": "group_profile",
    "HourlyResourcePack": "hourly_resource_pack",
    "IpBlockRange": "ip_block_range",
    "ServerAction": "action",
    "UserAction": "action",
    "ResourcePackAction": "action",
}
"""The module of each class; the names stand in states, so they never change."""


def resource_class(name: str) -> Any:
    """Return the resource class of that name."""
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
