"""Every phase of this provider's two doors and of the floors, repeated in turn, so that a busy moment slows all."""

from __future__ import annotations

from collections.abc import Iterable

from tools.bench import floor
from tools.bench.panel import Panel, running_panel
from tools.bench.phases import life
from tools.bench.programs import FLOOR, NATIVE, OURS, WHOLE
from tools.bench.results import Figure

PARALLEL = 16
"""Operations at once for every provider: the default of `maxConcurrency`."""
PROVIDERS = (OURS, NATIVE, FLOOR, WHOLE)


def compared(latency: float, servers: int, repetitions: int, providers: Iterable[str] = PROVIDERS) -> list[Figure]:
    """Measure the providers with that many servers, on a panel of that latency in milliseconds."""
    figures: dict[tuple[str, str], Figure] = {}
    with running_panel(latency=latency) as panel:
        for _ in range(repetitions):
            for provider in providers:
                _add_life(figures, provider, latency, servers, panel)
    return list(figures.values())


def _add_life(
    figures: dict[tuple[str, str], Figure], provider: str, latency: float, servers: int, panel: Panel
) -> None:
    environment = {floor.THREADS: str(PARALLEL)} if provider in (FLOOR, WHOLE) else {}
    for phase, run in life(provider, servers, panel, PARALLEL, environment):
        figure = figures.setdefault((provider, phase), Figure(provider, latency, servers, phase))
        figure.seconds.append(round(run.seconds, 3))
        figure.requests = max(figure.requests, run.requests)
        figure.in_flight = max(figure.in_flight, run.in_flight)
        figure.memory = max(filter(None, (figure.memory, run.memory)), default=None)
        figure.processor.append(run.processor)
        print(f"{provider} {latency:g} ms {servers} servers, {phase}: {run.seconds:.1f} s", flush=True)
