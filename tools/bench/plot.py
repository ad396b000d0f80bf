"""The phases as bars: ours beside the floors', one diagram for each latency, of the largest stack measured there."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from tools.bench.phases import PHASES
from tools.bench.programs import FLOOR, NATIVE, OURS, WHOLE
from tools.bench.results import Figure, Results

COLOURS = {OURS: "#5b3fd6", NATIVE: "#2a9d8f", FLOOR: "#b9b4c9", WHOLE: "#e3dfee"}
NAMES = {OURS: "pulumi-virtfusion, dynamic", NATIVE: "pulumi-virtfusion, native", FLOOR: FLOOR, WHOLE: WHOLE}
WIDTH = 0.8 / len(NAMES)


def draw(results: Results, path: Path) -> None:
    """Write the plot of the largest stacks that were measured beside the floor, as PNG; needs matplotlib."""
    latencies = sorted({figure.latency for figure in results.figures if figure.provider == FLOOR})
    if not latencies:
        print(f"No plot: nothing was measured beside the {FLOOR}, so {path.name} stays as it is.")
        return
    import_module("matplotlib").use("Agg")
    pyplot: Any = import_module("matplotlib.pyplot")
    drawing, places = pyplot.subplots(1, len(latencies), figsize=(5 * len(latencies), 4), squeeze=False)
    for place, latency in zip(places[0], latencies, strict=True):
        compared = (one for one in results.figures if one.latency == latency and one.provider == FLOOR)
        servers = max(figure.servers for figure in compared)
        _bars(place, results, latency, servers)
    places[0][0].set_ylabel("seconds (median; line: fastest to slowest)")
    places[0][0].legend(frameon=False, loc="upper left")
    drawing.tight_layout()
    drawing.savefig(path, dpi=110)


def _bars(place: Any, results: Results, latency: float, servers: int) -> None:
    for position, provider in enumerate(NAMES):
        shift = (position - (len(NAMES) - 1) / 2) * WIDTH
        found = [results.find(provider, latency, servers, phase) for phase in PHASES]
        figures = [figure or Figure(provider, latency, servers, "", [0.0]) for figure in found]
        spread = [
            [figure.median - min(figure.seconds) for figure in figures],
            [max(figure.seconds) - figure.median for figure in figures],
        ]
        place.bar(
            [number + shift for number in range(len(PHASES))],
            [figure.median for figure in figures],
            WIDTH,
            yerr=spread,
            color=COLOURS[provider],
            ecolor="#444444",
            label=NAMES[provider],
        )
    place.set_title(f"{servers} servers, the panel answers in {latency:g} ms", fontsize=10)
    place.set_xticks(range(len(PHASES)), [phase.replace(" ", "\n") for phase in PHASES], fontsize=8)
    place.margins(y=0.2)
    place.spines[["top", "right"]].set_visible(False)
