"""The decision whether and when a request is repeated, as a pure function.

urllib3's own `Retry` does not fit: it knows methods, not operations (a POST may be safe and a PUT not), counts attempts
where we have time budgets, and cannot slow down the other threads of a client.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum
from math import inf


class RetryReason(Enum):
    """The reason for another attempt."""

    NEVER_SENT = "no connection"
    LOST = "no complete answer"
    RATE_LIMITED = "429"
    LOCKED = "423"
    UNAVAILABLE = "408, 425, 502 to 504 or 520 to 524"
    BROKEN = "500"


SHORTEST = 0.25
"""The least part of a delay that jitter leaves, so that no answer makes the client repeat without a pause."""


@dataclass(frozen=True)
class RetryPolicy:
    """The times for which failing requests are repeated, in seconds; 423 and 429 until the operation's time limit."""

    lost: float = 60
    connecting: float = 20
    first_delay: float = 0.5
    longest_delay: float = 15
    broken_attempts: int = 3
    idle_connection: float = 2
    """Seconds after which no unrepeatable request uses an idle connection: the server may just be closing it."""

    def __post_init__(self) -> None:
        for name in ("first_delay", "longest_delay"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be more than 0 seconds, not {getattr(self, name)}")


@dataclass(frozen=True)
class Attempt:
    """A failed attempt with a reason for another, and the history of that reason."""

    reason: RetryReason
    number: int
    """1 for the first attempt with this reason."""
    elapsed: float
    """Seconds since the first attempt with this reason."""
    remaining: float
    """Seconds until the operation's time limit."""
    retry_after: float = 0
    """Seconds that the panel asks to wait."""


def delay_before_retry(
    attempt: Attempt, retry_policy: RetryPolicy, jitter: Callable[[], float] = random.random
) -> float | None:
    """Return the seconds to wait before the next attempt, or `None` to give up."""
    if attempt.reason is RetryReason.BROKEN and attempt.number >= retry_policy.broken_attempts:
        return None
    own: float = min(retry_policy.longest_delay, retry_policy.first_delay * 2.0 ** min(attempt.number - 1, 16))
    delay = max(own * max(jitter(), SHORTEST), attempt.retry_after)
    budget = {
        RetryReason.NEVER_SENT: retry_policy.connecting,
        RetryReason.LOST: retry_policy.lost,
        RetryReason.UNAVAILABLE: retry_policy.lost,
    }
    if attempt.elapsed + delay > budget.get(attempt.reason, inf) or delay >= attempt.remaining:
        return None
    return delay


def seconds_to_wait(headers: Iterable[str], now: float) -> float:
    """Return the longest wait of `Retry-After` headers in seconds; a date counts from `now` (a POSIX time)."""
    return max((_seconds(value.strip(), now) for value in headers), default=0.0)


def _seconds(value: str, now: float) -> float:
    """Return the seconds of one header; 0 for a past date, a negative number, and any other text."""
    if re.fullmatch(r"[0-9]+(\s*,\s*[0-9]+)*", value):  # several headers that a proxy has joined
        return max(float(number) for number in value.split(","))
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return 0.0
