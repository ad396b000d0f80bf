"""One poller for all waits on servers of a process, so that a hundred builds are not a hundred polls.

Up to `FEW` servers are each asked for, with pauses that grow to a second. More are watched through the list of all
servers, once a second: a round costs one request for every 200 servers of the panel, and one for each watched server
whose row has changed, or that nobody has looked at for `LONGEST_TRUST` seconds. Where the list has more pages than
servers are watched, each is asked for instead. What the panel shows is noticed within two seconds either way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING

from .api.errors import NotFound, VirtFusionError

if TYPE_CHECKING:
    from .api import VirtFusion
    from .api.servers import Server, ServerRow

FEW = 3
FIRST_PAUSE = 0.2
ROUND = 1.0
LONGEST_TRUST = 15.0
PAGE = 200


@dataclass
class Watched:
    """A server that somebody waits for, and what was last seen of it: None when it is gone."""

    server_id: int
    pause: float = FIRST_PAUSE
    due: float = 0.0
    looked: float = 0.0
    row: ServerRow | None = None
    version: int = 0
    seen: Server | Exception | None = None
    changed: Condition = field(default_factory=Condition)

    def show(self, seen: Server | Exception | None) -> None:
        now = time.monotonic()
        self.looked, self.due = now, now + self.pause
        self.pause = min(self.pause * 1.5, ROUND)
        with self.changed:
            self.version, self.seen = self.version + 1, seen
            self.changed.notify_all()

    def next_after(self, version: int, timeout: float) -> tuple[int, Server | None]:
        """The first observation after that version, or the last one when time runs out; errors are raised."""
        with self.changed:
            self.changed.wait_for(lambda: self.version > version, timeout)
            if isinstance(self.seen, Exception):
                raise self.seen
            return self.version, self.seen


class ServerWatch:
    """The waits of this process on the servers of one panel."""

    def __init__(self, panel: VirtFusion) -> None:
        self._panel = panel
        self._lock = Lock()
        self._watched: list[Watched] = []
        self._pages = 1
        self._wake = Condition(self._lock)
        self._running = False

    @contextmanager
    def watching(self, server_id: int) -> Iterator[Watched]:
        """Observe a server while inside."""
        watched = Watched(server_id)
        with self._lock:
            self._watched.append(watched)
            if not self._running:
                self._running = True
                Thread(target=self._poll, name="virtfusion-watch", daemon=True).start()
            self._wake.notify()
        try:
            yield watched
        finally:
            with self._lock:
                self._watched.remove(watched)

    def wait(
        self, server_id: int, done: Callable[[Server | None], bool], say: Callable[[Server | None], None]
    ) -> tuple[Server | None, bool]:
        """The last observation, and whether it is what was waited for or the thread's time limit ran out."""
        version = 0
        with self.watching(server_id) as watched:
            while True:
                version, seen = watched.next_after(version, self._panel.remaining())
                if version and done(seen):
                    return seen, True
                if self._panel.remaining() <= 0:
                    return seen, False
                say(seen)

    def _poll(self) -> None:
        with ThreadPoolExecutor(8, "virtfusion-watch") as pool:
            while watched := self._waited_for():
                suspects = self._suspects(watched)
                list(pool.map(self._look, suspects))
                self._rest(watched)

    def _waited_for(self) -> list[Watched]:
        with self._lock:
            self._running = bool(self._watched)
            return list(self._watched)

    def _rest(self, watched: list[Watched]) -> None:
        """Until the next one is due, or somebody new is watched."""
        new = {id(one) for one in watched}
        with self._lock:
            next_due = min((one.due for one in self._watched if id(one) in new), default=0.0)
            pause = ROUND if self._by_list(watched) else next_due - time.monotonic()
            if all(id(one) in new for one in self._watched):
                self._wake.wait(max(0.01, min(pause, ROUND)))

    def _by_list(self, watched: list[Watched]) -> bool:
        return len(watched) > max(FEW, self._pages)

    def _suspects(self, watched: list[Watched]) -> list[Watched]:
        """Those whose details may have changed."""
        now = time.monotonic()
        if not self._by_list(watched):
            return [one for one in watched if one.due <= now]
        try:
            rows = {row.server_id: row for row in self._panel.servers.list()}
        except VirtFusionError:  # each server is still asked for, and says what is wrong
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
            watched.show(self._panel.servers.get(watched.server_id))
        except NotFound:
            watched.show(None)
        except Exception as error:  # raised again in the thread that waits, a bug with its traceback
            watched.show(error)


@cache
def watch_of(panel: VirtFusion) -> ServerWatch:
    """The watch of a client, which every thread shares."""
    return ServerWatch(panel)
