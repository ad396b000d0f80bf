"""The choice of one object from a list, by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import pulumi

from ..api.record import Record

RecordT = TypeVar("RecordT", bound=Record)


class NotOne(pulumi.RunError, LookupError):
    """No object has the name, or several objects have it; the text lists the candidates."""


def the_one(wanted: str, found: Sequence[RecordT], among: Sequence[RecordT], *, shown: Sequence[str]) -> RecordT:
    """Return the only record in `found`, or raise `NotOne` with the fields `shown` of each candidate, its id first."""
    if len(found) == 1:
        return found[0]
    if found:
        raise NotOne(f"{len(found)} of them are a {wanted}; say which one:{_listed(found, shown)}")
    raise NotOne(f"There is no {wanted}. What there is:{_listed(among, shown) if among else ' nothing'}")


def by_id_or_name(id_: object, id_name: str, name: str | None) -> None:
    """Raise `pulumi.RunError` unless exactly one of id and name is given."""
    if (id_ is None) == (name is None):
        raise pulumi.RunError(f"Give either {id_name} or name")


def _listed(records: Sequence[Record], shown: Sequence[str]) -> str:
    id_, *others = shown
    return "".join(
        f"\n  {id_} {getattr(record, id_)}: " + ", ".join(f"{name} {getattr(record, name)!r}" for name in others)
        for record in records
    )
