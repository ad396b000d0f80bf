"""The sandbox as a process of its own, so that it takes no time from the measured ones, and its counters."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tools.trial import printing

TOKEN = "bench"


@dataclass(frozen=True)
class Panel:
    """A running sandbox."""

    url: str

    def start_over(self) -> None:
        """Restore the seed, and reset the counters."""
        self._control("POST", "/reset")
        self.count_anew()

    def count_anew(self) -> None:
        self._control("DELETE", "/requests")
        self._control("DELETE", "/metrics")

    def metrics(self) -> dict[str, Any]:
        """Return `requests` and `in_flight_peak` since the last reset of the counters."""
        metrics: dict[str, Any] = self._control("GET", "/metrics").json()
        return metrics

    def most_requests_a_second(self, seconds: float = 2.0, connections: int = 8) -> float:
        """Measure the sandbox's highest rate a second: the same small GET over connections that stay open."""
        place = urlsplit(self.url)

        def ask_until(end: float) -> int:
            connection = HTTPConnection(place.hostname or "", place.port)
            asked = 0
            while time.monotonic() < end:
                connection.request("GET", "/api/v1/connect", headers={"Authorization": f"Bearer {TOKEN}"})
                connection.getresponse().read()
                asked += 1
            connection.close()
            return asked

        end = time.monotonic() + seconds
        with ThreadPoolExecutor(connections) as threads:
            return sum(threads.map(ask_until, [end] * connections)) / seconds

    def _control(self, verb: str, path: str) -> requests.Response:
        response = requests.request(verb, f"{self.url}/_sandbox{path}", timeout=30)
        response.raise_for_status()
        return response


@contextmanager
def running_panel(*, latency: float = 0, build_seconds: float = 0) -> Iterator[Panel]:
    """Run a panel with room for thousands of servers; `latency` is in milliseconds for each answer."""
    command = [str(Path(sys.executable).parent / "virtfusion"), "sandbox", "--port", "0", "--token", TOKEN]
    command += ["--seed-profile", "large", "--latency", str(latency), "--build-seconds", str(build_seconds)]
    with printing(command, 1) as (url,):
        yield Panel(url)
