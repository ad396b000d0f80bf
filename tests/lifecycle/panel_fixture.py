"""The sandbox panel as the lifecycle tests see it: what was asked of it, and what is done to it from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from pulumi_virtfusion.sandbox import RunningPanel, running
from pulumi_virtfusion.sandbox.faults import Fault

BUILD_SECONDS = 0.2
PAGE = "<!DOCTYPE html><html><body><h1>Server Error</h1></body></html>"
"""What Laravel, or a proxy before it, answers instead of JSON."""


class Panel:
    """A panel whose requests read as lines: "PUT /servers/7/package/2", with "?delay=0" where there is a query."""

    def __init__(self, running_panel: RunningPanel) -> None:
        self._running = running_panel
        self.url = running_panel.url
        self.token = running_panel.token

    def start_over(self) -> None:
        """The seed again, in the present; ids go on, for a provider host remembers those that it has made."""
        store = self._running.sandbox.panel.store
        last = store.connection.execute("SELECT kind, last FROM sequences").fetchall()
        self._running.reset()
        for kind, id_ in last:
            store.connection.execute("UPDATE sequences SET last = max(last, ?) WHERE kind = ?", (id_, kind))
            store.connection.execute("INSERT OR IGNORE INTO sequences VALUES (?, ?)", (kind, id_))
        self.build_takes(BUILD_SECONDS)

    def requests(self) -> list[str]:
        """Everything asked since `forget`, in its order."""
        return [_line(request) for request in self._running.requests()]

    def writes(self) -> list[str]:
        """The same without what only reads."""
        return [line for line in self.requests() if not line.startswith("GET ")]

    def body(self, line: str) -> Any:
        """The body of the one request of that line."""
        bodies = [request["body"] for request in self._running.requests() if _line(request) == line]
        assert len(bodies) == 1, f"{line} was asked {len(bodies)} times: {self.requests()}"
        return bodies[0]

    def forget(self) -> None:
        """Empty the log of requests."""
        self._running.clear_requests()

    def has(self, kind: str, id_: int | str) -> bool:
        """Whether the object is there; a kind is one of the sandbox's, such as "servers"."""
        return any(found["id"] == int(id_) for found in self.all(kind))

    def object(self, kind: str, id_: int | str) -> dict[str, Any]:
        """An object as the panel keeps it, with what no answer shows under `hidden`."""
        (found,) = (found for found in self.all(kind) if found["id"] == int(id_))
        return found

    def all(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._running.state()[kind]
        return found

    def mutate(self, kind: str, id_: int | str, **values: Any) -> None:
        """Drift, by dotted paths as in the panel's answers: `panel.mutate("servers", 7, **{"cpu.throttle": 5})`."""
        self._running.mutate(kind, int(id_), values)

    def delete(self, kind: str, id_: int | str) -> None:
        """An object ends behind the API's back."""
        self._running.mutate(kind, int(id_), delete=True)

    def snapshot(self, name: str = "backup") -> None:
        """Keep the whole panel under a name."""
        self._running.snapshot(name)

    def restore(self, name: str = "backup") -> None:
        """The panel comes back from that backup, and gives the ids out again that it has given since."""
        self._running.restore(name)

    def fault(self, method: str, path: str, **facts: Any) -> Fault:
        """Fields of `Fault`; `path` is a regular expression found in the path without /api/v1."""
        return self._running.fault(method=method, path=path, **facts)

    def loses_the_answer(self, method: str, path: str) -> Fault:
        """The next such request is carried out, and its connection dropped."""
        return self.fault(method, path, when="after", close=True)

    def never_gets(self, method: str, path: str) -> Fault:
        """The next such request is lost before it is carried out."""
        return self.fault(method, path, when="before", close=True)

    def refuses(self, method: str, path: str, *errors: str, status: int = 422, times: int | None = 1) -> Fault:
        """An error of the API itself."""
        return self.fault(method, path, status=status, body={"errors": list(errors or ["no"])}, times=times)

    def fails_from_the_second_on(self, method: str, path: str) -> None:
        """The first such request is answered, every later one is refused."""
        self.fault(method, path)
        self.fault(method, path, status=403, times=None)

    def clear_faults(self) -> None:
        self._running.clear_faults()

    def advance(self, seconds: float) -> None:
        """Put the panel's clock forward."""
        self._running.advance(seconds)

    def peak(self) -> int:
        """Most requests in flight at once since `reset_peak`."""
        peak: int = self._running.metrics()["in_flight_peak"]
        return peak

    def reset_peak(self) -> None:
        self._running.reset_metrics()

    def build_takes(self, seconds: float) -> None:
        """How long builds take from now on; power and deletion take a fifth of it."""
        self._running.sandbox.panel.build_seconds = seconds


@contextmanager
def running_panel() -> Iterator[Panel]:
    """A panel for the length of a `with`."""
    with running(build_seconds=BUILD_SECONDS) as started:
        yield Panel(started)


def _line(request: dict[str, Any]) -> str:
    query = urlencode(request["query"], doseq=True)
    return f"{request['method']} {request['path']}" + (f"?{query}" if query else "")


def only(kind: str, panel: Panel, wanted: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
    """The only object of a kind that fits."""
    (found,) = filter(wanted, panel.all(kind))
    return found
