"""One operation of the API: method and path, and the rule that answers, called by the rule's own signature."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_origin, get_type_hints

from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel

from .bodies import Body, read_body, read_query
from .panel.panel import Panel
from .panel.refusals import LaravelRefusal
from .rules.pages import Page

Envelope = Literal["data", "bare", "nothing"]

_PLACEHOLDER = re.compile(r"{(\w+)}")


class WrongRoute(LaravelRefusal):
    """A path that belongs to no operation."""

    def __init__(self, path: str) -> None:
        super().__init__(404, f"The route api/v1{path} could not be found.")


@dataclass(frozen=True)
class Operation:
    """An operation; `envelope` is the wrapper of the rule's result: `data`, none, or no body at all."""

    method: str
    path: str
    status: int
    rule: Callable[..., Any]
    envelope: Envelope = "data"
    keeps_results: bool = False
    """Whether the URLs of a paged answer repeat `results`."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(_PLACEHOLDER.sub(r"(?P<\1>[^/]+)", self.path) + r"\Z")

    @cached_property
    def _in_path(self) -> frozenset[str]:
        return frozenset(_PLACEHOLDER.findall(self.path))

    @cached_property
    def _arguments(self) -> dict[str, tuple[str, Any]]:
        """By argument of the rule, the API's name, and the body's model or an adapter for the text."""
        hints = get_type_hints(self.rule, include_extras=True)
        names = list(inspect.signature(self.rule).parameters)[1:]
        return {name: (to_camel(name), _reader(hints[name])) for name in names}

    def answer(
        self, panel: Panel, path: str, placeholders: Mapping[str, str], query: Mapping[str, list[str]], body: Any
    ) -> Any:
        """Call the rule, and return its result in the envelope; None where the answer has no body."""
        arguments: dict[str, Any] = {}
        for name, (wire_name, reader) in self._arguments.items():
            if wire_name in self._in_path:
                arguments[name] = _from_path(reader, placeholders[wire_name], path)
            elif not isinstance(reader, TypeAdapter):
                arguments[name] = read_body(reader, body)
            elif values := query.get(wire_name) or query.get(f"{wire_name}[]"):
                arguments[name] = read_query(reader, wire_name, values)
        return self._wrap(self.rule(panel, **arguments), path)

    def _wrap(self, result: Any, path: str) -> Any:
        if isinstance(result, Page):
            return result.envelope(path, keeps_results=self.keeps_results)
        return {"data": result} if self.envelope == "data" else result


def _reader(hint: Any) -> Any:
    if get_origin(hint) is None and inspect.isclass(hint) and issubclass(hint, Body):
        return hint
    return TypeAdapter(hint)


def _from_path(adapter: TypeAdapter[Any], text: str, path: str) -> Any:
    """Parse an id in a path, which is plain digits; raise `WrongRoute` for any other text."""
    kind = adapter.core_schema["type"]
    if kind == "int":
        if not (text.isascii() and text.isdigit() and len(text) < 20):
            raise WrongRoute(path)
        return int(text)
    if kind == "literal" and text not in adapter.core_schema.get("expected", ()):
        raise WrongRoute(path)
    return text
