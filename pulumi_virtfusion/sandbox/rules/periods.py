"""Traffic periods: months of a server's own, counted from its first day; and the user's calendar months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from ..panel.clock import month_after

ADDABLE = 25
"""The number of periods that take traffic blocks: the current one and the 24 after it."""


class Period(NamedTuple):
    """One traffic month; ordinal 1 is the server's first."""

    ordinal: int
    start: datetime
    last_day: datetime

    def row(self) -> dict[str, int | str]:
        return {
            "month": self.ordinal,
            "start": self.start.strftime("%Y-%m-%d 00:00:00"),
            "end": self.last_day.strftime("%Y-%m-%d 23:59:59"),
        }


def period(created: str, ordinal: int) -> Period:
    first = datetime.fromisoformat(created).replace(hour=0, minute=0, second=0)
    following = month_after(first, ordinal)
    return Period(ordinal, month_after(first, ordinal - 1), following - timedelta(days=1))


def current_period(created: str, now: float) -> Period:
    first = datetime.fromisoformat(created)
    today = datetime.fromtimestamp(now, timezone.utc)
    months = (today.year - first.year) * 12 + today.month - first.month
    found = period(created, months + 1)
    return found if found.start <= today else period(created, months)


def addable_periods(created: str, now: float) -> Iterator[Period]:
    current = current_period(created, now).ordinal
    return (period(created, ordinal) for ordinal in range(current, current + ADDABLE))
