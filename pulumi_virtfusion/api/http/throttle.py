"""The limit of a client's requests in flight, and the start of the next one."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SLOWEST = 20
"""The longest distance between two requests, in first distances."""


class OutOfTime(Exception):
    """The deadline came before a free place."""


class Throttle:
    """A throttle for all threads of a client: a maximum in flight, and after a 429 a pause and a slow start.

    After a pause requests start one by one, `first_gap` seconds apart and more after each further 429, so that the
    threads which waited do not run into the limit together again. Every other answer shortens the distance.
    """

    def __init__(
        self,
        max_in_flight: int,
        first_gap: float,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_in_flight = max_in_flight
        self._first_gap = first_gap
        self._jitter = jitter
        self._clock = clock
        self._in_flight = 0
        self._gap = 0.0
        self._pause_ends = 0.0
        self._next_start = 0.0
        self._changed = threading.Condition()

    def hold(self, seconds: float) -> None:
        """Let no request of any thread start within the next `seconds`."""
        with self._changed:
            now = self._clock()
            if now >= self._pause_ends:  # else the 429 answers a request from before the pause
                self._gap = min(max(self._first_gap, 2 * self._gap), SLOWEST * self._first_gap)
            self._pause_ends = max(self._pause_ends, now + seconds)
            self._changed.notify_all()

    def ease(self) -> None:
        """Note an answer that was no 429, and shorten the gap between starts."""
        with self._changed:
            self._gap = 0.75 * self._gap if self._gap > self._first_gap / 4 else 0.0

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """Wait for a free place; raise `OutOfTime` at `deadline`, an instant of the clock."""
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
                now = self._clock()
                if now >= deadline:
                    # The wake-up that ended this wait may have been meant for another thread.
                    self._changed.notify()
                    raise OutOfTime
                held = max(self._pause_ends, self._next_start) - now
                if held <= 0 and self._in_flight < self._max_in_flight:
                    self._in_flight += 1
                    self._next_start = now + self._gap * (0.5 + self._jitter())
                    return
                self._changed.wait(min(deadline - now, held) if held > 0 else deadline - now)
