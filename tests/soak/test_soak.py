"""A short walk with every run of the tests; `make soak` walks for long."""

from __future__ import annotations

from tests.soak.__main__ import soak
from tests.soak.machine import World

STEPS = 100


def test_whatever_happens_program_state_and_panel_agree_in_the_end(world: World) -> None:
    soak(world, own_seed=2, steps=STEPS, walks=4)
    assert world.tally["steps"] >= STEPS
    assert sum(world.random_faults.hits.values()) > 0
    assert world.tally["create"] > 0
