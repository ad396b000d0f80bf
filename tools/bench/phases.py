"""The timed life of a stack: the seconds, requests and memory of each command."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.stack import Result, Stack, UnexpectedOutcome
from tools.bench.panel import TOKEN, Panel
from tools.bench.processes import Processes
from tools.bench.programs import CHOSEN_BY, servers_program

UP = ("up", "--yes", "--skip-preview")
UNCHANGED = "--expect-no-changes"
PHASES: dict[str, tuple[str, ...]] = {
    "up": UP,
    "no-change preview": ("preview", UNCHANGED),
    "no-change up": (*UP, UNCHANGED),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "package change": UP,
    "destroy": ("destroy", "--yes", "--skip-preview"),
}


@dataclass(frozen=True)
class Run:
    """The cost of one command: seconds, requests, the most at once, the host's peak in MB, and processor seconds."""

    seconds: float
    requests: int
    in_flight: int
    memory: float | None
    processor: dict[str, float]


@contextmanager
def new_stack(program: str, panel: Panel, environment: Mapping[str, str]) -> Iterator[Stack]:
    """Make a stack on a file backend, in a folder that is deleted when the context ends."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = {"VIRTFUSION_ENDPOINT": panel.url, "VIRTFUSION_TOKEN": TOKEN, "PACKAGE": "1"}
        home = Path(folder) / "home"
        yield Stack(Path(folder), program, pulumi_home=home, environment={**place, **environment})


def timed(stack: Stack, panel: Panel, *command: str) -> Run:
    """Run a command and return its cost; raise UnexpectedOutcome when it fails."""
    panel.count_anew()
    started = time.perf_counter()
    process = stack.start(*command)
    with Processes(process.pid) as processes:
        stdout, stderr = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode != 0:
        raise UnexpectedOutcome(str(Result(command, process.returncode, stdout, stderr)))
    metrics = panel.metrics()
    return Run(seconds, metrics["requests"], metrics["in_flight_peak"], processes.host_memory, processes.processor)


def life(
    provider: str, servers: int, panel: Panel, parallel: int, environment: Mapping[str, str]
) -> Iterator[tuple[str, Run]]:
    """Run every phase of a new stack in order, and yield each phase's name and cost."""
    panel.start_over()
    with new_stack(servers_program(provider, servers), panel, {**environment, **CHOSEN_BY.get(provider, {})}) as stack:
        for phase, command in PHASES.items():
            if phase == "package change":
                stack.environment["PACKAGE"] = "2"
            yield phase, timed(stack, panel, *command, "--parallel", str(parallel))
