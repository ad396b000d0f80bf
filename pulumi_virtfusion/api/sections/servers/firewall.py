"""The firewall of each of a server's interfaces."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section
from pulumi_virtfusion.api.sections.servers.network import Interface


class ServerFirewalls(Section):
    """Operations on firewalls; without `sync`, the panel stores a change but does not push it to the host."""

    @operation("GET", "/servers/{serverId}/firewall/{interface}")
    def get_firewall(self, server_id: int, interface: Interface) -> records.Firewall:
        """Read the firewall's switch and rules (`GET /servers/{serverId}/firewall/{interface}`)."""
        return self._ask(ServerFirewalls.get_firewall, one(records.Firewall), server_id, interface)

    @operation("POST", "/servers/{serverId}/firewall/{interface}/enable", repeatable=True)
    def enable_firewall(self, server_id: int, interface: Interface, *, sync: bool = True) -> None:
        """Enable the firewall (`POST /servers/{serverId}/firewall/{interface}/enable`)."""
        self._tell(ServerFirewalls.enable_firewall, server_id, interface, query={"sync": sync})

    @operation("POST", "/servers/{serverId}/firewall/{interface}/disable", repeatable=True)
    def disable_firewall(self, server_id: int, interface: Interface, *, sync: bool = True) -> None:
        """Disable the firewall (`POST /servers/{serverId}/firewall/{interface}/disable`)."""
        self._tell(ServerFirewalls.disable_firewall, server_id, interface, query={"sync": sync})

    @operation("POST", "/servers/{serverId}/firewall/{interface}/rules", repeatable=True)
    def apply_firewall_rulesets(
        self, server_id: int, interface: Interface, rulesets: Sequence[int], *, sync: bool = True
    ) -> None:
        """Replace all rules by those of the rulesets; an empty list removes all rules.

        `POST /servers/{serverId}/firewall/{interface}/rules`
        """
        body = {"rulesets": list(rulesets)}
        self._tell(ServerFirewalls.apply_firewall_rulesets, server_id, interface, query={"sync": sync}, body=body)
