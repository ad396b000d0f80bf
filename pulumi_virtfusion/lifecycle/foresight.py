"""The outputs that a preview shows: an output is unknown only if an argument that feeds it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..schema.fields import Change, Field
from ..schema.plain_values import UNKNOWN, is_known
from .behaviour import Behaviour
from .contract import Values

UNDONE = "__undone"
"""The output that marks an object of which a create or an update left something undone, or unread."""
PACKAGE = "package_id"
"""The argument whose change overwrites every field that declares a `package_component`."""


def foreseen_new(fields: Mapping[str, Field], inputs: Values, *, adopted: bool = False) -> dict[str, Any]:
    """Return the outputs of a planned create: given arguments, values that follow from them, and UNKNOWN.

    Of an `adopted` object, the panel knows more of some arguments than they say.
    """
    outputs = {f.name: UNKNOWN if adopted and _is_fed_by(f, {f.name}) else _of_new(f, inputs) for f in fields.values()}
    return {name: value for name, value in outputs.items() if value is not None}


def _of_new(f: Field, inputs: Values) -> Any:
    if f.name in inputs:
        return inputs[f.name]
    if f.change is Change.NOTE:
        return f.default
    if f.is_input and f.read_back == "never":
        return None
    for name, convert in f.given_as.items():
        if name in inputs and is_known(inputs[name]):
            return convert(inputs[name])
    return UNKNOWN


def foreseen(behaviour: Behaviour, olds: Values, news: Values, changed: Iterable[Field]) -> dict[str, Any]:
    """Return the outputs after an update that carries out the changed arguments.

    An update that also completes an earlier one reads anew whatever the earlier one may have changed.
    """
    names = {f.name for f in changed}
    completes = not names or UNDONE in olds or not behaviour.is_complete(olds)
    hidden = {name: value for name, value in olds.items() if name.startswith("__") and name != UNDONE}
    outputs = {
        f.name: UNKNOWN if completes and _may_have_changed(f, olds, news) else _of_update(f, olds, news, names)
        for f in behaviour.fields.values()
        if f.from_id is None
    }
    return {**hidden, **{name: value for name, value in outputs.items() if value is not None}}


def as_foreseen(outputs: Values, foreseen: Values) -> dict[str, Any]:
    """Return the outputs of a create or an update, with the very values that its preview knew.

    An output that turns out otherwise than in the preview would change, or wipe, what depends on it, and no preview
    would have shown that. So drift that the deed itself did not cause is left to a refresh, and to the preview after.
    """
    known = {name: value for name, value in foreseen.items() if is_known(value) and not name.startswith("__")}
    return {**outputs, **known}


def _may_have_changed(f: Field, olds: Values, news: Values) -> bool:
    """Whether an earlier update that ended halfway may have left another value at the panel than in the state."""
    is_read = f.drifts and (f.name in olds or f.change is Change.COMPUTED)
    return is_read and not f.stable and not (f.change is Change.IN_PLACE and f.name in news)


def _of_update(f: Field, olds: Values, news: Values, changed: set[str]) -> Any:
    if _is_fed_by(f, changed) and not (f.stable and olds.get(f.name)):
        return UNKNOWN
    if f.change is Change.NEXT_TIME and f.drifts:
        return olds.get(f.name)  # the panel keeps the old value
    if f.name in news and (f.name in changed or not f.drifts):
        return news[f.name]
    if f.change is Change.NOTE:
        return f.default
    # The state of an earlier version may lack an output.
    return olds.get(f.name, UNKNOWN if f.change is Change.COMPUTED else None)


def _is_fed_by(f: Field, changed: set[str]) -> bool:
    """Whether one of the changed arguments changes the value to one that only the panel knows."""
    if PACKAGE in changed and f.package_component is not None:
        return f.change is Change.REPLACE or f.name not in changed
    if f.fed_by is not None:
        return bool(changed.intersection(f.fed_by))
    return f.change is Change.COMPUTED and not f.stable
