"""What the processes of a command took, as Linux counts it: processor time, and the provider host's memory."""

from __future__ import annotations

import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

PROC = Path("/proc")
EVERY = 0.1
"""Seconds between two looks; what a process does after the last one is not counted."""
HOST = "host"
NAMES = {b"pulumi.dynamic": HOST, b"pulumi-resource-virtfusion": HOST, b"pulumi-language-python-exec": "program"}
ENGINE = "engine"
"""The CLI itself; the language host, which does next to nothing, counts as part of it."""


@dataclass(frozen=True)
class Seen:
    """One process at the last look."""

    name: str
    seconds: float
    """Of processor time."""
    memory: float
    """MB at its peak."""


class Processes:
    """Watches the processes of a session while inside; empty where the system does not tell."""

    def __init__(self, session: int) -> None:
        self._session = session
        self._seen: dict[int, Seen] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Processes:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def host_memory(self) -> float | None:
        """MB of the largest provider host at its peak."""
        return max((seen.memory for seen in self._seen.values() if seen.name == HOST), default=None)

    @property
    def processor(self) -> dict[str, float]:
        """Seconds of processor time: of the `engine`, the `program` and the provider `host`."""
        names = sorted({seen.name for seen in self._seen.values()})
        return {name: round(sum(s.seconds for s in self._seen.values() if s.name == name), 2) for name in names}

    def _watch(self) -> None:
        while not self._ended.wait(EVERY):
            for folder in PROC.glob("[0-9]*"):
                if (seen := _look(folder, self._session)) is not None:
                    self._seen[int(folder.name)] = seen


def _look(folder: Path, session: int) -> Seen | None:
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        command = (folder / "cmdline").read_bytes() if int(fields[3]) == session else b""
        if not command:  # another's, or one that has just ended
            return None
        peak = re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text())
    except OSError:
        return None
    name = next((name for part, name in NAMES.items() if part in command), ENGINE)
    ticks = int(fields[11]) + int(fields[12])
    return Seen(name, ticks / os.sysconf("SC_CLK_TCK"), int(peak[1]) / 1024 if peak else 0.0)
