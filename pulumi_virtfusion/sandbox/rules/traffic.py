"""A server's traffic: its usage, and the blocks bought for single periods."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..bodies import Body, Id
from ..panel.clock import zulu_form
from ..panel.panel import Panel
from ..panel.refusals import Invalid, NotFound
from ..panel.store import Document
from .periods import addable_periods, current_period, period


class Block(Body):
    """The body of `POST .../traffic/blocks`: GB for one period, by its ordinal."""

    month: Annotated[int, Field(ge=1, le=99_999)]
    amount: Annotated[int, Field(ge=1, le=999_999_999)]


def add_block(panel: Panel, server_id: int, body: Block) -> None:
    """Add a block, whose id no answer has; refuse unlimited traffic, and a past or too distant period, with 422."""
    server = panel.require("servers", server_id)
    if server["settings"]["resources"]["traffic"] == 0:
        raise Invalid("The server has unlimited traffic")
    if body.month not in {row.ordinal for row in addable_periods(server["created"], panel.clock.now())}:
        raise Invalid("The month field is not an available period.")
    block = {"serverId": server_id, "month": body.month, "traffic": body.amount, "added": panel.stamp()}
    panel.store.add("traffic_blocks", block)


def remove_block(panel: Panel, server_id: int, block_id: Id) -> None:
    panel.require("servers", server_id)
    block = panel.require("traffic_blocks", block_id)
    if block["serverId"] != server_id:
        raise NotFound("traffic block")
    panel.store.delete("traffic_blocks", block_id)


def retrieve_blocks(panel: Panel, server_id: int) -> Document:
    server = panel.require("servers", server_id)
    created, now = server["created"], panel.clock.now()
    current = current_period(created, now)
    months = [row.row() for row in addable_periods(created, now)]
    return {
        "assigned": [
            _assigned(created, block, current.ordinal) for block in panel.store.find("traffic_blocks", server=server_id)
        ],
        "available": {
            "total": len(months),
            "current": current.row(),
            "months": {str(row["month"]): row for row in months},
        },
    }


def _assigned(created: str, block: Document, current: int) -> Document:
    row = period(created, block["month"]).row()
    return {
        "id": block["id"],
        "current": block["month"] == current,
        "month": block["month"],
        "traffic": block["traffic"],
        "start": row["start"],
        "end": row["end"],
        "added": zulu_form(block["added"]),
    }


def retrieve(panel: Panel, server_id: int) -> Document:
    """Answer `GET .../traffic`: bytes a period, newest first; `limit` in GB does not count the blocks."""
    server = panel.require("servers", server_id)
    blocks = panel.store.find("traffic_blocks", server=server_id)
    current = current_period(server["created"], panel.clock.now())
    limit = server["settings"]["resources"]["traffic"]
    monthly = []
    for ordinal in range(current.ordinal, 0, -1):
        received, sent = _used(server, ordinal)
        monthly.append(
            {
                **period(server["created"], ordinal).row(),
                "rx": received,
                "tx": sent,
                "total": received + sent,
                "limit": limit,
                "blocks": [{"id": b["id"], "traffic": b["traffic"]} for b in blocks if b["month"] == ordinal],
            }
        )
    return {"monthly": monthly}


def _used(server: Document, ordinal: int) -> tuple[int, int]:
    """Return an invented figure that stays the same, 0 before the first build."""
    if server["built"] is None:
        return 0, 0
    return 1_847_110_337 + 7919 * server["id"] * ordinal, 1_270_421 + 104_729 * ordinal
