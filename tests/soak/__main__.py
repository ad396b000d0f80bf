"""The long form: `python -m tests.soak --seed 1 --steps 2000`."""

from __future__ import annotations

import argparse
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.doors import DOORS
from tests.soak.machine import Soak, World, running_world

STEPS_A_WALK = 50
WALKS_AT_ONCE = 10
SEEDS_APART = 1000
"""A seed of ours is so many of Hypothesis: two of ours never walk the same walk."""


def soak(world: World, own_seed: int, steps: int, *, walks: int = WALKS_AT_ONCE, shrink: bool = True) -> None:
    """Walks until so many steps are done, always the same walks for the same seed."""
    for number in range(SEEDS_APART):
        if world.tally["steps"] >= steps:
            return

        class Seeded(Soak):
            def __init__(self) -> None:
                super().__init__(world)

        run_state_machine_as_test(seed(own_seed * SEEDS_APART + number)(Seeded), settings=_settings(walks, shrink))


def _settings(walks: int, shrink: bool) -> settings:
    return settings(
        max_examples=walks,
        stateful_step_count=STEPS_A_WALK,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--as-found", action="store_true", help="show a failing walk as it is, which is faster")
    parser.add_argument(
        "--door", strategies=sorted(DOORS), default="dynamic", help="which provider the walks go through"
    )
    wanted = parser.parse_args()
    started = time.monotonic()
    with running_world(wanted.door) as world:
        try:
            soak(world, wanted.seed, wanted.steps, shrink=not wanted.as_found)
        finally:
            _summarize(world)
        print(f"seed {wanted.seed}, {time.monotonic() - started:.0f} s: nothing lost, doubled or leaked")


def _summarize(world: World) -> None:
    faults = sum(world.random_faults.hits.values())
    steps, walks = world.tally["steps"], world.tally["walks"]
    print(f"{steps} steps in {walks} walks, {faults} faults among {world.random_faults.asked} requests")
    for title, counts in (("Done", world.tally), ("By class", world.classes), ("Faults", world.random_faults.hits)):
        print(f"{title}: {_listed(counts)}")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(
        f"{count} {name}" for name, count in sorted(counts.items()) if count and name not in ("steps", "walks")
    )


if __name__ == "__main__":
    main()
