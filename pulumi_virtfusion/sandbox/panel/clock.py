"""The panel's time, and the four forms in which its answers write an instant."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

LAST = datetime(9999, 1, 1, tzinfo=timezone.utc).timestamp()


class Clock:
    """A clock in seconds since 1970, from `source`; it can be put forward, so that no test waits for a delay."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._ahead = 0.0
        self.offset = 0.0
        """Seconds by which the panel's clock is fast."""

    def now(self) -> float:
        """Return the panel's time, by which its answers are dated and its work is planned."""
        return self.passed() + self.offset

    def passed(self) -> float:
        """Return a time for measuring durations, without the offset of the panel's clock."""
        return self._source() + self._ahead

    @property
    def ahead(self) -> float:
        """Seconds by which the clock was put forward."""
        return self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def reset(self) -> None:
        self._ahead = 0.0


def offset_form(instant: float) -> str:
    """Write an instant as `2024-03-12T22:21:32+00:00`, the form in which the panel's state keeps every instant."""
    return datetime.fromtimestamp(instant, timezone.utc).replace(microsecond=0).isoformat()


def parse(text: str) -> float | None:
    """Parse an instant in any of the forms of answers; return None for other text, or a time before 1970."""
    try:
        when = datetime.fromisoformat(re.sub(r"Z\Z", "+00:00", text))
        instant = (when if when.tzinfo else when.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError):
        return None
    return instant if 0 <= instant < LAST else None


def zulu_form(offset_text: str) -> str:
    """Write an instant as `2025-01-20T12:41:28.000000Z`, the form of users, packages and new SSH keys."""
    return datetime.fromisoformat(offset_text).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def plain_form(offset_text: str) -> str:
    """Write an instant as `2025-01-15 15:00:49`, without a zone."""
    return datetime.fromisoformat(offset_text).strftime("%Y-%m-%d %H:%M:%S")


def month_after(day: datetime, months: int) -> datetime:
    """Return the same day of a later month, or that month's last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = datetime(year + (month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=timezone.utc)
    last = (following - timedelta(days=1)).day
    return datetime(year, month + 1, min(day.day, last), tzinfo=timezone.utc)
