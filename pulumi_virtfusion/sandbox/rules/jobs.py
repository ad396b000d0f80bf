"""Background work as data: a queue item holds its next step and the time for it, so a restart forgets none."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..panel.clock import offset_form, plain_form
from ..panel.panel import Panel
from ..panel.store import Document

GONE = "The server does not exist"
Step = Callable[[Panel, Document, Document, float], None]
"""A function that carries out one step for (panel, queue item, server, instant), and saves the changed server."""


class JobFailed(Exception):
    """A failed step; its text is that of the queue item's exception."""


def schedule(
    panel: Panel,
    server: Document,
    action: str,
    steps: Mapping[str, float],
    *,
    delay: float = 0,
    **facts: Any,
) -> Document:
    """Queue work on a server: steps at seconds after the work's begin, which is after the work in progress."""
    now = panel.clock.now()
    begins = max(now + delay, _busy_until(panel, server["id"], now))
    item: Document = {
        "jobId": str(700 + panel.store.next_id("jobs")),
        "job": f"App\\Jobs\\Server\\KVM\\{action.title().replace('_', '')}",
        "hypervisorId": server["hypervisorId"],
        "serverId": server["id"],
        "action": action,
        "queue": "default",
        "started": offset_form(begins),
        "updated": offset_form(begins),
        "finished": None,
        "failed": False,
        "progress": 0,
        "errors": _errors(None),
        "primaryActions": [],
        "subActions": [],
        "hidden": facts | {"begins": begins, "steps": [[step, begins + after] for step, after in steps.items()]},
    }
    item["hidden"]["due"] = item["hidden"]["steps"][0][1]
    return panel.store.add("queue", item)


def _busy_until(panel: Panel, server_id: int, now: float) -> float:
    unfinished = panel.store.find("queue", server=server_id)
    ends = [
        item["hidden"]["steps"][-1][1]
        for item in unfinished
        if item["hidden"]["steps"] and item["hidden"]["begins"] <= now
    ]
    return max(ends, default=now)


def is_due(panel: Panel) -> bool:
    sql = "SELECT 1 FROM queue WHERE due <= ? LIMIT 1"
    return panel.store.connection.execute(sql, (panel.clock.now(),)).fetchone() is not None


def under_way(panel: Panel) -> list[Document]:
    """Return the work that has begun and not ended, in order of its begin."""
    sql = "SELECT document FROM queue WHERE due IS NOT NULL AND begins <= ? ORDER BY begins, id"
    return [json.loads(row[0]) for row in panel.store.connection.execute(sql, (panel.clock.now(),))]


def shift(panel: Panel, seconds: float) -> None:
    """Shift the times of all planned work, for a change of the panel's clock."""
    for item in panel.store.find("queue") if seconds else ():
        hidden = item["hidden"]
        if hidden["due"] is not None:
            hidden["begins"] += seconds
            hidden["due"] += seconds
            hidden["steps"] = [[step, at + seconds] for step, at in hidden["steps"]]
            panel.store.put("queue", item)
    for server in panel.store.find("servers") if seconds else ():
        if server["hidden"]["deleteAt"] is not None:
            server["hidden"]["deleteAt"] += seconds
            panel.store.put("servers", server)


def advance(panel: Panel, steps: Mapping[str, Step]) -> None:
    """Carry out every step that is due, in order of time."""
    now = panel.clock.now()
    sql = "SELECT id FROM queue WHERE due <= ? ORDER BY due, id LIMIT 1"
    while row := panel.store.connection.execute(sql, (now,)).fetchone():
        _carry_out(panel, panel.require("queue", row[0]), steps)


def _carry_out(panel: Panel, item: Document, steps: Mapping[str, Step]) -> None:
    hidden = item["hidden"]
    name, at = hidden["steps"].pop(0)
    server = panel.store.get("servers", item["serverId"])
    failure = None
    try:
        if server is None:
            raise JobFailed(GONE)
        steps[name](panel, item, server, at)
    except JobFailed as failed:
        failure = str(failed)
        hidden["steps"] = []
    item["updated"] = offset_form(at)
    hidden["due"] = hidden["steps"][0][1] if hidden["steps"] else None
    if not hidden["steps"]:
        item |= _ended(at, failure)
        _note_end(panel, item["serverId"], at)
    panel.store.put("queue", item)


def abandon(panel: Panel, server_id: int, at: float) -> None:
    """End all work on a server that is gone: a new server may get its number before the work is due."""
    for item in panel.store.find("queue", server=server_id):
        if item["hidden"]["due"] is not None:
            item["hidden"] |= {"steps": [], "due": None}
            panel.store.put("queue", item | {"updated": offset_form(at)} | _ended(at, GONE))


def _ended(at: float, failure: str | None) -> Document:
    return {
        "finished": offset_form(at),
        "progress": 100,
        "failed": failure is not None,
        "errors": _errors(failure),
    }


def _note_end(panel: Panel, server_id: int, at: float) -> None:
    if server := panel.store.get("servers", server_id):
        server["tasks"]["lastOn"] = plain_form(offset_form(at))
        panel.store.put("servers", server)


def _errors(message: str | None) -> Document:
    kind = "Exception" if message else None
    return {"exception": {"stringable": False, "errors": [], "type": kind, "trace": None, "message": message}}


def queue_item(panel: Panel, queue_id: int) -> Document:
    return {name: value for name, value in panel.require("queue", queue_id).items() if name != "hidden"}
