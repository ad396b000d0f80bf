"""The figures of a benchmark: kept as JSON, so that a part can be measured anew."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

KEPT = Path(__file__).parents[2] / "docs" / "performance.json"


@dataclass
class Figure:
    """One phase of one provider, once for each repetition."""

    provider: str
    latency: float
    """Milliseconds that the panel takes for an answer."""
    servers: int
    phase: str
    seconds: list[float] = field(default_factory=list)
    requests: int = 0
    in_flight: int = 0
    memory: float | None = None
    """MB at the peak."""
    processor: list[dict[str, float]] = field(default_factory=list)
    """Seconds of processor time by the kind of process."""

    @property
    def median(self) -> float:
        return median(self.seconds)

    def of_processor(self, kind: str) -> float:
        """The median of that kind of process."""
        return median(one.get(kind, 0.0) for one in self.processor) if self.processor else 0.0

    @property
    def key(self) -> tuple[str, float, int, str]:
        return self.provider, self.latency, self.servers, self.phase


@dataclass
class Results:
    """All figures, and lines of what else was measured and where."""

    figures: list[Figure] = field(default_factory=list)
    machine: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    """Other tables by their name; the first row is the head."""

    @classmethod
    def load(cls, path: Path = KEPT) -> Results:
        """What was kept, or nothing."""
        if not path.exists():
            return cls()
        kept: dict[str, Any] = json.loads(path.read_text())
        figures = [Figure(**figure) for figure in kept["figures"]]
        return cls(figures, kept["machine"], kept["tables"])

    def save(self, path: Path = KEPT) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    def replace(self, figures: Iterable[Figure]) -> None:
        """Put these in the place of earlier ones of the same phases."""
        new = {figure.key: figure for figure in figures}
        kept = [figure for figure in self.figures if figure.key not in new]
        self.figures = sorted([*kept, *new.values()], key=lambda figure: (figure.latency, figure.servers))

    def find(self, provider: str, latency: float, servers: int, phase: str) -> Figure | None:
        key = (provider, latency, servers, phase)
        return next((figure for figure in self.figures if figure.key == key), None)
