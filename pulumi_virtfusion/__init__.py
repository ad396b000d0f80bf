"""Pulumi provider for VirtFusion: an operator's panel as code.

Resources, functions and errors are imported when first used, so that a program pays only for what it names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .provider import Provider as Provider
    from .resources.action import ResourcePackAction as ResourcePackAction
    from .resources.action import ServerAction as ServerAction
    from .resources.action import UserAction as UserAction
    from .resources.group_profile import HourlyGroupProfile as HourlyGroupProfile
    from .resources.group_profile import ResourceGroupProfile as ResourceGroupProfile
    from .resources.hourly_resource_pack import HourlyResourcePack as HourlyResourcePack
    from .resources.ip_block_range import IpBlockRange as IpBlockRange
    from .resources.network_whitelist_entry import NetworkWhitelistEntry as NetworkWhitelistEntry
    from .resources.resource_pack import ResourcePack as ResourcePack
    from .resources.server import Server as Server
    from .resources.server_build import ServerBuild as ServerBuild
    from .resources.server_custom_xml import ServerCustomXml as ServerCustomXml
    from .resources.server_firewall import ServerFirewall as ServerFirewall
    from .resources.server_ipv4_addresses import ServerIpv4Addresses as ServerIpv4Addresses
    from .resources.ssh_key import SshKey as SshKey
    from .resources.traffic_block import TrafficBlock as TrafficBlock
    from .resources.user import User as User
    from .resources.user_credit import UserCredit as UserCredit

__all__ = [
    "HourlyGroupProfile",
    "HourlyResourcePack",
    "IpBlockRange",
    "NetworkWhitelistEntry",
    "Provider",
    "ResourceGroupProfile",
    "ResourcePack",
    "ResourcePackAction",
    "Server",
    "ServerAction",
    "ServerBuild",
    "ServerCustomXml",
    "ServerFirewall",
    "ServerIpv4Addresses",
    "SshKey",
    "TrafficBlock",
    "User",
    "UserAction",
    "UserCredit",
]


def __getattr__(name: str) -> object:
    from .resources import MODULES, resource_class

    if name == "Provider":
        return import_module(".provider", __name__).Provider
    if name in MODULES:
        return resource_class(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
