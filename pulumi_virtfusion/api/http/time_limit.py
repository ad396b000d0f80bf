"""The time limit of an operation that needs several requests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pulumi_virtfusion.api.redaction import secrets_of_call

_deadline: ContextVar[float | None] = ContextVar("virtfusion_deadline", default=None)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Bounds all that this thread does inside; an inner limit cannot outlast an outer one.

    What an answer brings as a secret inside is cut out of every later error of the same bounds.
    """
    wanted = time.monotonic() + seconds
    outer = _deadline.get()
    token = _deadline.set(wanted if outer is None else min(wanted, outer))
    try:
        with secrets_of_call():
            yield
    finally:
        _deadline.reset(token)


def deadline(default_seconds: float) -> float:
    """The monotonic instant at which this thread's limit ends; `default_seconds` from now where none is set."""
    limit = _deadline.get()
    return time.monotonic() + default_seconds if limit is None else limit
