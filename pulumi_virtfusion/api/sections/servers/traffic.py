"""A server's traffic: its usage, and blocks that add to its allowance."""

from __future__ import annotations

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class ServerTraffics(Section):
    """Traffic."""

    @operation("GET", "/servers/{serverId}/traffic")
    def get_traffic(self, server_id: int) -> records.ServerTraffic:
        """Read a server's usage in bytes (`GET /servers/{serverId}/traffic`)."""
        return self._ask(ServerTraffics.get_traffic, one(records.ServerTraffic), server_id)

    @operation("GET", "/servers/{serverId}/traffic/blocks")
    def get_traffic_blocks(self, server_id: int) -> records.TrafficBlocks:
        """List a server's blocks (`GET /servers/{serverId}/traffic/blocks`)."""
        return self._ask(ServerTraffics.get_traffic_blocks, one(records.TrafficBlocks), server_id)

    @operation("POST", "/servers/{serverId}/traffic/blocks")
    def add_traffic_block(self, server_id: int, *, month: int, amount: int) -> None:
        """Add `amount` GB to a period; the answer does not name the block.

        `POST /servers/{serverId}/traffic/blocks`
        """
        self._tell(ServerTraffics.add_traffic_block, server_id, body={"month": month, "amount": amount})

    @operation("DELETE", "/servers/{serverId}/traffic/blocks/{blockId}")
    def remove_traffic_block(self, server_id: int, block_id: int) -> None:
        """Remove a block (`DELETE /servers/{serverId}/traffic/blocks/{blockId}`)."""
        self._tell(ServerTraffics.remove_traffic_block, server_id, block_id)
