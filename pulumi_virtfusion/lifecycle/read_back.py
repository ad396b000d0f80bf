"""The value that a state keeps of a field, from the panel's record, the program and the state."""

from __future__ import annotations

from typing import Any

from ..schema.fields import Change, Field, Invalid
from .contract import Values


def kept(f: Field, value: Any, inputs: Values, previous: Values) -> Any:
    """Choose the output of a field whose `value` is in the record; None for no output."""
    if f.change is Change.NOTE:
        return value_in(f, inputs)
    # A record keeps what newer panels tell, also under the name of an argument that means something else.
    value = None if f.read_back == "never" else value
    if f.change is Change.COMPUTED:
        return next(one for one in (value, previous.get(f.name), f.empty) if one is not None)
    if f.name in inputs and not f.drifts:
        return inputs[f.name]
    if tells(f, value):
        return value
    before = previous.get(f.name), inputs.get(f.name), value
    return next((one for one in before if one is not None), None)


def tells(f: Field, value: Any) -> bool:
    """Whether a record's value is a value of the argument: an id of 0 stands for no value, as None does."""
    if value is None or value or isinstance(value, bool | str | list):
        return value is not None
    try:
        f.parse(value)
    except Invalid:
        return False
    return True


def value_in(f: Field, values: Values, otherwise: Any = None) -> Any:
    """Return the value of an argument; for a note that is left out, return its default."""
    value = values.get(f.name, otherwise)
    return f.default if value is None and f.change is Change.NOTE else value
