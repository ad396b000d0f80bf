"""The properties that a plan changes, in every detail, as `pulumi preview --diff` shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.runtime.proto import provider_pb2

from ...lifecycle.contract import Diff, Values
from ...schema.fields import Field
from .names import Names

PropertyDiff = provider_pb2.PropertyDiff
MISSING = object()
"""The value of a missing property, which is not equal to any value."""


def diff_response(
    diff: Diff, before: Values, news: Values, fields: Mapping[str, Field], names: Names
) -> provider_pb2.DiffResponse:
    """Return the response to a diff; `before` has the inputs that were last carried out.

    A refresh compares the panel and writes its values into the inputs: where those are equal, nothing is to be done.
    Other spellings of a value, and inputs of our own, are not shown as differences.
    """
    differing = [
        name
        for name in sorted({*before, *news} & fields.keys())
        if not (name in before and name in news and fields[name].same(before[name], news[name]))
    ]
    if any(name not in fields for name in diff.changed):  # only a mark of ours: no argument that anybody should see
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_SOME, hasDetailedDiff=True)
    if not diff.changed or not differing:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
    replaces = [name for name in diff.replaces if name in differing]
    detailed = {
        path: PropertyDiff(kind=_kind(change, name in replaces), inputDiff=True)
        for name in differing
        for path, change in _changes(
            names.on_the_wire(name), before.get(name, MISSING), news.get(name, MISSING), names.inside(name)
        )
    }
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME,
        diffs=[names.on_the_wire(name) for name in differing],
        replaces=[names.on_the_wire(name) for name in replaces],
        deleteBeforeReplace=diff.delete_first,
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )


def _kind(change: str, replaces: bool) -> Any:
    return PropertyDiff.Kind.Value(f"{change}_REPLACE" if replaces else change)


def _changes(path: str, old: Any, new: Any, names: Names | None = None) -> Iterator[tuple[str, str]]:
    """Yield each path below this one where two values differ, and the kind of the difference."""
    if old is MISSING or new is MISSING:
        yield path, "ADD" if old is MISSING else "DELETE"
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            step = _step(names.on_the_wire(key) if names else key)
            yield from _changes(path + step, old.get(key, MISSING), new.get(key, MISSING))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            one, other = (values[index] if index < len(values) else MISSING for values in (old, new))
            yield from _changes(f"{path}[{index}]", one, other)
    elif old != new:
        yield path, "UPDATE"


def _step(key: str) -> str:
    return f".{key}" if re.fullmatch(r"[A-Za-z_$][\w$]*", key) else f"[{json.dumps(key)}]"
