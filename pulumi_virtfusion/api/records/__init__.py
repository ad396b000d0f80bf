"""Records of the panel's answers, one module for each section, imported when an answer is read.

A program that declares resources reads no answer, and pydantic takes it long to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_virtfusion.api.records.backups import Backup as Backup
    from pulumi_virtfusion.api.records.custom_xml import CustomXml as CustomXml
    from pulumi_virtfusion.api.records.dns import DnsService as DnsService
    from pulumi_virtfusion.api.records.figures import Currency as Currency
    from pulumi_virtfusion.api.records.figures import HourlyStats as HourlyStats
    from pulumi_virtfusion.api.records.figures import Report as Report
    from pulumi_virtfusion.api.records.figures import Total as Total
    from pulumi_virtfusion.api.records.figures import Usage as Usage
    from pulumi_virtfusion.api.records.figures import UsagePeriod as UsagePeriod
    from pulumi_virtfusion.api.records.figures import Use as Use
    from pulumi_virtfusion.api.records.figures import UserCurrency as UserCurrency
    from pulumi_virtfusion.api.records.firewall import Firewall as Firewall
    from pulumi_virtfusion.api.records.hypervisor_groups import Capacity as Capacity
    from pulumi_virtfusion.api.records.hypervisor_groups import HypervisorGroup as HypervisorGroup
    from pulumi_virtfusion.api.records.hypervisor_groups import HypervisorResources as HypervisorResources
    from pulumi_virtfusion.api.records.hypervisor_groups import StorageCapacity as StorageCapacity
    from pulumi_virtfusion.api.records.hypervisors import Hypervisor as Hypervisor
    from pulumi_virtfusion.api.records.hypervisors import HypervisorNetwork as HypervisorNetwork
    from pulumi_virtfusion.api.records.interfaces import Ipv4Address as Ipv4Address
    from pulumi_virtfusion.api.records.interfaces import Ipv6Subnet as Ipv6Subnet
    from pulumi_virtfusion.api.records.interfaces import NetworkInterface as NetworkInterface
    from pulumi_virtfusion.api.records.interfaces import WhitelistEntry as WhitelistEntry
    from pulumi_virtfusion.api.records.ip_blocks import IpBlock as IpBlock
    from pulumi_virtfusion.api.records.media import Iso as Iso
    from pulumi_virtfusion.api.records.media import Template as Template
    from pulumi_virtfusion.api.records.media import TemplateCategory as TemplateCategory
    from pulumi_virtfusion.api.records.packages import Package as Package
    from pulumi_virtfusion.api.records.power import ServerPassword as ServerPassword
    from pulumi_virtfusion.api.records.queue import QueueItem as QueueItem
    from pulumi_virtfusion.api.records.resource_packs import PackUsage as PackUsage
    from pulumi_virtfusion.api.records.resource_packs import ResourcePack as ResourcePack
    from pulumi_virtfusion.api.records.servers import Disk as Disk
    from pulumi_virtfusion.api.records.servers import PendingTask as PendingTask
    from pulumi_virtfusion.api.records.servers import Server as Server
    from pulumi_virtfusion.api.records.servers import ServerRow as ServerRow
    from pulumi_virtfusion.api.records.servers import UserServer as UserServer
    from pulumi_virtfusion.api.records.ssh_keys import SshKey as SshKey
    from pulumi_virtfusion.api.records.traffic import ServerTraffic as ServerTraffic
    from pulumi_virtfusion.api.records.traffic import TrafficBlock as TrafficBlock
    from pulumi_virtfusion.api.records.traffic import TrafficBlocks as TrafficBlocks
    from pulumi_virtfusion.api.records.traffic import TrafficMonth as TrafficMonth
    from pulumi_virtfusion.api.records.traffic import TrafficPeriod as TrafficPeriod
    from pulumi_virtfusion.api.records.users import LoginTokens as LoginTokens
    from pulumi_virtfusion.api.records.users import User as User
    from pulumi_virtfusion.api.records.users import UserPassword as UserPassword
    from pulumi_virtfusion.api.records.vnc import Vnc as Vnc

_MODULES = {
    "backups": ("Backup",),
    "custom_xml": ("CustomXml",),
    "dns": ("DnsService",),
    "figures": (
        "Currency",
        "UserCurrency",
        "Total",
        "Use",
        "HourlyStats",
        "UsagePeriod",
        "Usage",
        "Report",
    ),
    "firewall": ("Firewall",),
    "hypervisor_groups": (
        "HypervisorGroup",
        "Capacity",
        "StorageCapacity",
        "HypervisorResources",
    ),
    "hypervisors": (
        "HypervisorNetwork",
        "Hypervisor",
    ),
    "interfaces": (
        "Ipv4Address",
        "Ipv6Subnet",
        "WhitelistEntry",
        "NetworkInterface",
    ),
    "ip_blocks": ("IpBlock",),
    "media": (
        "Template",
        "TemplateCategory",
        "Iso",
    ),
    "packages": ("Package",),
    "power": ("ServerPassword",),
    "queue": ("QueueItem",),
    "resource_packs": (
        "PackUsage",
        "ResourcePack",
    ),
    "servers": (
        "Disk",
        "PendingTask",
        "Server",
        "ServerRow",
        "UserServer",
    ),
    "ssh_keys": ("SshKey",),
    "traffic": (
        "TrafficMonth",
        "ServerTraffic",
        "TrafficPeriod",
        "TrafficBlock",
        "TrafficBlocks",
    ),
    "users": (
        "User",
        "UserPassword",
        "LoginTokens",
    ),
    "vnc": ("Vnc",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

if not TYPE_CHECKING:  # type checkers take the imports above, and know no other name

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        record = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = record
        return record
