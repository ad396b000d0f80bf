"""Further measurements: threads, builds, backends, the size of a state, imports, and the sandbox itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.stack import Stack
from tools.bench import floor
from tools.bench.panel import Panel, running_panel
from tools.bench.phases import UP, Run, new_stack, timed
from tools.bench.programs import CHOSEN_BY, FLOOR, NATIVE, OURS, WHOLE, builds_program, servers_program

Table = list[list[str]]
SLOW = 1000
"""The latency of a slow panel, in milliseconds."""
SERVERS, BUILDS, LARGE = 100, 60, 300
CONCURRENCY = "VIRTFUSION_MAX_CONCURRENCY"


def threads() -> Table:
    """Measure a hundred servers on a panel that takes a second for an answer, by four threads and by more."""
    rows = [["What makes 100 servers", "`--parallel`", "seconds", "in flight at most"]]
    with running_panel(latency=SLOW) as panel:
        for what, provider, parallel, environment in (
            ("a dynamic provider as it comes: four threads", FLOOR, 64, {}),
            ("this provider, `maxConcurrency` 4", OURS, 64, {CONCURRENCY: "4"}),
            ("this provider as it comes: `maxConcurrency` 16", OURS, 64, {}),
            ("this provider, `maxConcurrency` 64", OURS, 64, {CONCURRENCY: "64"}),
            ("the floor with 64 threads", FLOOR, 64, {floor.THREADS: "64"}),
        ):
            run = _up(panel, servers_program(provider, SERVERS), environment, "--parallel", str(parallel))
            rows.append([what, str(parallel), f"{run.seconds:.1f}", str(run.in_flight)])
            print(*rows[-1], sep=", ", flush=True)
    return rows


def builds() -> Table:
    """Measure sixty servers that each take twenty seconds to build."""
    rows = [["60 builds of 20 s, `maxConcurrency` 64", "seconds", "requests", "in flight at most", "host memory, MB"]]
    with running_panel(build_seconds=20) as panel:
        for parallel in (16, 64):
            run = _up(panel, builds_program(BUILDS), {CONCURRENCY: "64"}, "--parallel", str(parallel))
            memory = f"{run.memory:.0f}" if run.memory else "-"
            rows.append(
                [f"`--parallel {parallel}`", f"{run.seconds:.1f}", str(run.requests), str(run.in_flight), memory]
            )
            print(*rows[-1], sep=", ", flush=True)
    return rows


ZSTD = {"PULUMI_DIY_BACKEND_ZSTD": "1"}
NO_BACKUPS = {"PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "1"}
NO_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "1", "PULUMI_SKIP_CHECKPOINTS": "1"}


def backend() -> Table:
    """Measure three hundred new servers under each setting of the backend."""
    rows = [[f"{LARGE} new servers, a file backend", "seconds", "state on disk, kB"]]
    with running_panel() as panel:
        for what, environment, parallel in (
            ("`--parallel 16`", {}, 16),
            ("`--parallel 4`", {}, 4),
            ("`--parallel 64`", {}, 64),
            ("`PULUMI_DIY_BACKEND_ZSTD=1`", ZSTD, 16),
            ("`PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS=1`", NO_BACKUPS, 16),
            ("both", {**ZSTD, **NO_BACKUPS}, 16),
            ("no checkpoints at all (an experiment of Pulumi's, for measuring only)", NO_CHECKPOINTS, 16),
        ):
            panel.start_over()
            with new_stack(servers_program(OURS, LARGE), panel, environment) as stack:
                run = timed(stack, panel, *UP, "--parallel", str(parallel))
                rows.append([what, f"{run.seconds:.1f}", f"{_state_size(stack) / 1000:.0f}"])
            print(*rows[-1], sep=", ", flush=True)
        rows.append(["three stacks that share them, one after the other", *_split(panel, at_once=1)])
        rows.append(["three stacks that share them, at once", *_split(panel, at_once=3)])
    return rows


def state() -> Table:
    """Measure the size of one server in the state, beside the floors'."""
    rows = [["State of a server, bytes of JSON", "all", "inputs and outputs", "stack trace"]]
    with running_panel() as panel:
        for provider in (OURS, NATIVE, FLOOR, WHOLE):
            panel.start_over()
            with new_stack(servers_program(provider, 1), panel, CHOSEN_BY.get(provider, {})) as stack:
                stack.run(*UP)
                kept = stack.resources()["web-0"]
            values = {name: kept[name] for name in ("inputs", "outputs")}
            sizes = [len(json.dumps(part)) for part in (kept, values, kept.get("stackTrace", []))]
            rows.append([provider, *map(str, sizes)])
    return rows


