"""One request to be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pulumi_virtfusion.api.http.operation import Operation

QueryValue: TypeAlias = bool | int | str | Sequence[int] | Sequence[str] | None
Body: TypeAlias = Mapping[str, object]


@dataclass(frozen=True)
class Call:
    """An operation with its values filled in."""

    operation: Operation
    path: str
    query: list[tuple[str, str]]
    body: Body | None = field(repr=False)

    def __str__(self) -> str:
        return f"{self.operation.verb} {self.path}"


def query_pairs(query: Mapping[str, QueryValue]) -> list[tuple[str, str]]:
    """Encode query values for the panel: booleans in words, lists repeated, `None` left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        values = (
            [] if value is None else value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        )
        pairs += [(name, str(item).lower() if isinstance(item, bool) else str(item)) for item in values]
    return pairs
