"""Pulumi provider for VirtFusion: an operator's panel as code.

Resources, functions and errors are imported at first use, so that a program pays only for the names that it uses.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .components import MODULES as COMPONENTS
from .components import component_class
from .functions import MODULES as FUNCTIONS
from .functions import function
from .misspelling import did_you_mean
from .resources import MODULES as RESOURCES
from .resources import resource_class

if TYPE_CHECKING:
    from .components.customer import Customer as Customer
    from .components.vps import Vps as Vps
    from .functions.backups import get_server_backups as get_server_backups
    from .functions.backups import get_server_backups_output as get_server_backups_output
    from .functions.dns import get_dns_service as get_dns_service
    from .functions.dns import get_dns_service_output as get_dns_service_output
    from .functions.general import test_connection as test_connection
    from .functions.general import test_connection_output as test_connection_output
    from .functions.hypervisor_groups import get_hypervisor_group as get_hypervisor_group
    from .functions.hypervisor_groups import get_hypervisor_group_output as get_hypervisor_group_output
    from .functions.hypervisor_groups import get_hypervisor_group_resources as get_hypervisor_group_resources
    from .functions.hypervisor_groups import (
        get_hypervisor_group_resources_output as get_hypervisor_group_resources_output,
    )
    from .functions.hypervisor_groups import get_hypervisor_groups as get_hypervisor_groups
    from .functions.hypervisor_groups import get_hypervisor_groups_output as get_hypervisor_groups_output
    from .functions.hypervisors import get_hypervisor as get_hypervisor
    from .functions.hypervisors import get_hypervisor_output as get_hypervisor_output
    from .functions.hypervisors import get_hypervisors as get_hypervisors
    from .functions.hypervisors import get_hypervisors_output as get_hypervisors_output
    from .functions.ip_blocks import get_ip_block as get_ip_block
    from .functions.ip_blocks import get_ip_block_output as get_ip_block_output
    from .functions.ip_blocks import get_ip_blocks as get_ip_blocks
    from .functions.ip_blocks import get_ip_blocks_output as get_ip_blocks_output
    from .functions.media import get_iso as get_iso
    from .functions.media import get_iso_output as get_iso_output
    from .functions.media import get_package_templates as get_package_templates
    from .functions.media import get_package_templates_output as get_package_templates_output
    from .functions.media import get_template as get_template
    from .functions.media import get_template_output as get_template_output
    from .functions.packages import get_package as get_package
    from .functions.packages import get_package_output as get_package_output
    from .functions.packages import get_packages as get_packages
    from .functions.packages import get_packages_output as get_packages_output
    from .functions.queue import get_queue_item as get_queue_item
    from .functions.queue import get_queue_item_output as get_queue_item_output
    from .functions.self_service import get_currencies as get_currencies
    from .functions.self_service import get_currencies_output as get_currencies_output
    from .functions.self_service import get_resource_pack as get_resource_pack
    from .functions.self_service import get_resource_pack_output as get_resource_pack_output
    from .functions.self_service import get_user_hourly_stats as get_user_hourly_stats
    from .functions.self_service import get_user_hourly_stats_output as get_user_hourly_stats_output
    from .functions.self_service import get_user_report as get_user_report
    from .functions.self_service import get_user_report_output as get_user_report_output
    from .functions.self_service import get_user_usage as get_user_usage
    from .functions.self_service import get_user_usage_output as get_user_usage_output
    from .functions.servers import get_server as get_server
    from .functions.servers import get_server_firewall as get_server_firewall
    from .functions.servers import get_server_firewall_output as get_server_firewall_output
    from .functions.servers import get_server_output as get_server_output
    from .functions.servers import get_server_templates as get_server_templates
    from .functions.servers import get_server_templates_output as get_server_templates_output
    from .functions.servers import get_server_traffic as get_server_traffic
    from .functions.servers import get_server_traffic_output as get_server_traffic_output
    from .functions.servers import get_server_vnc as get_server_vnc
    from .functions.servers import get_server_vnc_output as get_server_vnc_output
    from .functions.servers import get_servers as get_servers
    from .functions.servers import get_servers_output as get_servers_output
    from .functions.servers import get_traffic_blocks as get_traffic_blocks
    from .functions.servers import get_traffic_blocks_output as get_traffic_blocks_output
    from .functions.servers import get_user_servers as get_user_servers
    from .functions.servers import get_user_servers_output as get_user_servers_output
    from .functions.ssh_keys import get_ssh_key as get_ssh_key
    from .functions.ssh_keys import get_ssh_key_output as get_ssh_key_output
    from .functions.ssh_keys import get_user_ssh_keys as get_user_ssh_keys
    from .functions.ssh_keys import get_user_ssh_keys_output as get_user_ssh_keys_output
    from .functions.users import get_user as get_user
    from .functions.users import get_user_output as get_user_output
    from .program.provider import Provider as Provider
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


if not TYPE_CHECKING:  # type checkers take the imports above, and know no other name

    def __getattr__(name: str) -> object:
        if name == "Provider":
            return import_module(".program.provider", __name__).Provider
        if name in RESOURCES:
            return resource_class(name)
        if name in COMPONENTS:
            return component_class(name)
        if name in FUNCTIONS:
            return function(name)
        meant = "" if name.startswith("_") else did_you_mean(name, __all__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{meant}")

    def __dir__() -> list[str]:
        return sorted(["Provider", *RESOURCES, *COMPONENTS, *FUNCTIONS])

    __all__ = __dir__()
