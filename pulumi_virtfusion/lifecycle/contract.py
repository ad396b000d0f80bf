"""The contract between a lifecycle and the provider that calls it.

A `Context` goes in; `Checked`, `Diff`, `Made` or `Found` comes out, or `Refused` or `Incomplete` is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..api import VirtFusion
    from ..config import Settings
    from .run import Run

Values = Mapping[str, Any]
ADOPTED = "__adopted"
"""The input that marks an adopted object: the panel may already have a value that its program gives only now.

It is also the output that marks an adopted system: this stack did not build it, so no update builds it once more.
"""


class Context(Protocol):
    """The surroundings of one step: the panel, its settings and run, the URN of the resource, and messages."""

    @property
    def panel(self) -> VirtFusion: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def run(self) -> Run: ...
    @property
    def urn(self) -> str: ...
    def warn(self, message: str) -> None: ...
    def inform(self, message: str) -> None: ...
    def progress(self, message: str) -> None: ...


@dataclass(frozen=True)
class Problem:
    """An argument that is refused, and the reason; `with_value` also shows the value, which may be a secret."""

    argument: str
    reason: str
    with_value: str = ""


@dataclass(frozen=True)
class Step:
    """One operation and the changed arguments that it carries out."""

    operation: Callable[..., object]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    inputs: dict[str, Any]
    problems: list[Problem]


@dataclass(frozen=True)
class Diff:
    changed: list[str]
    replaces: list[str]
    delete_first: bool = False


@dataclass(frozen=True)
class Made:
    """An object at the panel: its Pulumi id, and the outputs to keep."""

    id: str
    outputs: dict[str, Any]


@dataclass(frozen=True)
class Part:
    """An object that belongs to a server."""

    id: str
    """The id for `import_`."""
    record: Any
    """The record, as `Behaviour.find` returns it."""
    name: str
    """Its name beside that of its server: `primary firewall`."""
    remark: str = ""
    """The arguments that a program leaves out to take it over, and why."""


@dataclass(frozen=True)
class Found:
    outputs: dict[str, Any]
    inputs: dict[str, Any]
    id: str = ""
    """The Pulumi id; "" where the id that was asked for stays."""


class Refused(Exception):
    """A request of the program that cannot be carried out; the text is one readable paragraph."""


class Incomplete(Exception):
    """An object that exists, but lacks a part of the program's declaration: the provider keeps it, with the reasons.

    A read gives its `inputs` too.
    """

    def __init__(self, made: Made, reasons: list[str], inputs: dict[str, Any] | None = None) -> None:
        super().__init__("; ".join(reasons))
        self.made, self.reasons, self.inputs = made, reasons, inputs
