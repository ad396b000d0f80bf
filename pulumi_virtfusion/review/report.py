"""The content of a review in any format: rows in sections, most dangerous first.

`--format json` writes this model; version 1 only ever gets new fields.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ..schema.non_secret import without
from .consequence import Consequence, SectionName
from .consequences import LONGEST_LINE, consequences_of
from .inert_text import inert
from .plan import NoPlan, Plan, plan_of
from .shown_values import secret_forms
from .subjects import Subject, subject_of

TITLES: dict[SectionName, str] = {
    "destroyed": "Destroyed",
    "wiped": "Wiped",
    "replaced": "Replaced",
    "created": "Created",
    "taken_over": "Taken over",
    "package_changes": "Package changes",
    "in_place": "Changed in place",
    "other": "Everything else",
}
"""The sections, most dangerous first."""
DANGEROUS: tuple[SectionName, ...] = ("destroyed", "wiped", "replaced")
MANY_IN_DANGER, MANY = 50, 10
"""The most resources that one row names, in dangerous sections and in the others."""
MANY_CHANGES = 12
MANY_WARNED = 5
"""The most resources that a warning names."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ChangedArgument(_Part):
    """An argument's values as short texts; `old` is null where the resource is new."""

    argument: str
    old: str | None
    new: str


class Row(_Part):
    """An equal change of one or more resources."""

    kind: str
    """The class, such as `Server`; the full type for a resource of another provider."""
    what: str
    detail: str
    changes: tuple[ChangedArgument, ...]
    changes_left_off: int
    count: int
    resources: tuple[Subject, ...]
    """The first resources, in order of their names."""
    destroys: bool
    replaces: bool


class Section(_Part):
    """One kind of consequences, with the number of rows and resources that the size limit cut."""

    name: SectionName
    count: int
    """The number of resources, those of rows that were left off included."""
    rows: tuple[Row, ...]
    rows_left_off: int = 0
    resources_left_off: int = 0


class PreviewWarning(_Part):
    """A warning of the preview, once."""

    text: str
    count: int
    resources: tuple[str, ...]


class Report(_Part):
    """The whole review."""

    version: Literal[1] = 1
    stack: str
    project: str
    complete: bool
    """Whether the preview came to its end."""
    destroys: bool
    """Whether a server, a build or a pack with servers is deleted, replaced or wiped."""
    replaces: bool
    """Whether anything is replaced or deleted."""
    counts: dict[SectionName, int]
    unchanged: int
    sections: tuple[Section, ...]
    warnings: tuple[PreviewWarning, ...]
    warnings_left_off: int = 0


def report_on(data: bytes) -> Report:
    """Return the report on the output of `pulumi preview --json`; raise `NoPlan` for any other input."""
    try:
        return _report(plan_of(data))
    except RecursionError:
        raise NoPlan("The input is nested too deeply to be a preview.") from None


def _report(plan: Plan) -> Report:
    found = consequences_of(plan)
    sections = [_section(plan, name, [one for one in found if one.section == name]) for name in TITLES]
    stack, project = plan.stack
    return Report(
        stack=inert(stack),
        project=inert(project),
        complete=plan.complete,
        destroys=any(one.destroys for one in found),
        replaces=any(one.replaces for one in found),
        counts={section.name: section.count for section in sections},
        unchanged=plan.unchanged,
        sections=tuple(section for section in sections if section.count),
        warnings=tuple(_warnings(plan, {(one.step.urn, one.detail) for one in found})),
    )


def _section(plan: Plan, name: SectionName, found: Sequence[Consequence]) -> Section:
    equal: dict[tuple[object, ...], list[Consequence]] = {}
    for one in sorted(found, key=lambda one: one.rank):
        equal.setdefault((one.rank, _kind(one), one.what, one.detail, one.changes, one.destroys), []).append(one)
    return Section(name=name, count=len(found), rows=tuple(_row(plan, alike) for alike in equal.values()))


def _row(plan: Plan, alike: Sequence[Consequence]) -> Row:
    first = alike[0]
    many = MANY_IN_DANGER if first.section in DANGEROUS else MANY
    changes = [ChangedArgument(argument=one.argument, old=one.old, new=one.new) for one in first.changes]
    return Row(
        kind=_kind(first),
        what=first.what,
        detail=first.detail,
        changes=tuple(changes[:MANY_CHANGES]),
        changes_left_off=max(0, len(changes) - MANY_CHANGES),
        count=len(alike),
        resources=tuple(subject_of(plan, one.step) for one in sorted(alike, key=_in_order)[:many]),
        destroys=first.destroys,
        replaces=first.replaces,
    )


def _in_order(one: Consequence) -> list[tuple[str, int]]:
    """Return the sort key of a resource's name: `web-2` before `web-10`."""
    parts = re.findall(r"([^0-9]*)([0-9]*)", inert(one.step.name))
    return [(text, int(digits or 0)) for text, digits in parts]


def _kind(one: Consequence) -> str:
    return one.step.kind or inert(one.step.type)


def _warnings(plan: Plan, in_rows: Container[tuple[str, str]]) -> Iterable[PreviewWarning]:
    """Yield each warning once, with its resources, without the lines that a row of its resource has."""
    secrets = secret_forms(plan)
    texts: Counter[str] = Counter()
    about: dict[str, dict[str, None]] = {}
    for message in plan.messages:
        lines = [line for line in message.lines if (message.urn, inert(line, LONGEST_LINE)) not in in_rows]
        if message.severity != "warning" or not lines:
            continue
        text = inert(without(" ".join(lines), secrets), LONGEST_LINE)
        texts[text] += 1
        about.setdefault(text, {})[message.urn] = None
    for text, count in texts.items():
        names = [inert(urn.split("::", 3)[-1]) for urn in about[text] if urn]
        yield PreviewWarning(text=text, count=count, resources=tuple(names[:MANY_WARNED]))
