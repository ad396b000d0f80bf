"""The log of requests, without secrets, and counters of them."""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

_SECRET_NAME = re.compile(r"password|secret|token|authorization", re.IGNORECASE)
_KEPT = 100_000


@dataclass
class Entry:
    """One request; `status` is null while it is under way, and when the connection was dropped."""

    id: int
    method: str
    path: str
    query: dict[str, Any]
    body: Any = None
    status: int | None = None
    ms: float | None = None
    done: bool = False
    """Whether the panel carried it out, whatever was answered."""


class Recorder:
    """The latest requests to the API, in the order of their arrival."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._next = 1
        self._under_way: dict[int, float] = {}
        self.peak = 0
        self.total = 0
        self.statuses: Counter[str] = Counter()

    def begin(self, method: str, path: str) -> Entry:
        entry = Entry(self._next, method, path, {})
        self._next += 1
        self._entries.append(entry)
        self._under_way[entry.id] = time.perf_counter()
        self.total += 1
        self.peak = max(self.peak, len(self._under_way))
        return entry

    def note(self, entry: Entry, query: dict[str, list[str]], body: Any) -> None:
        """What was asked, without its secrets; a parameter given once is shown as its value."""
        entry.query = redacted({name: values[0] if len(values) == 1 else values for name, values in query.items()})
        entry.body = redacted(body)

    def end(self, entry: Entry, status: int | None) -> None:
        entry.status = status
        entry.ms = round((time.perf_counter() - self._under_way.pop(entry.id)) * 1000, 3)
        self.statuses[str(status or "dropped")] += 1

    def since(self, id_: int = 0) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in list(self._entries) if entry.id > id_]

    def latest(self, count: int) -> list[Entry]:
        return list(self._entries)[-count:]

    def clear(self) -> None:
        """Forgets the requests; ids go on."""
        self._entries.clear()

    def metrics(self) -> dict[str, Any]:
        return {
            "requests": self.total,
            "in_flight": len(self._under_way),
            "in_flight_peak": self.peak,
            "by_status": dict(self.statuses),
        }

    def reset_metrics(self) -> None:
        self.total = 0
        self.peak = len(self._under_way)
        self.statuses.clear()


def redacted(value: Any) -> Any:
    """The same, with the text of every secret replaced; `tokens` that are a number are an amount."""
    if isinstance(value, dict):
        return {
            name: "[redacted]" if isinstance(inner, str) and _SECRET_NAME.search(name) else redacted(inner)
            for name, inner in value.items()
        }
    return [redacted(inner) for inner in value] if isinstance(value, list) else value
