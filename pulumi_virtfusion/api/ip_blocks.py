"""IP blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pulumi_virtfusion.api.operation import operation
from pulumi_virtfusion.api.record import At, Count, Flag, Record, Text, one
from pulumi_virtfusion.api.section import Section


class IpBlock(Record):
    """A block of addresses of one family; single addresses cannot be listed."""

    block_id: Annotated[int, At("id")]
    type: Count = 0
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
    """Prefix length of what a server gets of it."""
    ipv6_total: Annotated[Count, At("ipv6", "total")] = 0
    ipv6_used: Annotated[Count, At("ipv6", "usedTotal")] = 0
    ipv6_free: Annotated[Count, At("ipv6", "freeTotal")] = 0
    rdns_type: Count = 0
    rdns_zone_id: int | None = None
    network_profile: Count = 0
    dhcp: Flag = False
    created: Text = ""
    updated: Text = ""


class IpBlocks(Section):
    """IP blocks."""

    @operation("GET", "/connectivity/ipblocks")
    def list(self) -> Iterator[IpBlock]:
        """All blocks (`GET /connectivity/ipblocks`)."""
        return self._pages(IpBlocks.list, IpBlock)

    @operation("GET", "/connectivity/ipblocks/{blockId}")
    def get(self, block_id: int) -> IpBlock:
        """One block (`GET /connectivity/ipblocks/{blockId}`)."""
        return self._ask(IpBlocks.get, one(IpBlock), block_id)

    @operation("POST", "/connectivity/ipblocks/{blockId}/ipv4")
    def add_ipv4_range(self, block_id: int, *, start: str, end: str) -> None:
        """Adds the addresses `start` to `end`, for good: no operation removes them.

        `POST /connectivity/ipblocks/{blockId}/ipv4`
        """
        self._tell(IpBlocks.add_ipv4_range, block_id, body={"type": "range", "start": start, "end": end})
