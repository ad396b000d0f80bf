"""The `import_` option of a program, which both providers carry as an input: the first `up` adopts the object."""

from __future__ import annotations

from typing import Any, Final

from ..lifecycle.contract import ADOPTED, Checked, Context, Made, Values
from ..lifecycle.lifecycle import Lifecycle

IMPORT_ID: Final = "import_id"
"""The input with the option's value."""


def check(lifecycle: Lifecycle, context: Context, olds: Values, news: Values) -> Checked:
    """Check arguments that may have the option; an existing resource keeps the option of its creation, or none."""
    adopts, arguments = news.get(IMPORT_ID), _without(news)
    checked = lifecycle.check(context, olds, arguments, None if olds else adopts)
    if (kept := olds.get(IMPORT_ID) if olds else adopts) is not None:
        checked.inputs[IMPORT_ID] = kept
    return checked


def create(lifecycle: Lifecycle, context: Context, inputs: Values) -> Made:
    """Adopt the object that the option names, or make one without the option."""
    if IMPORT_ID in inputs:
        return lifecycle.adopt(context, inputs[IMPORT_ID], _without(inputs))
    return lifecycle.create(context, inputs)


def planned(inputs: Values) -> Values:
    """Return the inputs of a plan, with the mark `ADOPTED` where the option adopted the object."""
    return {**inputs, ADOPTED: True} if IMPORT_ID in inputs else inputs


def _without(inputs: Values) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name != IMPORT_ID}
