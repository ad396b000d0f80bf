"""Whatever becomes of a panel, no object that the stack did not make is ever changed by it.

Random programs on the real provider host; between the runs, the panel comes back from backups, numbers and relations
go to strangers, and the state knows nothing of it. Every run compares the strangers' objects before and after.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.soak.calm import ADDITION, DRIFTS, EDITS, OTHER_OBJECTS, begun, happen, tried
from tests.soak.machine import World

ROUNDS = 3


@tried(examples=14)
@given(data=st.data())
def test_no_strangers_object_is_ever_changed(world: World, data: st.DataObject) -> None:
    walk = begun(world, data)
    walk.back_up()
    for _ in range(ROUNDS):
        happen(walk, data, OTHER_OBJECTS)
        happen(walk, data, {**OTHER_OBJECTS, **DRIFTS})
        if data.draw(st.sampled_from([False, False, True]), label="refreshed"):
            walk.refresh()
        for _ in range(2):  # an error ends the first: the state knows nothing of the rest
            happen(walk, data, EDITS)
            happen(walk, data, ADDITION)
            walk.up()
    walk.destroy()
