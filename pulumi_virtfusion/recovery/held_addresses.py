"""IPv4 addresses of servers, divided into those that resources of a state count as their own, and the others.

No other module of recovery names a class: an address is an object of the panel that has no resource of its
own. A `ServerIpv4Addresses` holds several, and so does a server.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..api.records import Server
from ..resources.server_addresses import addresses_of
from ..resources.server_interface import ServerInterface, interfaces_of
from .stack_state import StackState

ADDRESSES = "ServerIpv4Addresses"


def held_addresses(state: StackState) -> set[str]:
    """Return the addresses that a server, or a `ServerIpv4Addresses`, of the state counts as its own."""
    return {
        address
        for one in (*state.servers, *state.of(ADDRESSES))
        for address in one.values.get("own_ipv4_addresses") or one.values.get("addresses") or ()
    }


def unheld_addresses(state: StackState, server: Server) -> Iterator[tuple[ServerInterface, str]]:
    """Yield the addresses of a server beside its primary one that no resource of the state counts."""
    held = held_addresses(state)
    for on in interfaces_of(server.server_id):
        for address in addresses_of(server, on):
            if address not in held and address != server.primary_ipv4:
                yield on, address
