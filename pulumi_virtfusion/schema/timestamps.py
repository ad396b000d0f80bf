"""The panel writes one instant in four ways; compared and kept, it has one."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(timezone.utc)


def instant(text: str) -> datetime | None:
    """What a timestamp of the panel means; one without a zone is UTC, and None is no timestamp."""
    try:
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)


def uniform(text: str) -> str:
    """`2026-11-24T10:17:38Z`, whichever way the panel wrote it; other text as it is."""
    parsed = instant(text)
    return text if parsed is None else parsed.strftime("%Y-%m-%dT%H:%M:%SZ")
