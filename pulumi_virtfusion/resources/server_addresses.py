"""IPv4 addresses on a server's interfaces, and the resource that owns each: no resource removes another's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..api.errors import OutcomeUnknown, ValidationFailed
from ..api.sections.servers import Servers
from ..lifecycle.lost_answers import NOTHING_YET, reconciling, with_advice
from ..schema.fields import calls
from ..schema.plain_values import reported
from ..schema.types import Interface
from .server_interface import ServerInterface

if TYPE_CHECKING:
    from ..api.records import Server
    from ..lifecycle.contract import Context, Values

LISTS: dict[Interface, str] = {"primary": "ipv4_addresses", "secondary": "secondary_ipv4_addresses"}
"""The field of a server's record with the addresses, by interface."""
COUNTED = ("ipv4", "own_ipv4_addresses")


@calls(Servers.add_ipv4_quantity, Servers.remove_ipv4_addresses)
def resize(
    servers: Servers, server_id: int, ipv4: int, own_ipv4_addresses: list[str], context: Context
) -> dict[str, object]:
    """Add addresses of the panel's choice, or remove the newest of the server's own, but never the primary address."""
    on = ServerInterface(server_id, "primary")
    with context.run.one_at_a_time("addresses", server_id):
        present = addresses_of(servers.get(server_id), on)
        own = [address for address in own_ipv4_addresses or [] if address in present]
        if len(own) < ipv4:
            own += added(servers, on, ipv4 - len(own), present)
        surplus = [address for address in own[ipv4:] if address not in present[:1]]
        take_away(servers, on, surplus)
    return {"own_ipv4_addresses": [address for address in own if address not in surplus]}


def counted(server: Server, inputs: Values, previous: Values) -> dict[str, object]:
    """Return the outputs for `ipv4`, whose addresses the panel does not mark: those of the create or the import."""
    if reported(server, "ipv4_addresses") is None:  # an empty list would say that none is the server's own
        return {name: value for name, value in {**inputs, **previous}.items() if name in COUNTED}
    own = previous.get("own_ipv4_addresses", server.ipv4_addresses[: inputs.get("ipv4")])
    own = [address for address in own if address in server.ipv4_addresses]
    return {"own_ipv4_addresses": own, "ipv4": len(own)}


def addresses_of(server: Server, on: ServerInterface) -> list[str]:
    """Return all addresses of that interface, in the panel's order."""
    addresses: list[str] = getattr(server, LISTS[on.interface])
    return addresses


def added(servers: Servers, on: ServerInterface, quantity: int, present: Sequence[str]) -> list[str]:
    """Add addresses of the panel's choice and return them; after a lost answer, find those not in `present`."""
    try:
        return servers.add_ipv4_quantity(on.server_id, interface=on.interface, quantity=quantity)
    except OutcomeUnknown as error:
        with reconciling(error):
            found = [one for one in addresses_of(servers.get(on.server_id), on) if one not in present]
        if len(found) != quantity:
            raise with_advice(error, _advice(on, found)) from None
        return found


def add_exactly(servers: Servers, on: ServerInterface, addresses: Sequence[str]) -> None:
    """Add the given addresses, none of which the server has; after a lost answer, read whether the server has them."""
    try:
        servers.add_ipv4_addresses(on.server_id, interface=on.interface, addresses=addresses)
    except OutcomeUnknown as error:
        with reconciling(error):
            found = [one for one in addresses_of(servers.get(on.server_id), on) if one in addresses]
        if len(found) != len(addresses):
            raise with_advice(error, _advice(on, found)) from None


def take_away(servers: Servers, on: ServerInterface, addresses: Sequence[str]) -> None:
    """Remove the given addresses, the last one first."""
    if not addresses:
        return
    try:
        servers.remove_ipv4_addresses(on.server_id, interface=on.interface, addresses=addresses[::-1])
    except ValidationFailed:
        # A panel refuses to remove an address that is gone, as it is for the repetition of a request that was done.
        if set(addresses).intersection(addresses_of(servers.get(on.server_id), on)):
            raise


def _advice(on: ServerInterface, found: Sequence[str]) -> str:
    if not found:
        return f"{on} has no new address: {NOTHING_YET}"
    return (
        f"{on} has new addresses that could be it: a ServerIpv4Addresses takes them over with "
        f'opts=pulumi.ResourceOptions(import_="{on}/{",".join(found)}").'
    )
