"""What the panel puts around its objects and lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from pulumi_virtfusion.api.http.plain_json import LARGEST_EXACT

if TYPE_CHECKING:
    from pulumi_virtfusion.api.record import Record

RecordT = TypeVar("RecordT", bound="Record")


@runtime_checkable
class Identified(Protocol):
    """What knows by which id the API addresses it: a record, known here without the long import of its module."""

    def is_what_was_asked_for(self, asked: int | str) -> bool:
        """Whether a path with the id `asked` leads to this object."""
        ...


class NotAsDescribed(ValueError):
    """An answer lacks what its operation's answers have; the text quotes no value of it."""


def one(record: type[RecordT]) -> Callable[[Any], RecordT]:
    """Reads a single object out of its envelope."""
    return lambda body: record.model_validate(data_of(body))


def each(record: type[RecordT]) -> Callable[[Any], list[RecordT]]:
    """Reads an unpaged list out of its envelope."""
    return lambda body: [record.model_validate(row) for row in listed(body)]


def each_of(record: type[RecordT], **asked: int) -> Callable[[Any], list[RecordT]]:
    """The same for the list of what belongs to somebody: each row that says whose it is names the one asked for."""

    def read(body: Any) -> list[RecordT]:
        rows = each(record)(body)
        if any(getattr(row, name) not in (0, id_) for row in rows for name, id_ in asked.items()):
            raise NotAsDescribed("it has rows that belong to another than the one that was asked for")
        return rows

    return read


def data_of(body: Any) -> Any:
    """What is in the envelope; raises `NotAsDescribed` where there is none."""
    if not isinstance(body, dict) or "data" not in body:
        raise NotAsDescribed("it has no `data`")
    return body["data"]


def listed(body: Any) -> Any:
    """The rows in the envelope; raises `NotAsDescribed` where there is no list, which is not the same as none."""
    data = data_of(body)
    if not isinstance(data, (list, dict)):
        raise NotAsDescribed("its `data` is no list")
    return rows_of(data)


def is_id(value: Any, lowest: int = 1) -> bool:
    """Whether `value` is the id of an object, which no other number stands for in a state."""
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and len(value) < 16 and int(value) >= lowest
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return lowest <= value < LARGEST_EXACT and value == int(value)


def same_object(answer: Any, asked: int | str) -> None:
    """Raises `NotAsDescribed` for an object with another id than the one that was asked for."""
    if isinstance(answer, Identified) and not answer.is_what_was_asked_for(asked):
        raise NotAsDescribed("it is another object than the one that was asked for")


def rows_of(value: Any) -> Any:
    """A list, also where PHP made an object of one whose keys had gaps."""
    if value is None:
        return []
    return list(value.values()) if isinstance(value, dict) else value
