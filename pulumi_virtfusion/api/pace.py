"""How many requests of one client are in flight, and when the next may start."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class OutOfTime(Exception):
    """The deadline came before a free place."""


class Pace:
    """Shared by all threads of a client: a maximum in flight, and a pause for all after the panel said 429."""

    def __init__(self, max_in_flight: int) -> None:
        self._max_in_flight = max_in_flight
        self._in_flight = 0
        self._not_before = 0.0
        self._changed = threading.Condition()

    def hold(self, seconds: float) -> None:
        """Lets no request of any thread start within the next `seconds`."""
        with self._changed:
            self._not_before = max(self._not_before, time.monotonic() + seconds)
            self._changed.notify_all()

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """Waits for a free place; raises `OutOfTime` at `deadline` (monotonic)."""
        self._enter(deadline)
        try:
            yield
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify()

    def _enter(self, deadline: float) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                if now >= deadline:
                    # The wake-up that ended this wait may have been meant for another thread.
                    self._changed.notify()
                    raise OutOfTime
                held = self._not_before - now
                if held <= 0 and self._in_flight < self._max_in_flight:
                    self._in_flight += 1
                    return
                self._changed.wait(min(deadline - now, held) if held > 0 else deadline - now)
