"""A server's IPv4 addresses, and the foreign addresses that it may send from."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from typing import Annotated

from pydantic import Field

from ..bodies import Body, Interface
from ..panel.panel import Panel
from ..panel.refusals import Invalid, NotFound
from ..panel.store import Document
from .capacity import usable_blocks
from .firewall import interface_of


class Quantity(Body):
    """The body of `POST .../ipv4Qty`: the panel chooses the addresses."""

    interface: Interface
    quantity: Annotated[int, Field(ge=1, le=256)]


class Addresses(Body):
    """The body of `POST .../ipv4`: the caller chooses the addresses."""

    interface: Interface
    ip: Annotated[list[str], Field(min_length=1, max_length=256)]


class HeldAddresses(Body):
    """The body of `DELETE .../ipv4`; without an interface, both are searched."""

    interface: Interface | None = None
    ip: Annotated[list[str], Field(min_length=1, max_length=256)]


class Whitelisting(Body):
    """The body of `POST .../networkWhitelist`."""

    interface: Interface
    ip: str
    cidr: Annotated[int, Field(ge=0, le=128)]


class Whitelisted(Body):
    """The body of `DELETE .../networkWhitelist`: the prefix is no part of an entry's identity."""

    interface: Interface
    ip: str


def add_quantity(panel: Panel, server_id: int, body: Quantity) -> list[str]:
    """Add addresses of the panel's choice; refuse with 422 when the hypervisor's blocks have too few free."""
    server = _with_interface(panel, server_id, body.interface)
    blocks = _block_ids(panel, server, body.interface)
    if not panel.addresses.has_free(blocks, body.quantity):
        raise Invalid("There are not enough free IPv4 addresses")
    added = panel.addresses.take(blocks, body.quantity, server_id, body.interface)
    panel.save("servers", server)
    return added


def add(panel: Panel, server_id: int, body: Addresses) -> None:
    """Add all addresses, or refuse with 422: each must be free and in a block that the hypervisor may use."""
    server = _with_interface(panel, server_id, body.interface)
    blocks = _block_ids(panel, server, body.interface)
    for address in map(_ipv4, body.ip):
        if not panel.addresses.claim(address, blocks, server_id, body.interface):
            raise Invalid(f"The address {address} is not available")
    panel.save("servers", server)


def remove(panel: Panel, server_id: int, body: HeldAddresses) -> None:
    """Remove all addresses, or refuse with 422; after the primary, the interface's next address becomes primary."""
    server = panel.require("servers", server_id)
    for text in body.ip:
        address = str(_ipv4(text))
        places: tuple[Interface, ...] = (body.interface,) if body.interface else ("primary", "secondary")
        holders = [place for place in places if address in _held(panel, server_id, place)]
        if not holders:
            raise Invalid(f"The address {address} is not assigned to the server")
        panel.addresses.release(server_id, holders[0], address)
    panel.save("servers", server)


def _held(panel: Panel, server_id: int, interface: Interface) -> set[str]:
    return {held.address for held in panel.addresses.held(server_id, interface)}


def _with_interface(panel: Panel, server_id: int, interface: Interface) -> Document:
    server = panel.require("servers", server_id)
    interface_of(server, interface)
    return server


def _block_ids(panel: Panel, server: Document, interface: Interface) -> list[int]:
    return usable_blocks(panel, server["hypervisorId"], public=interface == "primary")


def _ipv4(text: str) -> IPv4Address:
    try:
        return IPv4Address(text)
    except AddressValueError:
        raise Invalid("The ip field must hold IPv4 addresses.") from None


def _ip(text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError:
        raise Invalid("The ip field must be an IPv4 or IPv6 address.") from None


def whitelist(panel: Panel, server_id: int, body: Whitelisting) -> None:
    """Add an address to the whitelist; the same address and prefix again changes nothing."""
    server = panel.require("servers", server_id)
    entries = interface_of(server, body.interface)["ipWhitelist"]
    address = _ip(body.ip)
    if body.cidr > address.max_prefixlen:
        raise Invalid(f"The cidr field must not be greater than {address.max_prefixlen}.")
    entry = {"type": address.version, "ip": str(address), "mask": body.cidr}
    if not any(entry.items() <= existing.items() for existing in entries):
        entries.append({"id": panel.store.next_id("whitelist_entries"), **entry})
    panel.save("servers", server)


def unwhitelist(panel: Panel, server_id: int, body: Whitelisted) -> None:
    """Remove the address with all of its prefixes from the whitelist."""
    server = panel.require("servers", server_id)
    nic = interface_of(server, body.interface)
    address = str(_ip(body.ip))
    kept = [entry for entry in nic["ipWhitelist"] if entry["ip"] != address]
    if len(kept) == len(nic["ipWhitelist"]):
        raise NotFound("whitelist entry")
    nic["ipWhitelist"] = kept
    panel.save("servers", server)
