"""The figures as tables between markers of the documentation, and as a plot."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Iterable
from datetime import datetime, timezone
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tests.stack import child_environment, pulumi_cli
from tools.bench.phases import PHASES
from tools.bench.plot import draw
from tools.bench.processes import ENGINE, HOST
from tools.bench.programs import FLOOR, NATIVE, OURS, WHOLE
from tools.bench.results import Figure, Results

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    "performance.md": ("machine", "phases", "threads", "builds", "state", "start-up", "sandbox"),
    "large-stacks.md": ("backend",),
}
PLOT = "performance.png"
KINDS = ("program", HOST, ENGINE)
NOT_MEASURED = "-"


def machine() -> dict[str, str]:
    """Return the machine and the versions of a measurement, with its date."""
    command = [pulumi_cli(), "version"]
    cli = subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=True).stdout.strip()
    packages = ("pulumi", "pydantic", "requests")
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "Machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "Load when the measuring began": load,
        "Python": platform.python_version(),
        "Pulumi CLI": cli,
        "Packages": ", ".join(f"{name} {version(name)}" for name in packages),
        "Date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
    }


def write(results: Results) -> None:
    """Put the tables into their pages, and draw the plot where matplotlib is installed."""
    for page, parts in PAGES.items():
        path = DOCS / page
        text = path.read_text(encoding="utf-8")
        for part in parts:
            if made := _part(results, part):
                text = _between_markers(text, part, made)
        path.write_text(text, encoding="utf-8")
    if not results.figures:
        return
    if find_spec("matplotlib"):
        draw(results, DOCS / PLOT)
    else:
        print("No plot: `pip install 'pulumi-virtfusion[bench]'` brings matplotlib.")


def text(results: Results) -> str:
    """Return all tables, one after the other."""
    parts = [part for page in PAGES.values() for part in page]
    return "\n\n".join(f"{part}:\n{made}" for part in parts if (made := _part(results, part)))


def _part(results: Results, part: str) -> str:
    if part == "machine":
        return _table([["Where", ""], *map(list, results.machine.items())])
    if part == "phases":
        return "\n\n".join(_phases(results, latency) for latency in sorted({f.latency for f in results.figures}))
    return _table(results.tables[part]) if part in results.tables else ""


def _phases(results: Results, latency: float) -> str:
    head = [f"{latency:g} ms", "phase", "dynamic, s", "native, s", "floor, s", "with as many outputs, s"]
    head += ["dynamic to floor", "native to dynamic", "requests", "in flight", "host, MB"]
    head += [f"processor, s, {name}" for name in ("dynamic", "native", "floor")]
    rows = [head]
    for servers in sorted({figure.servers for figure in results.figures if figure.latency == latency}):
        for phase in PHASES:
            found = [results.find(name, latency, servers, phase) for name in (OURS, NATIVE, FLOOR, WHOLE)]
            if any(found):
                rows.append([f"{servers}", phase, *_compared(*found)])
    return _table(rows)


def _compared(ours: Figure | None, native: Figure | None, least: Figure | None, whole: Figure | None) -> list[str]:
    beside = (ours, native, least)
    return [
        *(_spread(figure) if figure else NOT_MEASURED for figure in (*beside, whole)),
        _ratio(ours, least),
        _ratio(native, ours),
        *(
            " / ".join(shown(figure) if figure else NOT_MEASURED for figure in beside)
            for shown in (_requests, _in_flight, _memory)
        ),
        *(_processor(figure) if figure else NOT_MEASURED for figure in beside),
    ]


def _ratio(figure: Figure | None, to: Figure | None) -> str:
    return f"{figure.median / to.median:.2f}" if figure and to else NOT_MEASURED


def _requests(figure: Figure) -> str:
    return str(figure.requests)


def _in_flight(figure: Figure) -> str:
    return str(figure.in_flight)


def _memory(figure: Figure) -> str:
    return f"{figure.memory:.0f}" if figure.memory else NOT_MEASURED


def _processor(figure: Figure) -> str:
    """Return the processor seconds of the program, the provider host and the engine."""
    return " + ".join(f"{figure.of_processor(kind):.1f}" for kind in KINDS)


def _spread(figure: Figure) -> str:
    """Return the median, with the fastest and the slowest of several repetitions."""
    if len(figure.seconds) == 1:
        return f"{figure.median:.2f}"
    return f"{figure.median:.2f} ({min(figure.seconds):.2f}-{max(figure.seconds):.2f})"


def _table(rows: Iterable[list[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _between_markers(text: str, part: str, made: str) -> str:
    opened, closed = f"<!-- {part} -->", f"<!-- /{part} -->"
    found = re.compile(f"{re.escape(opened)}.*?{re.escape(closed)}", re.DOTALL)
    return found.sub(lambda _: f"{opened}\n{made}\n{closed}", text)
