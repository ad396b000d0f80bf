"""The decision whether a changed argument, which only a replacement can carry out, is the program's wish or drift.

Three values decide: the program's value in the last update, its value now, and the panel's value. A difference
between the first and the last is drift, and drift never destroys.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from ..schema.plain_values import is_known


class Intent(Enum):
    """The decision of a plan about an argument that replaces; the value is the reason."""

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
    """Decide about one argument from `said` (in the last update), `says` (now) and `has` (the panel); None is missing.

    `is_read_back`: the panel reports the value reliably, so `has` can be trusted. `is_trigger`: the value means nothing
    to the panel. `is_imported`: the object was adopted, so the panel may have a value that the program never gave.
    `remembers`: the state keeps the program's own values; a state of an earlier version may hold drift instead.
    """
    if says is None:
        return Intent.KEEP
    if not is_known(says):
        return Intent.REPLACE  # the value may turn out to differ, and a preview never understates
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
