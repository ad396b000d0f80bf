"""How much memory the provider host took at its peak, as Linux counts it."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from types import TracebackType

PROC = Path("/proc")
HOST = b"pulumi.dynamic"
EVERY = 0.1


class HostMemory:
    """Watches the provider hosts below a process while inside; `peak` in MB, None where the system does not tell."""

    def __init__(self, ancestor: int) -> None:
        self.peak: float | None = None
        self._ancestor = ancestor
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> HostMemory:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        hosts: set[int] = set()
        while not self._ended.wait(EVERY):
            hosts = hosts or _hosts_below(self._ancestor)
            for host in hosts:
                if (now := _peak_of(host)) is not None:
                    self.peak = max(self.peak or 0.0, now)


def _hosts_below(ancestor: int) -> set[int]:
    parents = {int(folder.name): _parent_of(folder) for folder in PROC.glob("[0-9]*")}
    return {process for process in parents if _is_below(process, ancestor, parents) and HOST in _command_of(process)}


def _is_below(process: int, ancestor: int, parents: dict[int, int]) -> bool:
    while process in parents and process != ancestor:
        process = parents[process]
    return process == ancestor


def _parent_of(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def _command_of(process: int) -> bytes:
    try:
        return (PROC / str(process) / "cmdline").read_bytes()
    except OSError:
        return b""


def _peak_of(process: int) -> float | None:
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", (PROC / str(process) / "status").read_text())
    except OSError:
        return None
    return int(found[1]) / 1024 if found else None
