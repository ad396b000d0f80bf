"""What a program sends to this door beside the arguments, in inputs of its own."""

from __future__ import annotations

from typing import Any, Final

CLOSED: Final = "__closed"
"""The input with the names of the arguments that hold a secret: no program tells a refresh."""
NON_SECRET: Final = "__openly"
"""The input that carries the arguments that hold no secret.

The dynamic host gets secrets in plain and without their marks. The constructor, which still sees the marks, sends along
what holds no secret; the check takes that away again, so that neither a preview nor a state has it. Shown is only the
very value that was sent along, for a transform may have put a secret in its place.
"""


def is_non_secret(name: str, value: object, openly: dict[str, Any]) -> bool:
    """Whether the argument arrived as the program gave it, without a secret in it."""
    return name in openly and repr(openly[name]) == repr(value)
