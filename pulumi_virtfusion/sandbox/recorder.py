"""The log of requests, with secrets redacted, and counters."""

from __future__ import annotations

import json
import re
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

_SECRET_NAME = re.compile(r"password|secret|token|authorization", re.IGNORECASE)
_KEPT = 100_000
_MOST_CHARACTERS = 16_384
"""The most characters of a kept body or query, as JSON."""
_MOST_ALTOGETHER = 64 * 2**20
_LONGEST_PATH = 2_048
_LONGEST_AGENT = 200


@dataclass
class Entry:
    """One request; `status` is null while the request is under way, and when the connection was dropped."""

    id: int
    time: str
    """The time of its arrival by this machine's clock: the panel's may be put forward."""
    method: str
    path: str
    query: dict[str, Any]
    agent: str = ""
    """The User-Agent, in which a client names its process and run."""
    body: Any = None
    status: int | None = None
    ms: float | None = None
    done: bool = False
    """Whether the panel carried out the request, whatever the answer."""


class Recorder:
    """The latest requests to the API, in the order of their arrival."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._noted: deque[tuple[Entry, int]] = deque()
        """Entries that keep query and body, each with their length."""
        self._characters = 0
        self._next = 1
        self._under_way: dict[int, float] = {}
        self.peak = 0
        self.total = 0
        self.statuses: Counter[str] = Counter()

    def begin(self, method: str, path: str) -> Entry:
        entry = Entry(self._next, _now(), method, path[:_LONGEST_PATH], {})
        self._next += 1
        self._entries.append(entry)
        self._under_way[entry.id] = time.perf_counter()
        self.total += 1
        self.peak = max(self.peak, len(self._under_way))
        return entry

    def note(self, entry: Entry, query: dict[str, list[str]], body: Any, agent: str = "") -> None:
        """Note the query and body of a request, redacted and within bounds; a single value is no list."""
        given = {name: values[0] if len(values) == 1 else values for name, values in query.items()}
        entry.agent = agent[:_LONGEST_AGENT]
        entry.query, of_query = _bounded(redacted(given))
        entry.body, of_body = _bounded(redacted(body))
        self._noted.append((entry, of_query + of_body))
        self._characters += of_query + of_body
        while self._characters > _MOST_ALTOGETHER:
            oldest, characters = self._noted.popleft()
            oldest.query, oldest.body = {}, _left_out(characters)
            self._characters -= characters

    def end(self, entry: Entry, status: int | None) -> None:
        entry.status = status
        entry.ms = round((time.perf_counter() - self._under_way.pop(entry.id)) * 1000, 3)
        self.statuses[str(status or "dropped")] += 1

    def since(self, id_: int = 0, limit: int = _KEPT) -> list[dict[str, Any]]:
        """Return the requests after that id; of more than `limit`, the latest."""
        found = [entry for entry in list(self._entries) if entry.id > id_]
        return [asdict(entry) for entry in found[-limit:]]

    def latest(self, count: int) -> list[Entry]:
        return list(self._entries)[-count:]

    def ids(self) -> dict[str, int]:
        """Return the first kept id and the last given id; with no request kept, the first is the next one to come."""
        first = self._entries[0].id if self._entries else self._next
        return {"first": first, "last": self._next - 1}

    def clear(self) -> None:
        """Forget the requests; ids go on."""
        self._entries.clear()
        self._noted.clear()
        self._characters = 0

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


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _bounded(value: Any) -> tuple[Any, int]:
    """Return the value and its length as JSON, or a remark in place of a value that is too long."""
    characters = len(json.dumps(value))
    if characters > _MOST_CHARACTERS:
        value = _left_out(characters)
        characters = len(json.dumps(value))
    return value, characters


def _left_out(characters: int) -> dict[str, str]:
    return {"left out": f"{characters} characters"}


def redacted(value: Any) -> Any:
    """Redact every secret in a value; a `tokens` that is a number is an amount."""
    if isinstance(value, dict):
        return {
            name: "[redacted]" if isinstance(inner, str) and _SECRET_NAME.search(name) else redacted(inner)
            for name, inner in value.items()
        }
    return [redacted(inner) for inner in value] if isinstance(value, list) else value
