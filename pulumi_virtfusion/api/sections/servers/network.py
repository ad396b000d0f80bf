"""Addresses of a server's interfaces, and the foreign ones it may send from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from pulumi_virtfusion.api.http.envelope import NotAsDescribed, data_of, rows_of
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section

Interface: TypeAlias = Literal["primary", "secondary"]
"""The first or the second network interface; the second takes no more addresses of the first."""


class ServerNetwork(Section):
    """IPv4 addresses and the whitelist."""

    @operation("POST", "/servers/{serverId}/ipv4Qty")
    def add_ipv4_quantity(self, server_id: int, *, interface: Interface, quantity: int) -> list[str]:
        """Add addresses of the panel's choice, and return them (`POST /servers/{serverId}/ipv4Qty`)."""
        body = {"interface": interface, "quantity": quantity}
        return self._ask(ServerNetwork.add_ipv4_quantity, _addresses, server_id, body=body)

    @operation("POST", "/servers/{serverId}/ipv4")
    def add_ipv4_addresses(self, server_id: int, *, interface: Interface, addresses: Sequence[str]) -> None:
        """Add these addresses, which must be free (`POST /servers/{serverId}/ipv4`)."""
        body = {"interface": interface, "ip": list(addresses)}
        self._tell(ServerNetwork.add_ipv4_addresses, server_id, body=body)

    @operation("DELETE", "/servers/{serverId}/ipv4")
    def remove_ipv4_addresses(self, server_id: int, *, interface: Interface, addresses: Sequence[str]) -> None:
        """Remove these addresses (`DELETE /servers/{serverId}/ipv4`)."""
        body = {"interface": interface, "ip": list(addresses)}
        self._tell(ServerNetwork.remove_ipv4_addresses, server_id, body=body)

    @operation("POST", "/servers/{serverId}/networkWhitelist")
    def add_whitelist_entry(self, server_id: int, *, interface: Interface, ip: str, cidr: int) -> None:
        """Let the server send from an IPv4 or IPv6 address that is not its own.

        `POST /servers/{serverId}/networkWhitelist`
        """
        body = {"interface": interface, "ip": ip, "cidr": cidr}
        self._tell(ServerNetwork.add_whitelist_entry, server_id, body=body)

    @operation("DELETE", "/servers/{serverId}/networkWhitelist")
    def remove_whitelist_entry(self, server_id: int, *, interface: Interface, ip: str) -> None:
        """Remove an address from the whitelist, whatever its prefix (`DELETE /servers/{serverId}/networkWhitelist`)."""
        self._tell(ServerNetwork.remove_whitelist_entry, server_id, body={"interface": interface, "ip": ip})


def _addresses(body: Any) -> list[str]:
    addresses = rows_of(data_of(body))
    if not addresses or not all(isinstance(address, str) for address in addresses):
        raise NotAsDescribed("it is no list of addresses")
    return list(addresses)
