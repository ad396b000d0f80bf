"""Plain values between a provider and its lifecycle: unknown ones of a preview, and whole numbers sent as floats."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, Final


class Unknown:
    """A value that a preview cannot know yet; equal to nothing."""

    def __repr__(self) -> str:
        return "[unknown]"

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return False


UNKNOWN: Final = Unknown()


def transformed(value: Any, leaf: Callable[[Any], Any]) -> Any:
    """Copy lists and dicts, with `leaf` applied to every other value, however deep."""
    if isinstance(value, dict):
        return {key: transformed(item, leaf) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [transformed(item, leaf) for item in value]
    return leaf(value)


def is_known(value: Any) -> bool:
    """Whether nothing in the value is unknown, however deep."""
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    if isinstance(value, list | tuple):
        return all(map(is_known, value))
    return not isinstance(value, Unknown)


def known_part(value: Any) -> Any:
    """Copy a value without the unknown items of its lists and dicts."""
    if isinstance(value, dict):
        return {key: known_part(item) for key, item in value.items() if not isinstance(item, Unknown)}
    if isinstance(value, list | tuple):
        return [known_part(item) for item in value if not isinstance(item, Unknown)]
    return value


def id_number(text: str) -> int:
    """Convert an id to its number; raise ValueError for spellings that a state must not hold (`007`, `+7`, `7 `)."""
    if not re.fullmatch(r"[1-9][0-9]{0,15}", text):
        raise ValueError(f"{text!r} is not an id")
    return int(text)


def whole(value: Any) -> Any:
    """Convert a whole float to an int, since Pulumi carries every number as a float: 7.0 means 7."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def whole_numbers(value: Any) -> Any:
    """Convert every whole float in a value to an int, however deep."""
    return transformed(value, whole)


def carriable(value: Any) -> Any:
    """Convert a value to one that a state can hold: text in valid UTF-8, and numbers that a double can hold."""
    return transformed(value, _carriable)


def _carriable(leaf: Any) -> Any:
    if isinstance(leaf, str):
        return leaf.encode("utf-8", "replace").decode()
    if isinstance(leaf, int | float) and not isinstance(leaf, bool) and not abs(leaf) <= sys.float_info.max:
        return str(leaf)
    return leaf


def reported(record: Any, name: str) -> Any:
    """Return a record's value; None where the answer from which the record was read lacks the value."""
    fields = getattr(type(record), "model_fields", {})
    return None if name in fields and name not in record.model_fields_set else getattr(record, name, None)


def plain(value: Any) -> Any:
    """Convert a record's value to one that Pulumi can carry: the text of a secret, lists for tuples."""
    return transformed(value, lambda leaf: leaf.get_secret_value() if hasattr(leaf, "get_secret_value") else leaf)
