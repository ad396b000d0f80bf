"""Every phase of ours beside the floor's, repeated in turn, so that a busy moment of the machine meets both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tools.bench import floor
from tools.bench.panel import Panel, running_panel
from tools.bench.phases import life
from tools.bench.programs import FLOOR, OURS
from tools.bench.results import Figure

PARALLEL = 16
"""Operations at once for both: the default of `maxConcurrency`."""


def compared(latency: float, counts: list[int], repetitions: int) -> Iterator[Figure]:
    """Both providers' figures on a panel of that latency in milliseconds."""
    with running_panel(latency=latency) as panel:
        for servers in counts:
            figures: dict[tuple[str, str], Figure] = {}
            for _ in range(repetitions):
                for provider, environment in ((OURS, {}), (FLOOR, {floor.THREADS: str(PARALLEL)})):
                    _add_life(figures, provider, latency, servers, panel, environment)
            yield from figures.values()


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
        print(f"{provider} {latency:g} ms {servers} servers, {phase}: {run.seconds:.1f} s", flush=True)
