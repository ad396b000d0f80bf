"""Timestamps: the panel writes one instant in four ways, and a state keeps one."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(timezone.utc)


def instant(text: str) -> datetime | None:
    """Parse a timestamp of the panel to UTC, which is also the zone of one without a zone; None for other text."""
    try:
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
    except (ValueError, OverflowError):  # an overflow is an instant outside of the years 1 to 9999
        return None


def uniform(text: str) -> str:
    """Convert a timestamp of the panel to the form `2026-11-24T10:17:38Z`; return other text unchanged."""
    parsed = instant(text)
    return text if parsed is None else parsed.strftime("%Y-%m-%dT%H:%M:%SZ")
