"""The outputs that a preview shows: an output is unknown only if an argument that feeds it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..schema.fields import Change, Field
from ..schema.plain_values import UNKNOWN, is_known
from .behaviour import Behaviour
from .contract import Values

PACKAGE = "package_id"
"""The argument whose change overwrites every field that declares a `package_component`."""


def foreseen_new(fields: Mapping[str, Field], inputs: Values) -> dict[str, Any]:
    """Return the outputs of a planned create: given arguments, values that follow from them, and UNKNOWN."""
    outputs = {f.name: _of_new(f, inputs) for f in fields.values()}
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

    An update that also completes an earlier, incomplete one makes every computed output unknown that is not stable.
    """
    names = {f.name for f in changed}
    repairs = not names or not behaviour.is_complete(olds)
    hidden = {name: value for name, value in olds.items() if name.startswith("__")}
    outputs = {
        f.name: UNKNOWN
        if repairs and f.change is Change.COMPUTED and not f.stable
        else _of_update(f, olds, news, names)
        for f in behaviour.fields.values()
        if f.from_id is None
    }
    return {**hidden, **{name: value for name, value in outputs.items() if value is not None}}


def _of_update(f: Field, olds: Values, news: Values, changed: set[str]) -> Any:
    if _is_fed_by(f, changed):
        return UNKNOWN
    if f.change is Change.NEXT_TIME and f.drifts:
        return olds.get(f.name)  # the panel keeps the old value
    if f.name in news and f.name in changed:
        return news[f.name] if f.read_back != "always" or f.is_canonical(news[f.name]) else UNKNOWN
    if f.change is Change.NOTE:
        return news.get(f.name, f.default)
    if f.name in news and not f.drifts:
        return news[f.name]
    return olds.get(f.name)


def _is_fed_by(f: Field, changed: set[str]) -> bool:
    """Whether one of the changed arguments, other than the field itself, can change the field's value."""
    if PACKAGE in changed and f.package_component is not None:
        return f.change is Change.REPLACE or f.name not in changed
    if f.fed_by is not None:
        return bool(changed.intersection(f.fed_by))
    return f.change is Change.COMPUTED and not f.stable
