"""An operation of the API, as data beside the method that performs the operation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import quote

Verb = Literal["GET", "POST", "PUT", "DELETE"]
Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """One operation of the vendor's description."""

    verb: Verb
    path: str
    """The template, as the vendor writes it: `/servers/{serverId}/modify/name`."""
    repeatable: bool
    """Whether a second, equal request leaves the panel as the first request did."""
    needs_body: bool
    """Whether the answer is in the body, so that a success without JSON is a lost answer."""

    def path_for(self, *values: int | str) -> str:
        """Return the path with `values` in its placeholders, in their order; raise TypeError for a value too many."""
        remaining = iter(values)
        filled = re.sub(r"\{\w+\}", lambda _: _segment(next(remaining)), self.path)
        if unused := tuple(remaining):
            raise TypeError(f"{self.path} has no place for {unused}")
        return filled


def operation(
    verb: Verb, path: str, *, repeatable: bool | None = None, needs_body: bool | None = None
) -> Callable[[Method], Method]:
    """Declare the operation that a method performs.

    By default, no POST is repeatable, and a GET needs its body, as does a method that returns a value.
    """

    def attach(method: Method) -> Method:
        returns = method.__annotations__["return"] not in (None, "None")
        method.operation = Operation(  # type: ignore[attr-defined]
            verb,
            path,
            verb != "POST" if repeatable is None else repeatable,
            (verb == "GET" or returns) if needs_body is None else needs_body,
        )
        return method

    return attach


def operation_of(method: Callable[..., Any]) -> Operation:
    """Return the operation that a client method such as `Servers.rename` declares; raise TypeError without one."""
    declared = getattr(method, "operation", None)
    if not isinstance(declared, Operation):
        raise TypeError(f"{method!r} declares no operation of the API")
    return declared


def _segment(value: int | str) -> str:
    if not isinstance(value, str):
        return str(int(value))
    if value in ("", ".", ".."):
        # HTTP libraries fold dot segments away even when they are escaped: the request would go somewhere else.
        raise ValueError(f"{value!r} cannot be part of a path")
    return quote(value, safe="")
