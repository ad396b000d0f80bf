"""The processor time of a command's processes, and the memory of the provider host, from Linux's /proc."""

from __future__ import annotations

import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

PROC = Path("/proc")
EVERY = 0.1
"""Seconds between two looks; the processor time of a process after its last look is not counted."""
HOST = "host"
NAMES = {b"pulumi.dynamic": HOST, b"pulumi-resource-virtfusion": HOST, b"pulumi-language-python-exec": "program"}
ENGINE = "engine"
"""The CLI itself, including the language host, which does next to nothing."""


@dataclass(frozen=True)
class Seen:
    """The figures of one process at the last look."""

    name: str
    seconds: float
    """Seconds of processor time."""
    memory: float
    """MB at its peak."""


class Processes:
    """Watches the processes of a session until the context ends; finds none on a system without /proc."""

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
        """The peak memory of the largest provider host in MB, or None without one."""
        return max((seen.memory for seen in self._seen.values() if seen.name == HOST), default=None)

    @property
    def processor(self) -> dict[str, float]:
        """Seconds of processor time, by `engine`, `program` and provider `host`."""
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
        if not command:  # a process of another session, or one that has just ended
            return None
        peak = re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text())
    except OSError:
        return None
    name = next((name for part, name in NAMES.items() if part in command), ENGINE)
    ticks = int(fields[11]) + int(fields[12])
    return Seen(name, ticks / os.sysconf("SC_CLK_TCK"), int(peak[1]) / 1024 if peak else 0.0)
