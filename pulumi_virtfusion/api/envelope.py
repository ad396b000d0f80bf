"""What the panel puts around its objects and lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pulumi_virtfusion.api.record import Record

RecordT = TypeVar("RecordT", bound="Record")


class NotAsDescribed(ValueError):
    """An answer lacks what its operation's answers have; the text quotes no value of it."""


def one(record: type[RecordT]) -> Callable[[Any], RecordT]:
    """Reads a single object out of its envelope."""
    return lambda body: record.model_validate(data_of(body))


def each(record: type[RecordT]) -> Callable[[Any], list[RecordT]]:
    """Reads an unpaged list out of its envelope."""
    return lambda body: [record.model_validate(row) for row in rows_of(data_of(body))]


def data_of(body: Any) -> Any:
    """What is in the envelope; raises `NotAsDescribed` where there is none."""
    if not isinstance(body, dict) or "data" not in body:
        raise NotAsDescribed("it has no `data`")
    return body["data"]


def rows_of(value: Any) -> Any:
    """A list, also where PHP made an object of one whose keys had gaps."""
    if value is None:
        return []
    return list(value.values()) if isinstance(value, dict) else value
