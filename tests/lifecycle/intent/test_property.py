"""Whatever an `up` destroys or wipes stood in its preview, and the program itself had asked for it.

Random programs, edits and drift, on the real provider host, in the engine's order of calls: a preview, in which what
is still to be made is unknown, and then the update with what is known by then. `tests/soak/destruction.py` says what
counts as destroyed and what as asked for.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.soak.calm import DRIFTS, EDITS, begun, change_in_place, happen, tried
from tests.soak.machine import World

ROUNDS = 4


@tried(examples=12)
@given(data=st.data())
def test_nothing_is_destroyed_that_no_preview_showed_and_nobody_asked_for(world: World, data: st.DataObject) -> None:
    walk = begun(world, data)
    for _ in range(ROUNDS):
        for _ in range(data.draw(st.integers(1, 3), label="events")):
            happen(walk, data, {**EDITS, **DRIFTS})
        if data.draw(st.booleans(), label="refreshed"):
            walk.refresh()
        walk.up()
    walk.destroy()


@tried(examples=6)
@given(data=st.data())
def test_drift_alone_destroys_nothing(world: World, data: st.DataObject) -> None:
    """However the panel changes, a program that only changes what is done in place replaces and deletes nothing."""
    walk = begun(world, data)
    walk.settle()
    for _ in range(ROUNDS):
        for _ in range(data.draw(st.integers(1, 3), label="events")):
            happen(walk, data, {name: event for name, event in DRIFTS.items() if name != "object lost"})
        for _ in range(3):
            change_in_place(walk, data)
        walk.refresh()
        steps = walk.engine.preview(walk.program)
        assert {step.op for step in steps} <= {"update"}
        walk.up()
