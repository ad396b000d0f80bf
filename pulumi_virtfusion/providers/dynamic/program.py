"""The inputs that a program sends to this provider beside the arguments."""

from __future__ import annotations

from typing import Any, Final

CLOSED: Final = "__closed"
"""The input with the names of the arguments that hold a secret: a refresh runs without the program's marks."""
NON_SECRET: Final = "__openly"
"""The input with a copy of each argument that holds no secret.

The dynamic host gets secrets in plain and without their marks. The constructor, which still sees the marks, sends this
copy; the check removes it, so that neither a preview nor a state has it. A message shows a value only where it equals
its copy, since a transform may have put a secret in its place.
"""


def is_non_secret(name: str, value: object, non_secret: dict[str, Any]) -> bool:
    """Whether the argument equals its non-secret copy: the constructor saw the value without a secret in it."""
    return name in non_secret and repr(non_secret[name]) == repr(value)
