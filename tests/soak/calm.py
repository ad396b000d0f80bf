"""Random lives without faults, for the property tests: what a person does, what happens at the panel, and runs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.soak import programs, strategies
from tests.soak.engine import Declared
from tests.soak.machine import World
from tests.soak.walk import Walk

ALL_CHECKS = [
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.function_scoped_fixture,
    HealthCheck.large_base_example,
]
EXAMPLES = "PROPERTY_EXAMPLES"
"""How many lives a property is tried with: a few, always the same ones, unless this says how many."""
Event = Callable[[Walk, st.DataObject], None]


def tried(examples: int) -> settings:
    """So many lives in a run of all tests."""
    wanted = os.environ.get(EXAMPLES)
    # The first life that fails is shown as it is: to look for a shorter one takes minutes.
    return settings(
        phases=(Phase.generate, Phase.shrink) if wanted else (Phase.generate,),
        max_examples=int(wanted or examples),
        derandomize=not wanted,
        deadline=None,
        database=None,
        suppress_health_check=ALL_CHECKS,
    )


def begun(world: World, data: st.DataObject, program: Mapping[str, Declared] | None = None) -> Walk:
    """A stack that is up, of a random program unless one is given."""
    walk = Walk(world.panel, world.host(), world.process, world.tally, Counter())
    walk.ask(world.host(), data.draw(st.sampled_from([1, 1, 4]), label="steps at once"))
    if program is None:
        program = data.draw(strategies.beginnings(), label="program")
    for name, declared in program.items():
        walk.add(name, declared)
    walk.up()
    return walk


def happen(walk: Walk, data: st.DataObject, events: Mapping[str, Event]) -> None:
    """One of the events; nothing where it has nothing to happen to."""
    name = data.draw(st.sampled_from(sorted(events)), label="event")
    walk.tally[name] += 1
    events[name](walk, data)


def _one_of(choose: Callable[[Walk], list[Any]], do: Callable[[Walk, Any], object]) -> Event:
    def event(walk: Walk, data: st.DataObject) -> None:
        if found := choose(walk):
            do(walk, data.draw(st.sampled_from(found)))

    return event


def _add(walk: Walk, data: st.DataObject) -> None:
    walk.add(*data.draw(strategies.additions(walk)))


def _change(walk: Walk, data: st.DataObject) -> None:
    if any(declared.kind not in programs.FOR_GOOD for declared in walk.program.values()):
        name, arguments = data.draw(strategies.changes(walk))
        walk.change(name, **arguments)


def change_in_place(walk: Walk, data: st.DataObject) -> None:
    name, arguments = data.draw(strategies.changes(walk, in_place=True))
    walk.change(name, **arguments)


EDITS: Mapping[str, Event] = {
    "resource added": _add,
    "resource changed": _change,
    "argument taken out": _one_of(strategies.taken_out, lambda walk, what: walk.change(what[0], **{what[1]: None})),
    "resource removed": _one_of(
        lambda walk: programs.removable(walk.program) if walk.program else [], lambda walk, name: walk.remove(name)
    ),
}
ADDITION: Mapping[str, Event] = {"resource added": _add}
DRIFTS: Mapping[str, Event] = {
    "drift": _one_of(strategies.drifting, lambda walk, what: walk.drift(what[0], {what[1]: what[2]})),
    "drift for good": _one_of(
        strategies.drifting_for_good, lambda walk, what: walk.drift_for_good(what[0], what[1], {what[2]: what[3]})
    ),
    "object lost": _one_of(strategies.losable, lambda walk, name: walk.lose(name)),
    "other system installed": _one_of(
        lambda walk: [(name, system) for name in strategies.built(walk) for system in (1, 2, 3, 7)],
        lambda walk, what: walk.rebuild(*what),
    ),
    "server put into a pack": _one_of(strategies.packable, lambda walk, pair: walk.put_into_pack(*pair)),
    "panel respells": lambda walk, _: walk.normalise(),
}


def _restore(walk: Walk, data: st.DataObject) -> None:
    if walk.backup is not None:
        walk.restore(data.draw(st.sets(st.integers(0, 7)), label="ids given again"))


OTHER_OBJECTS: Mapping[str, Event] = {
    "backup": lambda walk, _: walk.back_up(),
    "panel restored": _restore,
    "id given away": _one_of(strategies.given_away, lambda walk, name: walk.give_away(name)),
    "relation given away": _one_of(strategies.users_given_away, lambda walk, name: walk.give_relation_away(name)),
}
