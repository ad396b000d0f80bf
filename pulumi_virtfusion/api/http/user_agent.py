"""The User-Agent: it names the command that this process runs for, so that a panel's log can be read by run."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pulumi_virtfusion.version import VERSION

AGENT = f"pulumi-virtfusion/{VERSION}"
PROC = Path("/proc")
_VERBS = {"pre": "preview", "update": "up", "down": "destroy", "dn": "destroy"} | {
    verb: verb for verb in ("preview", "up", "refresh", "destroy", "import", "watch")
}
"""The CLI's words for the commands that start a provider, each with the command's full name."""
_COMMAND = "command "


@dataclass(frozen=True)
class Run:
    """One start of the Pulumi CLI; `id` is the same in all processes that it starts."""

    command: str | None
    id: str


def user_agent(process: str, kind: str | None = None) -> str:
    """Return `pulumi-virtfusion/0.1.0 (pulumi up; program preview; run 1a2b3c4d)`, without any argument of that run."""
    run = _run()
    if process.startswith(_COMMAND):
        parts: list[str | None] = [f"virtfusion {process[len(_COMMAND) :]}", f"run {_own_id()}"]
    else:
        parts = [run.command, f"{process} {kind}" if kind else process, f"run {run.id}"]
    return f"{AGENT} ({'; '.join(filter(None, parts))})"


@cache
def _run() -> Run:
    for arguments, unique in _ancestors():
        if arguments and Path(arguments[0]).stem == "pulumi":
            verb = next((_VERBS[word] for word in arguments[1:] if word in _VERBS), None)
            return Run(f"pulumi {verb}" if verb else "pulumi", _digest(unique))
    # Without /proc: newer CLIs give all processes of one start the address of a collector of their own.
    collector = os.environ.get("PULUMI_LOG_OTLP_ENDPOINT")
    return Run(None, _digest(collector) if collector else _own_id())


@cache
def _own_id() -> str:
    return os.urandom(4).hex()


def _digest(text: str) -> str:
    return hashlib.sha256(f"{socket.gethostname()} {text}".encode()).hexdigest()[:8]


def _ancestors() -> Iterator[tuple[list[str], str]]:
    """Yield the arguments and a unique text of each process above this one; none where the system hides them."""
    process, seen = os.getppid(), set[int]()
    while process > 0 and process not in seen:
        seen.add(process)
        try:
            arguments = (PROC / str(process) / "cmdline").read_bytes().split(b"\0")[:-1]
            # The name before it may hold spaces and brackets.
            parent, *_, started = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()[1:20]
            yield [os.fsdecode(argument) for argument in arguments], f"{process} {started}"
            process = int(parent)
        except (OSError, ValueError):
            return
