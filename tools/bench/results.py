"""The figures of a benchmark, saved as JSON, so that a part can be measured again."""

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
    """The figures of one phase of one provider, over all repetitions."""

    provider: str
    latency: float
    """The panel's time for an answer, in milliseconds."""
    servers: int
    phase: str
    seconds: list[float] = field(default_factory=list)
    requests: int = 0
    in_flight: int = 0
    memory: float | None = None
    """The provider host's peak, in MB."""
    processor: list[dict[str, float]] = field(default_factory=list)
    """Seconds of processor time by the kind of process, for each repetition."""

    @property
    def median(self) -> float:
        return median(self.seconds)

    def of_processor(self, kind: str) -> float:
        """Return the median processor seconds of that kind of process."""
        return median(one.get(kind, 0.0) for one in self.processor) if self.processor else 0.0

    @property
    def key(self) -> tuple[str, float, int, str]:
        return self.provider, self.latency, self.servers, self.phase


@dataclass
class Results:
    """All figures, the machine of the measurement, and the other tables."""

    figures: list[Figure] = field(default_factory=list)
    machine: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    """The other tables by name; the first row of each is the head."""

    @classmethod
    def load(cls, path: Path = KEPT) -> Results:
        """Read the saved results, or return empty ones without a file."""
        if not path.exists():
            return cls()
        kept: dict[str, Any] = json.loads(path.read_text())
        figures = [Figure(**figure) for figure in kept["figures"]]
        return cls(figures, kept["machine"], kept["tables"])

    def save(self, path: Path = KEPT) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    def replace(self, figures: Iterable[Figure]) -> None:
        """Replace earlier figures of the same phases by these."""
        new = {figure.key: figure for figure in figures}
        kept = [figure for figure in self.figures if figure.key not in new]
        self.figures = sorted([*kept, *new.values()], key=lambda figure: (figure.latency, figure.servers))

    def find(self, provider: str, latency: float, servers: int, phase: str) -> Figure | None:
        key = (provider, latency, servers, phase)
        return next((figure for figure in self.figures if figure.key == key), None)
