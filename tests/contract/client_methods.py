"""The client's methods by reflection, and values for their arguments by their type hints: no list to keep."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.api.sections.general import General
from pulumi_virtfusion.api.sections.section import Section

_client = VirtFusion("https://panel.example.com", "1|a-token-of-the-tests")
SECTIONS: list[type[Section]] = [
    General,
    *(type(getattr(_client, name)) for name, value in vars(VirtFusion).items() if isinstance(value, cached_property)),
]


@dataclass(frozen=True)
class ClientMethod:
    """A public method of a section."""

    section: type[Section]
    name: str

    @property
    def function(self) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(self.section, self.name)
        return function

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        return dict(list(inspect.signature(self.function).parameters.items())[1:])

    def samples(self, parameter: str) -> list[Any]:
        """At least two values, other ones for each parameter; whole numbers fit every range that the file has."""
        return list(_samples(get_type_hints(self.function)[parameter], list(self.parameters).index(parameter)))

    @property
    def required(self) -> dict[str, Any]:
        needed = (name for name, one in self.parameters.items() if one.default is inspect.Parameter.empty)
        return {name: self.samples(name)[0] for name in needed}

    @property
    def all_arguments(self) -> dict[str, Any]:
        return {name: self.samples(name)[0] for name in self.parameters}

    def call(self, client: VirtFusion, arguments: Mapping[str, Any]) -> Any:
        """The answer; that of an iterator as a list."""
        answer = self.function(self.section(client.transport), **arguments)
        return list(answer) if isinstance(answer, Iterator) else answer

    def __str__(self) -> str:
        return f"{self.section.__name__}.{self.name}"


METHODS = [
    ClientMethod(section, name)
    for section in SECTIONS
    for name, value in inspect.getmembers(section, inspect.isfunction)
    if not name.startswith("_")
]


def _samples(hint: Any, seed: int) -> Iterator[Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        yield from arguments
    elif origin in (Union, types.UnionType):
        for argument in arguments:
            if argument is not type(None):
                yield from _samples(argument, seed)
    elif origin is Mapping:
        yield from ({}, {"cpu": False})
    elif origin is Sequence:
        first, second = list(_samples(arguments[0], seed))[:2]
        yield from ([first, second], [second])
    else:
        yield from {
            int: (300 + 2 * seed, 301 + 2 * seed),
            float: (1.5 + seed, 2 + seed),
            str: (f"some text {seed}", f"ärger/{seed}?"),
            bool: (True, False),
        }[hint]
