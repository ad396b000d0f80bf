"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "note", "BAD"]


@dataclass(frozen=True)
class Finding:
    """What is so, and where it is BAD, what mends it."""

    area: Literal["installation", "settings", "panel"]
    name: str
    verdict: Verdict
    says: str = ""
    milliseconds: int | None = None
