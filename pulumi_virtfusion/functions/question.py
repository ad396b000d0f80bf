"""A question to a panel: a GET of the client and its arguments."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from ..api import Relation, VirtFusion
from ..api.sections.section import Section
from ..program.failure import plain_errors
from ..program.panel import stack_settings
from ..schema import types
from ..schema.fields import invalid
from .read_cache import read_cache_of

T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """A GET and its arguments; two are equal when all arguments mean the same."""

    method: Callable[..., Any]
    arguments: tuple[tuple[str, Hashable], ...]

    @classmethod
    def of(cls, method: Callable[..., Any], ids: tuple[Any, ...], options: Mapping[str, Any]) -> Question:
        """Parse the arguments of a question; raise `Invalid`."""
        given = inspect.signature(method).bind(None, *ids, **options).arguments
        accepted = _accepted(method)
        return cls(
            method, tuple((name, _parsed(name, given[name], accepted[name])) for name in accepted if name in given)
        )

    def put_to(self, panel: VirtFusion) -> Any:
        """Return the panel's answer; a list has the rows of all pages."""
        answer = self.method(_section_of(self.method)(panel.transport), **dict(self.arguments))
        return list(answer) if isinstance(answer, Iterator) else answer


def ask(method: Callable[..., T], client: VirtFusion | None, *ids: object, **options: object) -> T:
    """Return the answer of `client`, or else of the program's panel, to a GET of the client; one request a run."""
    with plain_errors():
        panel = client or stack_settings().panel()
        question = Question.of(method, ids, options)
        answer = read_cache_of(panel).get(question, lambda: question.put_to(panel))
    return list(answer) if isinstance(answer, list) else answer  # type: ignore[return-value]


def ask_for_all(
    method: Callable[..., Iterator[T]], client: VirtFusion | None, *ids: object, **options: object
) -> list[T]:
    """Return all rows of an operation that answers in pages, as `ask` does."""
    return list(ask(method, client, *ids, **options))


def _section_of(method: Callable[..., Any]) -> type[Section]:
    section: type[Section] = getattr(sys.modules[method.__module__], method.__qualname__.partition(".")[0])
    return section


@cache
def _accepted(method: Callable[..., Any]) -> dict[str, TypeAdapter[Any]]:
    hints = get_type_hints(method)
    parameters = [parameter for parameter in inspect.signature(method).parameters.values() if parameter.name in hints]
    return {parameter.name: TypeAdapter(_type(parameter, hints[parameter.name])) for parameter in parameters}


def _type(parameter: inspect.Parameter, hint: Any) -> Any:
    """Return the type of a parameter; a number by position is in the path, and so an id."""
    if hint == Relation:
        return types.Relation
    return types.Identifier if hint is int and parameter.kind is parameter.POSITIONAL_OR_KEYWORD else hint


def _parsed(name: str, value: Any, accepted: TypeAdapter[Any]) -> Hashable:
    try:
        parsed = accepted.validate_python(value)
    except ValidationError as error:
        raise invalid(error, name) from None
    hashable: Hashable = tuple(parsed) if isinstance(parsed, list) else parsed
    return hashable
