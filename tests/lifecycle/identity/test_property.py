"""Whatever becomes of a panel, no object that the stack did not make is ever changed by it.

Random programs on the real provider host; between the runs, the panel comes back from backups, numbers and relations
go to strangers, and the state knows nothing of it. Every run compares the strangers' objects before and after.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.soak.calm import DRIFTS, EDITS, OTHER_OBJECTS, begun, happen, tried
from tests.soak.machine import World

ROUNDS = 4


@tried(examples=12)
@given(data=st.data())
def test_no_strangers_object_is_ever_changed(world: World, data: st.DataObject) -> None:
    walk = begun(world, data)
    walk.back_up()
    for _ in range(ROUNDS):
        happen(walk, data, EDITS)
        happen(walk, data, {**OTHER_OBJECTS, **DRIFTS})
        happen(walk, data, OTHER_OBJECTS)
        if data.draw(st.booleans(), label="refreshed"):
            walk.refresh()
        walk.up()
    walk.destroy()
