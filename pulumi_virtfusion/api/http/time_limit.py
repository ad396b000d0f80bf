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
    """Limit all calls of this thread inside, in seconds; an inner limit cannot outlast an outer one.

    A secret in an answer inside is redacted in every later error within the same limit.
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
    """Return the monotonic instant at which this thread's limit ends; `default_seconds` from now without a limit."""
    limit = _deadline.get()
    return time.monotonic() + default_seconds if limit is None else limit
