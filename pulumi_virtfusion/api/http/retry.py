"""When a request is sent again, as a pure function.

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
    """Why an attempt may deserve another."""

    NEVER_SENT = "no connection"
    LOST = "no complete answer"
    RATE_LIMITED = "429"
    LOCKED = "423"
    UNAVAILABLE = "408, 425, 502 to 504 or 520 to 524"
    BROKEN = "500"


SHORTEST = 0.25
"""The part of a delay that chance cannot take away, so that no answer makes us ask as fast as we can."""


@dataclass(frozen=True)
class RetryPolicy:
    """How long failing requests are tried again, in seconds; 423 and 429 until the operation's time limit."""

    lost: float = 60
    connecting: float = 20
    first_delay: float = 0.5
    longest_delay: float = 15
    broken_attempts: int = 3
    idle_connection: float = 2
    """A connection idle for longer is not used for what cannot be repeated: the server may just be closing it."""

    def __post_init__(self) -> None:
        for name in ("first_delay", "longest_delay"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be more than 0 seconds, not {getattr(self, name)}")


@dataclass(frozen=True)
class Attempt:
    """A failed attempt that deserves another, and what is known about those before it."""

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
    """Seconds to wait before the next attempt, or `None` to give up."""
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
    """The longest wait that `Retry-After` headers ask for, each in seconds or a date, from `now` (a POSIX time)."""
    return max((_seconds(value.strip(), now) for value in headers), default=0.0)


def _seconds(value: str, now: float) -> float:
    """0 for what asks for nothing: the past, a negative number, and what is neither a number nor a date."""
    if re.fullmatch(r"[0-9]+(\s*,\s*[0-9]+)*", value):  # several headers that a proxy has joined
        return max(float(number) for number in value.split(","))
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return 0.0
