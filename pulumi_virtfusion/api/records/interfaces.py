"""A server's network interfaces, and the addresses on them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from pulumi_virtfusion.api.http.envelope import rows_of
from pulumi_virtfusion.api.record import At, Count, Flag, OneOf, Record, Rows, Text, wire_names


class Ipv4Address(Record):
    """An IPv4 address of an interface."""

    at_times: ClassVar[frozenset[str]] = frozenset({"block_id"})

    address_id: Annotated[Count, At("id")] = 0
    order: Count = 0
    """1 is the primary address."""
    enabled: Flag = True
    block_id: Count = 0
    """0 where the panel does not report the id."""
    address: Text = ""
    gateway: Text = ""
    netmask: Text = ""
    resolver1: Text = ""
    resolver2: Text = ""
    rdns: Text = ""
    mac: Text = ""


class Ipv6Subnet(Record):
    """An IPv6 subnet of an interface."""

    unread: ClassVar[frozenset[str]] = wire_names("addressesDetailed block exhausted routeNet")

    subnet_id: Annotated[Count, At("id")] = 0
    order: Count = 0
    enabled: Flag = True
    subnet: Text = ""
    cidr: Count = 0
    gateway: Text = ""
    addresses: Rows[object] = Field(default=[])
    resolver1: Text = ""
    resolver2: Text = ""


class WhitelistEntry(Record):
    """A foreign address that the server may send from."""

    entry_id: Annotated[Count, At("id")] = 0
    type: Annotated[Count, OneOf(4, 6)] = 0
    ip: Text = ""
    cidr: Annotated[Count, At("mask")] = 0


class NetworkInterface(Record):
    """A network interface of a server."""

    unread: ClassVar[frozenset[str]] = wire_names(
        """
        actions dhcpV4 dhcpV6 driver firewall hypervisorConnectivity hypervisorNetwork inBurst inPeak inTrafficCount
        ipFilterType ipv4ToMac ipv4_resolver_1 ipv4_resolver_2 ipv6ToMac ipv6_resolver_1 ipv6_resolver_2 isNat nat
        outBurst outPeak outTrafficCount portIsolated processQueues vlans
        """
    )

    interface_id: Annotated[Count, At("id")] = 0
    order: Count = 0
    enabled: Flag = True
    tag: Count = 0
    name: Text = ""
    type: Text = ""
    mac: Text = ""
    in_average: Count = 0
    """In kB/s; 0 is no limit."""
    out_average: Count = 0
    """In kB/s; 0 is no limit."""
    network_profile: Count = 0
    firewall_enabled: Flag = False
    ip_filter: Flag = False
    ipv4: Rows[Ipv4Address] = Field(default=[])
    ipv6: Rows[Ipv6Subnet] = Field(default=[])
    ip_whitelist: Rows[WhitelistEntry] = Field(default=[])


def _in_order(rows: Any) -> list[Any]:
    return sorted(rows_of(rows), key=lambda row: row.get("order") or 0)


def _addresses(value: Any) -> Any:
    return [row["address"] if isinstance(row, dict) else row for row in _in_order(value)] if _are_rows(value) else value


def _first_address(value: Any) -> Any:
    return next(iter(_addresses(value)), "") if _are_rows(value) else value


def _subnets(value: Any) -> Any:
    return [f"{row['subnet']}/{row['cidr']}" for row in _in_order(value)] if _are_rows(value) else value


def _are_rows(value: Any) -> bool:
    """Whether this is the panel's list of objects, and not a field that was given its final value."""
    return not isinstance(value, str) and all(isinstance(row, dict) for row in rows_of(value))


Addresses = Annotated[list[str], BeforeValidator(_addresses)]


FirstAddress = Annotated[str, BeforeValidator(_first_address)]


Subnets = Annotated[list[str], BeforeValidator(_subnets)]
