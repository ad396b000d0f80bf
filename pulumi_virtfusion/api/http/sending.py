"""Observation of a connection: whether a byte of a request has left this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from urllib3.connection import HTTPConnection


@dataclass
class Sending:
    """`begun` until a connection that observes itself is known to send this request, and from its first byte on."""

    begun: bool


_current: ContextVar[Sending | None] = ContextVar("virtfusion_sending", default=None)


@contextmanager
def observed(*, by_connection: bool) -> Iterator[Sending]:
    """Observe the one request that this thread sends inside; a request without an observer counts as sent."""
    sending = Sending(begun=not by_connection)
    token = _current.set(sending)
    try:
        yield sending
    finally:
        _current.reset(token)


class ObservedConnection(HTTPConnection):
    """A connection that notes the first byte of a request; the bytes of connecting (proxy, TLS) do not count."""

    _connecting = False

    def connect(self) -> None:
        self._connecting = True
        try:
            super().connect()
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        if self.sock is None:  # connect here: the inherited method's bytes would count as the request's
            self.connect()
        sending = _current.get()
        if sending is not None and not self._connecting:
            sending.begun = True
        super().send(data)
