"""The `import_` option of a program, which both doors carry as an input: the first `up` takes the object over."""

from __future__ import annotations

from typing import Any, Final

from ..lifecycle.contract import ADOPTED, Checked, Context, Made, Values
from ..lifecycle.lifecycle import Lifecycle

IMPORT_ID: Final = "import_id"
"""The input with what the option names."""


def check(lifecycle: Lifecycle, context: Context, olds: Values, news: Values) -> Checked:
    """Check arguments that may have it; added later it changes nothing, and once carried out it is remembered."""
    adopts, arguments = news.get(IMPORT_ID), _without(news)
    checked = lifecycle.check(context, olds, arguments, None if olds else adopts)
    if (kept := olds.get(IMPORT_ID) if olds else adopts) is not None:
        checked.inputs[IMPORT_ID] = kept
    return checked


def create(lifecycle: Lifecycle, context: Context, inputs: Values) -> Made:
    """Take the object over that it names, or make one."""
    if IMPORT_ID in inputs:
        return lifecycle.adopt(context, inputs[IMPORT_ID], _without(inputs))
    return lifecycle.create(context, inputs)


def planned(inputs: Values) -> Values:
    """The inputs of a plan; one that once took its object over says so."""
    return {**inputs, ADOPTED: True} if IMPORT_ID in inputs else inputs


def _without(inputs: Values) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name != IMPORT_ID}
