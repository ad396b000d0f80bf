"""One poller for all waits on servers of a process, so that a hundred builds are not a hundred polls.

Each wait begins with a read of its server. Up to `FEW` waits then repeat that read, with pauses that grow to a second.
More waits share the list of all servers, read once a second. So `w` waits of `s` seconds, on a panel with `p` servers,
are at most

- `w * (5 + s)` requests while `w <= max(FEW, p / PAGE)`;
- otherwise `s` lists of `p / PAGE` pages each, and for each wait: one read at first, one when it joins the list, one
  whenever the server's row has changed, and one every `LONGEST_TRUST` seconds.

A change is noticed within two seconds either way. A wait holds a thread, and no connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING

from ..api.errors import NotFound
from ..api.redaction import Secrets, known_secrets, secrets_of_call

if TYPE_CHECKING:
    from ..api import VirtFusion
    from ..api.records import Server, ServerRow

FEW = 3
FIRST_PAUSE = 0.2
ROUND = 1.0
LONGEST_TRUST = 15.0
PAGE = 200


@dataclass
class Watched:
    """A server that a call waits for, with its last observation: None when the server is gone."""

    server_id: int
    pause: float = FIRST_PAUSE
    due: float = 0.0
    looked: float = 0.0
    row: ServerRow | None = None
    version: int = 0
    seen: Server | Exception | None = None
    changed: Condition = field(default_factory=Condition)
    secrets: Secrets | None = field(default_factory=known_secrets, repr=False)
    """The secrets of the waiting call, which shows the poller's errors."""

    def show(self, seen: Server | Exception | None) -> None:
        now = time.monotonic()
        self.looked, self.due = now, now + self.pause
        self.pause = min(self.pause * 1.5, ROUND)
        with self.changed:
            self.version, self.seen = self.version + 1, seen
            self.changed.notify_all()

    def next_after(self, version: int, timeout: float) -> tuple[int, Server | None]:
        """Return the first observation after that version, or the last one after `timeout` seconds; raise its error."""
        with self.changed:
            self.changed.wait_for(lambda: self.version > version, timeout)
            if isinstance(self.seen, Exception):
                raise self.seen
            return self.version, self.seen


class ServerWatch:
    """The poller of this process for the servers of one panel; its thread ends with the last wait."""

    def __init__(self, panel: VirtFusion) -> None:
        self._panel = panel
        self._lock = Lock()
        self._watched: list[Watched] = []
        self._pages = 1
        self._round_due = 0.0
        self._joined = Condition(self._lock)
        self._polling = False

    def wait(
        self, server_id: int, done: Callable[[Server | None], bool], say: Callable[[Server | None], None]
    ) -> tuple[Server | None, bool]:
        """Wait until `done` accepts an observation; return the last one, and False if the time limit ran out."""
        watched = Watched(server_id)
        self._look(watched)  # in the waiting thread: a wait that is over at once needs no poller
        version, seen = watched.next_after(0, 0)
        if done(seen):
            return seen, True
        with self._watching(watched):
            while self._panel.remaining() > 0:
                say(seen)
                version, seen = watched.next_after(version, self._panel.remaining())
                if done(seen):
                    return seen, True
        return seen, False

    @contextmanager
    def _watching(self, watched: Watched) -> Iterator[None]:
        """Let the poller read a server while inside."""
        with self._lock:
            self._watched.append(watched)
            if not self._polling:
                self._polling = True
                Thread(target=self._poll, name="virtfusion-watch", daemon=True).start()
            self._joined.notify()
        try:
            yield
        finally:
            with self._lock:
                self._watched.remove(watched)

    def _poll(self) -> None:
        with ThreadPoolExecutor(8, "virtfusion-watch") as pool:
            while watched := self._next():
                list(pool.map(self._look, self._suspects(watched)))

    def _next(self) -> list[Watched]:
        """Return all watched servers once a read of one is due; return none, which ends the poller, without any."""
        with self._lock:
            while self._watched:
                due = self._round_due if self._by_list(self._watched) else min(one.due for one in self._watched)
                rest = due - time.monotonic()
                if rest <= 0:
                    return list(self._watched)
                self._joined.wait(rest)
            self._polling = False
            return []

    def _by_list(self, watched: list[Watched]) -> bool:
        return len(watched) > max(FEW, self._pages)

    def _suspects(self, watched: list[Watched]) -> list[Watched]:
        """Return the servers that are due for a read, or whose row in the list has changed."""
        now = time.monotonic()
        if not self._by_list(watched):
            return [one for one in watched if one.due <= now]
        self._round_due = now + ROUND
        try:
            rows = {row.server_id: row for row in self._panel.servers.list()}
        except Exception:  # the read of each server will raise its own error
            return watched
        self._pages = -(-len(rows) // PAGE)
        suspects = []
        for one in watched:
            row = rows.get(one.server_id)
            if row is None or row != one.row or now - one.looked > LONGEST_TRUST:
                one.row = row
                suspects.append(one)
        return suspects

    def _look(self, watched: Watched) -> None:
        try:
            with secrets_of_call(watched.secrets):
                watched.show(self._panel.servers.get(watched.server_id))
        except NotFound:
            watched.show(None)
        except Exception as error:  # raised again in the waiting thread; a bug keeps its traceback
            watched.show(error)
