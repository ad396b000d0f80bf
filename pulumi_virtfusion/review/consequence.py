"""One thing that a plan does to one resource, and its place in a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .plan import Step

SectionName = Literal["destroyed", "wiped", "replaced", "created", "taken_over", "package_changes", "in_place", "other"]


@dataclass(frozen=True)
class Change:
    """An argument's value before and after, as texts that are safe to show."""

    argument: str
    old: str | None
    """None where the resource is new."""
    new: str


@dataclass(frozen=True)
class Consequence:
    """The effect of a step on one resource; equal effects on several resources share a row."""

    section: SectionName
    step: Step
    what: str
    """The effect in our own words, without any text of the plan."""
    detail: str = ""
    """Words of the panel, inert."""
    changes: tuple[Change, ...] = ()
    destroys: bool = False
    """Whether a server, a build or a pack with servers is deleted, replaced or wiped."""
    replaces: bool = False
    """Whether anything is replaced or deleted."""
    rank: int = 0
    """The lower, the more dangerous within its section."""
