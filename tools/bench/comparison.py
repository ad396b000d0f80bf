"""Every phase of ours beside the floor's, repeated in turn, so that a busy moment of the machine meets both."""

from __future__ import annotations

from collections.abc import Mapping

from tools.bench import floor
from tools.bench.panel import Panel, running_panel
from tools.bench.phases import life
from tools.bench.programs import FLOOR, OURS
from tools.bench.results import Figure

PARALLEL = 16
"""Operations at once for both: the default of `maxConcurrency`."""


def compared(latency: float, servers: int, repetitions: int) -> list[Figure]:
    """Both providers' figures for that many servers, on a panel of that latency in milliseconds."""
    figures: dict[tuple[str, str], Figure] = {}
    with running_panel(latency=latency) as panel:
        for _ in range(repetitions):
            for provider, environment in ((OURS, {}), (FLOOR, {floor.THREADS: str(PARALLEL)})):
                _add_life(figures, provider, latency, servers, panel, environment)
    return list(figures.values())


def _add_life(
    figures: dict[tuple[str, str], Figure],
    provider: str,
    latency: float,
    servers: int,
    panel: Panel,
    environment: Mapping[str, str],
) -> None:
    for phase, run in life(provider, servers, panel, PARALLEL, environment):
        figure = figures.setdefault((provider, phase), Figure(provider, latency, servers, phase))
        figure.seconds.append(round(run.seconds, 3))
        figure.requests = max(figure.requests, run.requests)
        figure.in_flight = max(figure.in_flight, run.in_flight)
        figure.memory = max(filter(None, (figure.memory, run.memory)), default=None)
        figure.processor.append(run.processor)
        print(f"{provider} {latency:g} ms {servers} servers, {phase}: {run.seconds:.1f} s", flush=True)