def sandbox() -> Table:
    """Measure the sandbox's highest rate, to show that the sandbox is not the limit."""
    with running_panel() as panel:
        most = panel.most_requests_a_second()
    return [["The sandbox, asked by a loop on 8 connections", "requests a second"], ["GET /connect", f"{most:.0f}"]]


USED_BY_THE_HOST = (
    "pydantic.type_adapter",
    "requests",
    "pulumi_virtfusion.api.http.transport",
    "pulumi_virtfusion.api.records.servers",
)
SERVER_CLASS = {
    OURS: "import pulumi_virtfusion; pulumi_virtfusion.Server",
    FLOOR: "from tools.bench import floor; floor.Server",
}


def start_up() -> Table:
    """Measure the imports of a program and of a provider host beside Pulumi's own, by `python -X importtime`."""
    rows = [["Imports beside Pulumi's own, milliseconds", OURS, FLOOR]]
    ours, least = (_import_time("import pulumi, pulumi.dynamic", SERVER_CLASS[name]) for name in (OURS, FLOOR))
    rows.append(["a program with a server", f"{ours:.0f}", f"{least:.0f}"])
    client = f"{SERVER_CLASS[OURS]}; import {', '.join(USED_BY_THE_HOST)}"
    ours, least = (_import_time("import pulumi.dynamic, dill, grpc", then) for then in (client, SERVER_CLASS[FLOOR]))
    rows.append(["the provider host, once it asks the panel", f"{ours:.0f}", f"{least:.0f}"])
    return rows


def _import_time(first: str, then: str, times: int = 9) -> float:
    """Return the median milliseconds that the imports of `then` take after those of `first`."""
    script = f"{first}\nimport sys\nprint('then', file=sys.stderr)\n{then}"
    command = [sys.executable, "-X", "importtime", "-c", script]
    printed = [subprocess.run(command, capture_output=True, text=True, check=True).stderr for _ in range(times)]
    each = [re.findall(r"^import time: +(\d+) \|", text.partition("\nthen\n")[2], re.MULTILINE) for text in printed]
    return median(sum(map(int, one)) / 1000 for one in each)


ASKED: dict[str, Callable[[], Table]] = {
    "threads": threads,
    "builds": builds,
    "backend": backend,
    "state": state,
    "start-up": start_up,
    "sandbox": sandbox,
}


def _up(panel: Panel, program: str, environment: Mapping[str, str], *options: str) -> Run:
    panel.start_over()
    with new_stack(program, panel, environment) as stack:
        return timed(stack, panel, *UP, *options)


def _split(panel: Panel, at_once: int) -> list[str]:
    """Return the seconds and kilobytes of three stacks that share the servers of one, `at_once` of them at a time."""
    panel.start_over()
    with ExitStack() as opened:
        stacks = [opened.enter_context(new_stack(servers_program(OURS, LARGE // 3), panel, {})) for _ in range(3)]
        started = time.perf_counter()
        with ThreadPoolExecutor(at_once) as runs:
            list(runs.map(lambda stack: stack.run(*UP, "--parallel", "16", timeout=600), stacks))
        seconds = time.perf_counter() - started
        return [f"{seconds:.1f}", f"{sum(map(_state_size, stacks)) / 1000:.0f}"]


def _state_size(stack: Stack) -> int:
    """Return the bytes of the stack's newest checkpoint."""
    folder = Path(stack.environment["PULUMI_BACKEND_URL"].removeprefix("file://"))
    kept = [path for path in (folder / ".pulumi" / "stacks").rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in kept if ".bak" not in path.name and ".attrs" not in path.name)
