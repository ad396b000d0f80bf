"""The benchmark imports modules that exist, and its table has a column for each provider."""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from tools.bench.comparison import PROVIDERS
from tools.bench.phases import PHASES
from tools.bench.plot import draw
from tools.bench.questions import USED_BY_THE_HOST
from tools.bench.report import text
from tools.bench.results import Figure, Results
from tools.trial import printing


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


def test_nothing_is_drawn_without_a_floor_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw(Results([Figure(PROVIDERS[0], 0, 10, "up", [4.0])]), tmp_path / "plot.png")
    assert not list(tmp_path.iterdir())
    assert "No plot: nothing was measured beside the floor" in capsys.readouterr().out


def test_a_process_that_prints_more_than_a_pipe_holds_goes_on(tmp_path: Path) -> None:
    script = "import sys, time; print('one\\ntwo\\n' + 'x' * 10**6); open(sys.argv[1], 'x'); time.sleep(60)"
    with printing([sys.executable, "-c", script, str(tmp_path / "done")], 2) as first:
        assert first == ["one", "two"]
        deadline = time.monotonic() + 20
        while not (tmp_path / "done").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_process_that_ends_before_it_has_said_what_it_should_is_named() -> None:
    with pytest.raises(SystemExit, match="printed only 1 of 2 lines"), printing([sys.executable, "-c", "print(1)"], 2):
        pass
