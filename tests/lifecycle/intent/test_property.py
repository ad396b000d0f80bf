"""Whatever an `up` destroys or wipes stood in its preview, and the program itself had asked for it.

Random programs, edits and drift, on the real provider host, in the engine's order of calls: a preview, in which what
is still to be made is unknown, and then the update with what is known by then. `tests/soak/destruction.py` says what
counts as destroyed and what as asked for.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.soak.calm import DRIFTS, EDITS, begun, change_in_place, happen, tried
from tests.soak.engine import Declared, Ref
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


OUTPUTS = ("name", "memory", "cpu_cores", "state", "hypervisor_id", "hypervisor_group_id", "hostname", "suspended")
CHANGES = st.fixed_dictionaries(
    {"name": st.sampled_from(["shop", "db ", "mail"])},
    optional={"memory": st.sampled_from([512, 3000]), "package_id": st.sampled_from([1, 2])},
)
NOT_LOST = {name: event for name, event in DRIFTS.items() if name != "object lost"}


@pytest.mark.only_through("native")
@tried(examples=10)
@given(data=st.data())
def test_what_depends_on_outputs_changes_only_as_the_preview_said(world: World, data: st.DataObject) -> None:
    """Also where somebody changes the objects at the panel between the preview and the update."""
    walk = begun(world, data, program_of_dependents(data))
    for _ in range(ROUNDS):
        happen(walk, data, NOT_LOST)
        if data.draw(st.booleans(), label="refreshed"):
            walk.refresh()
        walk.change("server", **data.draw(CHANGES, label="changed"))
        walk.engine.between = lambda: happen(walk, data, NOT_LOST)
        walk.up()
        done = {step.name for step in walk.steps if step.op != "same"}
        assert done <= walk.engine.planned.keys(), f"{done} of {list(walk.engine.planned)}"
    walk.engine.between = lambda: None


def program_of_dependents(data: st.DataObject) -> dict[str, Declared]:
    """A server on which a build and an action of another server depend, by some of its outputs."""
    needed = data.draw(st.lists(st.sampled_from(OUTPUTS), min_size=1, max_size=2, unique=True), label="needed")
    owned = {"package_id": 1, "user_id": Ref("user", "user_id"), "hypervisor_group_id": 1}
    given: dict[str, Any] = data.draw(st.sampled_from([{}, {"memory": 512}, {"name": "web "}]), label="given")
    dependent = {"server_id": Ref("other", "server_id"), "triggers": [Ref("server", name) for name in needed]}
    return {
        "user": Declared("User", {"name": "Ada", "email": "ada@example.com"}),
        "server": Declared("Server", {**owned, **given}),
        "first": Declared("ServerBuild", {"server_id": Ref("server", "server_id"), "operating_system_id": 1}),
        "other": Declared("Server", owned),
        "system": Declared("ServerBuild", {**dependent, "operating_system_id": 1}),
        "deed": Declared("ServerAction", {**dependent, "action": "reset_password"}),
    }
