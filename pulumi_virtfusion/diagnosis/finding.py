"""One examined thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "note", "BAD"]


@dataclass(frozen=True)
class Finding:
    """A result in one sentence, and for a BAD one the remedy."""

    area: Literal["installation", "settings", "panel"]
    name: str
    verdict: Verdict
    says: str = ""
    milliseconds: int | None = None
