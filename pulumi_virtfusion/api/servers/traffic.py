"""A server's traffic: what it used, and blocks that it may use more."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pulumi_virtfusion.api.operation import operation
from pulumi_virtfusion.api.record import At, Count, Flag, Record, Rows, Text, one
from pulumi_virtfusion.api.section import Section


class TrafficMonth(Record):
    """One period of a server."""

    month: Count = 0
    """1 is the server's first period."""
    start: Text = ""
    end: Text = ""
    rx: Count = 0
    """Bytes, as `tx` and `total`."""
    tx: Count = 0
    total: Count = 0
    limit: Count = 0
    """In GB, without blocks; 0 is unlimited."""


class ServerTraffic(Record):
    """What a server used, newest period first."""

    monthly: Rows[TrafficMonth] = Field(default=[])


class TrafficPeriod(Record):
    """A period that a block can be added to."""

    month: Count = 0
    start: Text = ""
    end: Text = ""


class TrafficBlock(Record):
    """Traffic beyond the allowance of one period."""

    block_id: Annotated[int, At("id")]
    month: Count = 0
    """1 is the server's first period."""
    amount: Annotated[Count, At("traffic")] = 0
    """In GB."""
    current: Flag = False
    start: Text = ""
    end: Text = ""
    added: Text = ""


class TrafficBlocks(Record):
    """A server's blocks, and the periods that can have some."""

    assigned: Rows[TrafficBlock] = Field(default=[])
    current_month: Annotated[Count, At("available", "current", "month")] = 0
    months: Annotated[Rows[TrafficPeriod], At("available", "months")] = Field(default=[])


class ServerTraffics(Section):
    """Traffic."""

    @operation("GET", "/servers/{serverId}/traffic")
    def get_traffic(self, server_id: int) -> ServerTraffic:
        """What a server used (`GET /servers/{serverId}/traffic`)."""
        return self._ask(ServerTraffics.get_traffic, one(ServerTraffic), server_id)

    @operation("GET", "/servers/{serverId}/traffic/blocks")
    def get_traffic_blocks(self, server_id: int) -> TrafficBlocks:
        """A server's blocks (`GET /servers/{serverId}/traffic/blocks`)."""
        return self._ask(ServerTraffics.get_traffic_blocks, one(TrafficBlocks), server_id)

    @operation("POST", "/servers/{serverId}/traffic/blocks")
    def add_traffic_block(self, server_id: int, *, month: int, amount: int) -> None:
        """Adds `amount` GB to a period; the answer does not name the block.

        `POST /servers/{serverId}/traffic/blocks`
        """
        self._tell(ServerTraffics.add_traffic_block, server_id, body={"month": month, "amount": amount})

    @operation("DELETE", "/servers/{serverId}/traffic/blocks/{blockId}")
    def remove_traffic_block(self, server_id: int, block_id: int) -> None:
        """Removes a block (`DELETE /servers/{serverId}/traffic/blocks/{blockId}`)."""
        self._tell(ServerTraffics.remove_traffic_block, server_id, block_id)
