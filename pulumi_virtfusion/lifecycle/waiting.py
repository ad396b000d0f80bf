"""Waits for the panel's background work, within the time limit of the operation."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ..api.errors import NotFound, OperationTimeout, PanelError

if TYPE_CHECKING:
    from ..api.records import QueueItem, Server
    from .contract import Context

T = TypeVar("T")
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 2.0
REPORTED_EVERY = 10.0


class Report:
    """The status line of a wait: shown when it changes, and every ten seconds otherwise, to keep a log short."""

    def __init__(self, context: Context, goal: str) -> None:
        self._context, self._goal = context, goal
        self._started = self._said_at = time.monotonic()
        self._said = ""

    def of(self, seen: str) -> None:
        now = time.monotonic()
        if seen != self._said or now - self._said_at >= REPORTED_EVERY:
            self._said, self._said_at = seen, now
            self._context.progress(f"waiting for {self._goal}: {seen} ({now - self._started:.0f} s)")


def wait_until(
    context: Context, goal: str, observe: Callable[[], T], done: Callable[[T], bool], say: Callable[[T], str]
) -> T:
    """Observe until done, with pauses that grow from 0.2 to 2 seconds; raise `OperationTimeout` at the time limit."""
    pause, started, report = FIRST_PAUSE, time.monotonic(), Report(context, goal)
    while not done(seen := observe()):
        if context.panel.remaining() <= pause:
            raise _too_long(goal, started, say(seen))
        report.of(say(seen))
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
    return seen


def wait_for_server(
    context: Context,
    server_id: int,
    goal: str,
    done: Callable[[Server | None], bool],
    say: Callable[[Server | None], str],
) -> Server | None:
    """Wait until `done` accepts the server, or None for a server that is gone; raise `OperationTimeout`.

    All waits of the process share one poller (`GET /servers/{id}`, `GET /servers`).
    """
    started, report = time.monotonic(), Report(context, goal)

    def progress(seen: Server | None) -> None:
        report.of(say(seen))

    seen, in_time = context.run.watch(context.panel).wait(server_id, done, progress)
    if not in_time:
        raise _too_long(goal, started, say(seen))
    return seen


def wait_until_gone(context: Context, server_id: int) -> None:
    """Wait until the panel no longer has the server; raise `OperationTimeout` at the time limit."""
    wait_for_server(
        context, server_id, f"server {server_id} to be deleted", lambda seen: seen is None, lambda _: "still there"
    )


def wait_for_queue_item(context: Context, queue_id: int | None, goal: str) -> None:
    """Wait until a queued task has ended (`GET /queue/{queueId}`); raise `PanelError` if it failed, `OperationTimeout`.

    An older panel queues nothing (None), and a panel forgets old items: both count as ended.
    """
    if queue_id is None:
        return

    def item() -> QueueItem | None:
        try:
            return context.panel.queue.get(queue_id)
        except NotFound:
            return None

    ended = wait_until(
        context,
        goal,
        item,
        lambda seen: seen is None or bool(seen.finished),
        lambda seen: f"queue item {queue_id} at {seen.progress if seen else '?'}",
    )
    if ended is not None and ended.failed:
        raise PanelError(f"Waited for {goal}, but queue item {queue_id} failed: {ended.message or 'no reason given'}.")


def _too_long(goal: str, started: float, seen: str) -> OperationTimeout:
    waited = time.monotonic() - started
    return OperationTimeout(f"Waited {waited:.0f} s for {goal}: {seen}. {OperationTimeout.hint}")
