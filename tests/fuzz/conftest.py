"""A bent panel before a world that holds one of everything."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.faults.world import World, running_world
from tests.fuzz.bends import TOKEN
from tests.fuzz.bent_panel import BentPanel, bent

ALL_CHECKS = [
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.function_scoped_fixture,
    HealthCheck.large_base_example,
]
TIMES = "FUZZ_TIMES"
"""How many times as many examples, other ones in each run."""


def tried(examples: int) -> settings:
    """So many examples in a run of all tests, always the same ones; others, and as many as it says, in a long run.

    What fails is shown as it was found: to make it smaller takes minutes, and only one thing or two is odd about each.
    """
    times = os.environ.get(TIMES)
    return settings(
        max_examples=int(times or 1) * examples,
        derandomize=not times,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=ALL_CHECKS,
    )


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running_world(TOKEN) as world:
        yield world


@pytest.fixture(scope="module")
def panel(world: World) -> Iterator[BentPanel]:
    with bent(world.panel) as panel:
        yield panel
