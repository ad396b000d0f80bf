"""The benchmark imports modules that exist, and its table has a column for each provider."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tools.bench.comparison import PROVIDERS
from tools.bench.phases import PHASES
from tools.bench.questions import USED_BY_THE_HOST
from tools.bench.report import text
from tools.bench.results import Figure, Results


@pytest.mark.parametrize("module", USED_BY_THE_HOST)
def test_the_modules_that_a_start_is_measured_by_exist(module: str) -> None:
    assert find_spec(module) is not None


def test_a_row_has_every_provider_of_a_phase() -> None:
    seconds = dict(zip(PROVIDERS, (4.0, 5.0, 2.0, 3.0), strict=True))
    figures = [Figure(name, 0, 10, phase, [seconds[name]], 7) for name in PROVIDERS for phase in PHASES]
    rows = text(Results(figures)).splitlines()[-len(PHASES) :]
    assert all(
        row.startswith(f"| 10 | {phase} | 4.00 | 5.00 | 2.00 | 3.00 | 2.00 | 1.25 | 7 / 7 / 7 |")
        for row, phase in zip(rows, PHASES, strict=True)
    )


def test_a_provider_that_was_not_measured_leaves_a_dash() -> None:
    ours = Figure(PROVIDERS[0], 0, 10, "up", [4.0])
    assert "| 10 | up | 4.00 | - | - | - | - | - | 0 / - / - |" in text(Results([ours]))
