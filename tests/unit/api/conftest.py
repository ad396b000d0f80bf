"""A client and a scripted panel for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from pulumi_virtfusion.api import RetryPolicy, VirtFusion
from tests.unit.api.scripted_panel import Line, ScriptedPanel

TOKEN = "17|MarkedSecretOfTheTests0123456789abcdef"

Play = Callable[..., ScriptedPanel]
ClientOf = Callable[..., VirtFusion]


@pytest.fixture
def play() -> Iterator[Play]:
    """Starts panels that play the given lines, or what a function says for each request's number, at a `place`."""
    panels: list[ScriptedPanel] = []

    def start(*lines: Line, by_number: Callable[[int], Line] | None = None, **place: Any) -> ScriptedPanel:
        script: Iterable[Line] | Callable[[int], Line] = by_number or lines
        panels.append(ScriptedPanel(script, **place))
        return panels[-1]

    yield start
    for panel in panels:
        panel.stop()


@pytest.fixture
def client_of() -> ClientOf:
    """Makes clients that wait for tenths of seconds where real ones wait for minutes."""

    def make(panel: ScriptedPanel, **settings: Any) -> VirtFusion:
        retry_policy = RetryPolicy(lost=0.4, connecting=0.3, first_delay=0.02, longest_delay=0.1)
        return VirtFusion(panel.url, TOKEN, **{"request_timeout": 5, "retry_policy": retry_policy, **settings})

    return make
