"""Suggestions for a misspelt name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, TypeVar

NEAR = 0.8
"""The least likeness of a misspelt name to the right one, by `difflib`'s measure from 0 to 1."""
NEAREST = 0.7
"""The least likeness where the name is certainly wrong, so that a guess does no harm."""

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


def nearest(name: str, names: Collection[str]) -> str | None:
    """Return the name of which `name` is a misspelling; None for one with an additional word (`euToken`)."""
    if name in names:
        return None
    meant = _closest(name, names, NEAR)
    return None if meant is None or _words(name) > _words(meant) else meant


def did_you_mean(name: str, names: Collection[str]) -> str:
    """Return ` (did you mean package_id?)` for a name that is none of the names; "" where none is like it."""
    meant = _closest(name, names, NEAREST)
    return f" (did you mean {meant}?)" if meant else ""


def naming_the_nearest(function: FunctionT) -> FunctionT:
    """Make the `TypeError` for an unknown keyword suggest the nearest parameter, as Python 3.13 does."""
    parameters = inspect.signature(function).parameters
    known = [one for one in parameters.values() if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    names = [one.name for one in known if one.name != "self"]

    @wraps(function)
    def named(*arguments: Any, **keywords: Any) -> Any:
        for name in keywords:
            if name not in names and (meant := _closest(name, names, NEAREST)):
                raise TypeError(
                    f"{function.__qualname__}() got an unexpected keyword argument {name!r}. Did you mean {meant!r}?"
                )
        return function(*arguments, **keywords)

    return named  # type: ignore[return-value]


def _closest(name: str, names: Collection[str], cutoff: float) -> str | None:
    from difflib import get_close_matches  # needed for a misspelt name alone

    plain = {_letters(one): one for one in names}
    close = get_close_matches(_letters(name), plain, n=1, cutoff=cutoff)
    return plain[close[0]] if close else None


def _letters(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+", name)}
