"""When a request is sent again, as a pure function.

urllib3's own `Retry` does not fit: it knows methods, not operations (a POST may be safe and a PUT not), counts attempts
where we have time budgets, and cannot slow down the other threads of a client.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum
from math import inf

from pulumi_virtfusion.api.operation import Operation


class Trouble(Enum):
    """Why an attempt may deserve another."""

    NEVER_SENT = "no connection"
    LOST = "no complete answer"
    RATE_LIMITED = "429"
    LOCKED = "423"
    UNAVAILABLE = "502, 503 or 504"
    BROKEN = "500"


REFUSED = frozenset({Trouble.NEVER_SENT, Trouble.RATE_LIMITED, Trouble.LOCKED})
"""Nothing has happened on the panel: any operation may be tried again."""


@dataclass(frozen=True)
class Patience:
    """How long failing requests are tried again, in seconds; 423 and 429 until the operation's time limit."""

    lost: float = 60
    connecting: float = 20
    first_delay: float = 0.5
    longest_delay: float = 15
    broken_attempts: int = 3
    idle_connection: float = 2
    """A connection idle for longer is not used for what cannot be repeated: the server may just be closing it."""


@dataclass(frozen=True)
class Attempt:
    """A failed attempt, and what is known about those before it."""

    trouble: Trouble
    operation: Operation
    number: int
    """1 for the first attempt that met this trouble."""
    elapsed: float
    """Seconds since this trouble was first met."""
    remaining: float
    """Seconds until the operation's time limit."""
    retry_after: float | None = None
    """Seconds that the panel asks to wait."""


def delay_before_retry(
    attempt: Attempt, patience: Patience, jitter: Callable[[], float] = random.random
) -> float | None:
    """Seconds to wait before the next attempt, or `None` to give up."""
    if attempt.trouble not in REFUSED and not _may_repeat(attempt, patience):
        return None
    delay = attempt.retry_after
    if delay is None:
        delay = jitter() * min(patience.longest_delay, patience.first_delay * 2 ** min(attempt.number - 1, 16))
    budget = {Trouble.NEVER_SENT: patience.connecting, Trouble.LOST: patience.lost, Trouble.UNAVAILABLE: patience.lost}
    if attempt.elapsed + delay > budget.get(attempt.trouble, inf) or delay >= attempt.remaining:
        return None
    return delay


def _may_repeat(attempt: Attempt, patience: Patience) -> bool:
    if attempt.trouble is Trouble.BROKEN:
        # A write that met a 500 may have succeeded all the same (an owner change does): read back, do not repeat.
        return attempt.operation.verb == "GET" and attempt.number < patience.broken_attempts
    return attempt.operation.repeatable


def seconds_to_wait(retry_after: str | None, now: float) -> float | None:
    """A `Retry-After` header, seconds or HTTP date, as seconds from `now` (a POSIX time)."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(int(retry_after)))
    except OverflowError:
        return inf
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
