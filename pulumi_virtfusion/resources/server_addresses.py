"""The IPv4 addresses that a `Server` counts as its own."""

from __future__ import annotations

from ..api.errors import OutcomeUnknown
from ..api.servers import Servers
from ..fields import calls
from ..serial import one_at_a_time
from ..types import Interface


@calls(Servers.add_ipv4_quantity, Servers.remove_ipv4_addresses)
def resize(servers: Servers, server_id: int, ipv4: int, own_ipv4_addresses: list[str]) -> dict[str, object]:
    """Add addresses of the panel's choice, or remove the newest of our own, but never the primary."""
    with one_at_a_time("addresses", server_id):
        present = servers.get(server_id).ipv4_addresses
        own = [address for address in own_ipv4_addresses or [] if address in present]
        if len(own) < ipv4:
            own += added(servers, server_id, "primary", ipv4 - len(own), present)
        surplus = [address for address in own[ipv4:] if address != present[0]]
        if surplus:
            servers.remove_ipv4_addresses(server_id, interface="primary", addresses=surplus[::-1])
    return {"own_ipv4_addresses": [address for address in own if address not in surplus]}


def added(servers: Servers, server_id: int, interface: Interface, quantity: int, present: list[str]) -> list[str]:
    """New addresses; after a lost answer, those that the server did not have before."""
    try:
        return servers.add_ipv4_quantity(server_id, interface=interface, quantity=quantity)
    except OutcomeUnknown:
        found = [address for address in servers.get(server_id).ipv4_addresses if address not in present]
        if len(found) != quantity:
            raise
        return found
