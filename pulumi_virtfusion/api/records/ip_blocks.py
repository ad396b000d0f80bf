"""An IP block."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pulumi_virtfusion.api.record import At, Count, Flag, OneOf, Record, Text, wire_names


class IpBlock(Record):
    """A block of addresses of one family; single addresses cannot be listed."""

    unread: ClassVar[frozenset[str]] = wire_names(
        """
        ipv4.resolvers ipv6.blacklistedTotal ipv6.freeGenerated ipv6.generatedTotal ipv6.resolvers ipv6.restricted
        routeBlock
        """
    )

    block_id: Annotated[int, At("id")]
    type: Annotated[Count, OneOf(4, 6)] = 0
    """4 or 6; the fields of the other family are empty."""
    name: Text = ""
    enabled: Flag = False
    ipv4_gateway: Annotated[Text, At("ipv4", "gateway")] = ""
    ipv4_netmask: Annotated[Text, At("ipv4", "netmask")] = ""
    ipv4_total: Annotated[Count, At("ipv4", "total")] = 0
    ipv4_used: Annotated[Count, At("ipv4", "usedTotal")] = 0
    ipv4_free: Annotated[Count, At("ipv4", "freeTotal")] = 0
    ipv6_gateway: Annotated[Text, At("ipv6", "gateway")] = ""
    ipv6_subnet: Annotated[Text, At("ipv6", "subnet")] = ""
    ipv6_from: Annotated[Count, At("ipv6", "from")] = 0
    """Prefix length of the block."""
    ipv6_to: Annotated[Count, At("ipv6", "to")] = 0
    """Prefix length of the subnet that a server gets."""
    ipv6_total: Annotated[Count, At("ipv6", "total")] = 0
    ipv6_used: Annotated[Count, At("ipv6", "usedTotal")] = 0
    ipv6_free: Annotated[Count, At("ipv6", "freeTotal")] = 0
    rdns_type: Count = 0
    rdns_zone_id: int | None = None
    network_profile: Count = 0
    dhcp: Flag = False
    created: Text = ""
    updated: Text = ""
