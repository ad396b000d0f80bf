"""The envelope that the panel puts around its objects and lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from pulumi_virtfusion.api.http.plain_json import LARGEST_EXACT

if TYPE_CHECKING:
    from pulumi_virtfusion.api.record import Record

RecordT = TypeVar("RecordT", bound="Record")


@runtime_checkable
class Identified(Protocol):
    """A record that can compare its own id; a protocol, since the import of the record's module takes long."""

    def is_what_was_asked_for(self, asked: int | str) -> bool:
        """Whether a path with the id `asked` leads to this object."""
        ...


class NotAsDescribed(ValueError):
    """An answer that does not have the form of its operation's answers; the text quotes no value."""


def one(record: type[RecordT]) -> Callable[[Any], RecordT]:
    """Return a reader of a single object in its envelope."""
    return lambda body: record.model_validate(data_of(body))


def each(record: type[RecordT]) -> Callable[[Any], list[RecordT]]:
    """Return a reader of an unpaged list in its envelope."""
    return lambda body: [record.model_validate(row) for row in listed(body)]


def each_of(record: type[RecordT], **asked: int) -> Callable[[Any], list[RecordT]]:
    """Return a reader of an owner's unpaged list, which refuses a row of another owner; `asked` names field and id."""

    def read(body: Any) -> list[RecordT]:
        rows = each(record)(body)
        if any(getattr(row, name) not in (0, id_) for row in rows for name, id_ in asked.items()):
            raise NotAsDescribed("it has rows that belong to another than the one that was asked for")
        return rows

    return read


def data_of(body: Any) -> Any:
    """Return the content of the envelope; raise `NotAsDescribed` without an envelope."""
    if not isinstance(body, dict) or "data" not in body:
        raise NotAsDescribed("it has no `data`")
    return body["data"]


def listed(body: Any) -> Any:
    """Return the rows in the envelope; raise `NotAsDescribed` without a list, which differs from an empty list."""
    data = data_of(body)
    if not isinstance(data, (list, dict)):
        raise NotAsDescribed("its `data` is no list")
    return rows_of(data)


def is_id(value: Any, lowest: int = 1) -> bool:
    """Whether `value` is an id that a state can hold exactly: a whole number from `lowest`, or its decimal string."""
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and len(value) < 16 and int(value) >= lowest
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return lowest <= value < LARGEST_EXACT and value == int(value)


def same_object(answer: Any, asked: int | str) -> None:
    """Raise `NotAsDescribed` for an object with another id than the requested one."""
    if isinstance(answer, Identified) and not answer.is_what_was_asked_for(asked):
        raise NotAsDescribed("it is another object than the one that was asked for")


def rows_of(value: Any) -> Any:
    """Return a list, also from the object that PHP writes for a list whose keys have gaps."""
    if value is None:
        return []
    return list(value.values()) if isinstance(value, dict) else value
