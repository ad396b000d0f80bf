"""Faults at one request in five, the same ones for the same requests whenever a walk is walked again."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from typing_extensions import override

from pulumi_virtfusion.sandbox import RunningPanel
from pulumi_virtfusion.sandbox.faults import Fault, Faults
from tests.soak.invariants import CREATING

RATE = 0.2
REQUEST_TIMEOUT = 1.0
"""Seconds, of the walks' provider: longer than any answer that is not made late on purpose."""
PAGE = "<!DOCTYPE html><html><body><h1>Server Error</h1></body></html>"
IDS_BEGIN = 10_000
"""Every walk's ids begin at a multiple of this."""

KINDS: dict[str, dict[str, Any]] = {
    "500 before": {"status": 500, "body": {"message": "Server Error"}},
    "500 after": {"status": 500, "body": {"message": "Server Error"}, "when": "after"},
    "502 before": {"status": 502, "body": PAGE},
    "503 before": {"status": 503, "body": {"message": "Service Unavailable"}},
    "503 after": {"status": 503, "body": PAGE, "when": "after"},
    "HTML before": {"status": 500, "body": PAGE},
    "HTML after": {"status": 500, "body": PAGE, "when": "after"},
    "404 of a portal before": {"status": 404, "body": PAGE},
    "404 of a portal after": {"status": 404, "body": PAGE, "when": "after"},
    "200 of a portal before": {"status": 200, "body": PAGE},
    "200 of a portal after": {"status": 200, "body": PAGE, "when": "after"},
    "302 before": {"status": 302, "headers": {"Location": "/login"}},
    "302 after": {"status": 302, "headers": {"Location": "/login"}, "when": "after"},
    "408 after": {"status": 408, "body": PAGE, "when": "after"},
    "425 before": {"status": 425, "body": PAGE},
    "499 after": {"status": 499, "body": PAGE, "when": "after"},
    "520 after": {"status": 520, "body": PAGE, "when": "after"},
    "103 first": {"early": [103, 103]},
    "429": {"status": 429, "body": {"message": "Too Many Attempts."}},
    "423": {"status": 423, "body": {"msg": "server is locked"}},
    "close before": {"close": True},
    "close after": {"close": True, "when": "after"},
    "truncate": {"truncate": True, "when": "after"},
    "slow": {"delay": 0.05},
    "time-out before": {"delay": REQUEST_TIMEOUT + 0.1, "close": True},
    "time-out after": {"delay": REQUEST_TIMEOUT + 0.1, "close": True, "when": "after"},
    "time-out and done later": {"delay": REQUEST_TIMEOUT + 0.3},
}
OFTEN = 8
"""Times as often as a time-out, which costs a second, comes every other kind."""
_CHOICES = [name for name in sorted(KINDS) for _ in range(1 if name.startswith("time-out") else OFTEN)]


class RandomFaults(Faults):
    """Which request it strikes follows from the seed, the request, and how often it was made, and from nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.seed: int | None = None
        self.hits: Counter[str] = Counter()
        self.asked = 0
        """Requests made while it raged."""
        self._made: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def raging(self, seed: int | None) -> Iterator[None]:
        """Faults until the end of the `with`, none when the seed is None."""
        self.seed = seed
        self._made.clear()
        try:
            yield
        finally:
            self.seed = None

    @override
    def striking(self, method: str, path: str) -> Fault | None:
        if self.seed is None:
            return None
        request = method, re.sub(r"\d{5,}", lambda number: str(int(number[0]) % IDS_BEGIN), path)
        self._made[request] += 1
        self.asked += 1
        chance = random.Random(f"{self.seed} {request} {self._made[request]}")
        if chance.random() >= RATE:
            return None
        name = chance.choice(_CHOICES)
        if name == "time-out and done later" and not (method == "POST" and CREATING.fullmatch(path)):
            name = "time-out after"  # what can be repeated would be done again after what comes next
        self.hits[name] += 1
        return Fault(**KINDS[name])


def begin_ids_anew(panel: RunningPanel) -> None:
    """The seed again; ids go on at the next round number, because a provider host remembers what it has made."""
    store = panel.sandbox.panel.store
    last = dict(store.connection.execute("SELECT kind, last FROM sequences").fetchall())
    begin = (max(last.values(), default=0) // IDS_BEGIN + 1) * IDS_BEGIN
    panel.reset()
    for kind in ("servers", "users", "ssh_keys", "resource_packs", "credits", "traffic_blocks", "queue"):
        store.connection.execute("INSERT OR REPLACE INTO sequences VALUES (?, ?)", (kind, begin))
