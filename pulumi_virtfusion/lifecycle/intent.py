"""Whether a changed argument that only a replacement can carry out is one that the program asks for.

Three values decide: what the program said when it was last carried out, what it says now, and what the panel has. A
difference between the first and the last is drift, and drift never destroys.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from ..schema.plain_values import is_known


class Intent(Enum):
    """What a plan makes of an argument that replaces."""

    KEEP = "nothing was asked for"
    TAKE_OVER = "the panel has it already, or nobody can know: the program is believed, and nothing is sent"
    REPLACE = "the program asks for another object"
    DOUBTFUL = "it may be drift: nothing is planned, and a warning says so"


def intent(
    said: Any,
    says: Any,
    has: Any,
    *,
    same: Callable[[Any, Any], bool],
    is_read_back: bool = True,
    is_trigger: bool = False,
    is_imported: bool = False,
    remembers: bool = True,
) -> Intent:
    """What to do about one argument; None is a value that is missing.

    `is_read_back`: the panel tells the value reliably, so `has` is true. `is_trigger`: the value means nothing to
    the panel.
    `is_imported`: the object was taken over, so what was never said may be so all the same. `remembers`: the state
    keeps the program's own words; one of an earlier version may hold drift instead.
    """
    if says is None:
        return Intent.KEEP
    if not is_known(says):
        return Intent.REPLACE  # it may turn out to be another one, and a preview never understates
    if said is not None and same(said, says):
        return Intent.KEEP
    if is_trigger:
        return Intent.REPLACE
    if has is not None and is_read_back and same(has, says):
        return Intent.TAKE_OVER
    if said is None and not is_read_back and (is_imported or not remembers):
        return Intent.TAKE_OVER
    if is_read_back and not remembers:
        return Intent.DOUBTFUL
    return Intent.REPLACE
