"""Servers: one class, made of one module for each thing that can be done to a server."""

from pulumi_virtfusion.api.sections.servers.custom_xml import ServerCustomXml
from pulumi_virtfusion.api.sections.servers.firewall import ServerFirewalls
from pulumi_virtfusion.api.sections.servers.lifecycle import ServerLifecycle
from pulumi_virtfusion.api.sections.servers.modify import BackupAccess, ServerModify
from pulumi_virtfusion.api.sections.servers.network import Interface, ServerNetwork
from pulumi_virtfusion.api.sections.servers.package_change import PACKAGE_COMPONENTS, ServerPackages
from pulumi_virtfusion.api.sections.servers.power import ServerPower
from pulumi_virtfusion.api.sections.servers.traffic import ServerTraffics
from pulumi_virtfusion.api.sections.servers.vnc import ServerVnc

__all__ = ["PACKAGE_COMPONENTS", "BackupAccess", "Interface", "Servers"]


class Servers(
    ServerLifecycle,
    ServerPackages,
    ServerModify,
    ServerPower,
    ServerNetwork,
    ServerFirewalls,
    ServerTraffics,
    ServerVnc,
    ServerCustomXml,
):
    """Servers, and all that is done to one."""
