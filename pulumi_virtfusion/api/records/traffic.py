"""A server's traffic."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from pulumi_virtfusion.api.record import At, Count, Flag, Record, Rows, Text, wire_names


class TrafficMonth(Record):
    """One period of a server."""

    unread: ClassVar[frozenset[str]] = wire_names("blocks")

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
    """The traffic of a server, newest period first."""

    monthly: Rows[TrafficMonth] = Field(default=[])


class TrafficPeriod(Record):
    """A period to which a block can be added."""

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

    unread: ClassVar[frozenset[str]] = wire_names("available.current.end available.current.start available.total")

    assigned: Rows[TrafficBlock] = Field(default=[])
    current_month: Annotated[Count, At("available", "current", "month")] = 0
    months: Annotated[Rows[TrafficPeriod], At("available", "months")] = Field(default=[])
