"""The words that a lifecycle and the doors to it share."""

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
"""The input that says that the object was taken over: what the program never said may be so all the same."""


class Context(Protocol):
    """What a step may use beside its values."""

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
    """Why an argument is refused; whoever knows that its value is no secret may show `with_value` instead."""

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
class Found:
    outputs: dict[str, Any]
    inputs: dict[str, Any]
    id: str = ""
    """The Pulumi id, where it is another one than was asked for."""


class Refused(Exception):
    """What the program asks for cannot be done; the text is one readable paragraph."""


class Incomplete(Exception):
    """The object is there, but not all that the program declares of it: keep it, with the reasons.

    What is read has `inputs` too.
    """

    def __init__(self, made: Made, reasons: list[str], inputs: dict[str, Any] | None = None) -> None:
        super().__init__("; ".join(reasons))
        self.made, self.reasons, self.inputs = made, reasons, inputs
