"""IP blocks."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class IpBlocks(Section):
    """IP blocks."""

    @operation("GET", "/connectivity/ipblocks")
    def list(self) -> Iterator[records.IpBlock]:
        """List all blocks (`GET /connectivity/ipblocks`)."""
        return self._pages(IpBlocks.list, records.IpBlock)

    @operation("GET", "/connectivity/ipblocks/{blockId}")
    def get(self, block_id: int) -> records.IpBlock:
        """Read one block (`GET /connectivity/ipblocks/{blockId}`)."""
        return self._ask(IpBlocks.get, one(records.IpBlock), block_id)

    @operation("POST", "/connectivity/ipblocks/{blockId}/ipv4")
    def add_ipv4_range(self, block_id: int, *, start: str, end: str) -> None:
        """Add the addresses `start` to `end`, for good: no operation removes them.

        `POST /connectivity/ipblocks/{blockId}/ipv4`
        """
        self._tell(IpBlocks.add_ipv4_range, block_id, body={"type": "range", "start": start, "end": end})
