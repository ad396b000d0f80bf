"""Comparison of an answer's shape with the records that read it; no difference ever quotes a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, TypeAdapter, ValidationError

from pulumi_virtfusion.api.http.envelope import is_id, rows_of
from pulumi_virtfusion.api.http.pages import PAGINATOR, READ
from pulumi_virtfusion.api.record import (
    NEVER_KEPT,
    NOTHING,
    At,
    OneOf,
    Record,
    finite,
    is_lenient,
    numeric_fields,
    own_id_of,
    places_of,
)

Kind = Literal["missing", "new", "type", "value", "paging", "status"]
Step: TypeAlias = "str | int"
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Difference:
    """One difference, at one place of an operation's answers."""

    kind: Kind
    where: str
    """The dotted path, `[]` for the rows of a list; empty for the answer as a whole."""
    says: str


def in_record(record: type[Record], data: object, values: frozenset[str] = frozenset()) -> list[Difference]:
    """Return the differences of an object from its record, each once; a name that is among `values` is not shown."""
    look = _Look(values)
    look.at_record(record, data, "")
    return list(look.found)


def in_envelope(body: object, *, paged: bool, asked: int = 0) -> list[Difference]:
    """Return the differences of the envelope of an object or a list; `asked` is the page size that was requested."""
    if not isinstance(body, dict):
        return [Difference("type", "", f"the answer is {named(body)} where an object with `data` is read")]
    if "data" not in body:
        return [Difference("missing", "data", "")]
    if not paged:
        pages = [name for name in READ if name in body]
        if pages:
            return [Difference("paging", ", ".join(pages), "the answer has pages, and is read as a whole")]
        return _new(body, {"data"})
    missing = [Difference("paging", name, "is missing") for name in READ if name not in body]
    odd = [
        Difference("paging", name, f"{named(body[name])} where a whole number is read")
        for name in READ
        if name in body and not is_id(body[name], lowest=0)
    ]
    return [*missing, *odd, *_uneven(body, asked), *_new(body, PAGINATOR)]


def _uneven(body: Mapping[str, Any], asked: int) -> Iterator[Difference]:
    """Yield the differences of a page from the requested one: the first page, with at most `asked` rows."""
    if is_id(body.get("current_page"), lowest=0) and int(body["current_page"]) != 1:
        yield Difference("paging", "current_page", "another page than the first one, which was asked for")
    rows = rows_of(body["data"])
    if isinstance(rows, list) and len(rows) > asked:
        yield Difference("paging", "data", "more rows than were asked for")
    if is_id(body.get("per_page")) and int(body["per_page"]) != asked:
        yield Difference("paging", "per_page", "another number of rows than was asked for")


def _new(body: Mapping[str, Any], known: Iterable[str]) -> list[Difference]:
    look = _Look(frozenset())
    look.at_names(body, dict.fromkeys(known), "")
    return list(look.found)


def texts_in(value: object) -> Iterator[str]:
    """Yield all texts of an answer."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, (dict, list)):
            waiting += one.values() if isinstance(one, dict) else one


def value_in(record: type[Record], field: str, data: object) -> object:
    """Return an object's value for a field of its record; None without one."""
    found = [value for place in places_of(record)[field] if (value := place.find(data)) is not NOTHING]
    return found[0] if found else None


def named(value: object) -> str:
    """Return the kind of a JSON value in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    kinds: list[tuple[Any, str]] = [(str, "a text"), ((int, float), "a number"), (list, "a list"), (dict, "an object")]
    return next(name for kind, name in kinds if isinstance(value, kind))


Tree: TypeAlias = "dict[str, Tree | None]"


class _Look:
    """A walk through one answer, beside the record that reads it."""

    def __init__(self, values: frozenset[str]) -> None:
        self.found: dict[Difference, None] = {}
        self._values = values

    def at_record(self, record: type[Record], data: object, where: str) -> None:
        if data == []:  # PHP's empty object
            return
        if not isinstance(data, dict):
            self._add("type", where, f"{named(data)} where an object is read")
            return
        for name in record.model_fields:
            self._at_field(record, name, data, where)
        self.at_names(data, _known(record), where)

    def at_names(self, data: Mapping[str, Any], known: Tree, where: str) -> None:
        """Note the names that neither a field nor `unread` covers."""
        for name, value in data.items():
            if name in NEVER_KEPT:
                continue
            if name not in known:
                self._add("new", _joined(where, self._shown(name)), named(value))
            elif (inside := known[name]) and isinstance(value, dict):
                self.at_names(value, inside, _joined(where, name))

    def _at_field(self, record: type[Record], name: str, data: dict[str, Any], where: str) -> None:
        places = places_of(record)[name]
        if _is_our_own(name):
            places = [*places, At(name)]
        ways = [_way(place.path, data) for place in places]
        found = [(place, way) for place, way in zip(places, ways, strict=True) if way.reaches]
        if found:
            self._at_value(record, name, found[0][1].found, _joined(where, *found[0][0].path))
        elif name not in record.at_times and not any(way.is_empty for way in ways):
            self._missing(ways[0], where)

    def _missing(self, way: _Way, where: str) -> None:
        if way.found is NOTHING:
            self._add("missing", _joined(where, *way.path), "")
        else:
            self._add("type", _joined(where, *way.path), f"{named(way.found)} where an object is read")

    def _at_value(self, record: type[Record], name: str, value: object, where: str) -> None:
        field = record.model_fields[name]
        inner = _inner(field.annotation)
        if inner is None:
            self._at_plain(record, name, value, where)
            return
        how, kind = inner
        if how == "one":
            self.at_record(kind, value, where)
        elif value is None or isinstance(value, (list, dict)):
            rows = rows_of(value)
            for row in rows:
                self.at_record(kind, row, f"{where}[]")
        else:
            self._add("type", where, f"{named(value)} where a list is read")

    def _at_plain(self, record: type[Record], name: str, value: object, where: str) -> None:
        understood = _is_read(record, name, value)
        wanted, usual = _usual(record, name)
        if not understood:
            again = " of another kind" if named(value) == wanted else f" where {wanted} is read" if wanted else ""
            self._add("type", where, f"{named(value)}{again}, which cannot be read")
        elif usual and named(value) not in usual:
            self._add("type", where, f"{named(value)} where {wanted} is usual; it is read all the same")
        elif value not in (None, "") and not _is_known(record, name, value):
            self._add("value", where, "a value that is not among the known ones")

    def _shown(self, name: str) -> str:
        """Return a name, or a placeholder where the name may be data: an address, a person, or one of the values."""
        harmless = len(name) <= _LONGEST_NAME and re.fullmatch("[A-Za-z_][A-Za-z0-9_-]*", name)
        return name if harmless and name not in self._values else "(a name that may be data)"

    def _add(self, kind: Kind, where: str, says: str) -> None:
        self.found.setdefault(Difference(kind, where, says))


@dataclass(frozen=True)
class _Way:
    """The part of a path that an answer has."""

    path: tuple[Step, ...]
    """The steps that the answer has, and the first missing one."""
    found: Any
    """The value at the last step; `NOTHING` where the last step is missing."""
    reaches: bool
    is_empty: bool = False
    """Whether the path ends in an empty value, which proves nothing about the steps inside."""


def _way(path: tuple[Step, ...], data: Any) -> _Way:
    for number, step in enumerate(path):
        if number and (data is None or data in ([], {}, False)):
            return _Way(path[:number], data, reaches=False, is_empty=True)
        container: Any = list if isinstance(step, int) else dict
        if isinstance(step, int) and isinstance(data, dict):
            data = rows_of(data)
        if not isinstance(data, container):
            return _Way(path[:number], data, reaches=False)
        if isinstance(step, str) and step not in data:
            return _Way(path[: number + 1], NOTHING, reaches=False)
        data = data[step]
    return _Way(path, data, reaches=True)


def _joined(where: str, *steps: Step) -> str:
    text = where
    for step in steps:
        text += "[]" if isinstance(step, int) else f".{step}" if text else step
    return text


@cache
def _known(record: type[Record]) -> Tree:
    """Return the names that the record reads or lists as `unread`, as a tree; None covers all names inside."""
    tree: Tree = {}
    paths = [tuple(name.split(".")) for name in record.unread]
    paths += [
        tuple(step for step in place.path if isinstance(step, str)) for p in places_of(record).values() for place in p
    ]
    leaves = {place.path for p in places_of(record).values() for place in p} | set(paths[: len(record.unread)])
    for path in sorted(paths, key=len, reverse=True):
        _grow(tree, path, is_leaf=path in leaves)
    for name in (*record.forgotten, *filter(_is_our_own, record.model_fields)):
        tree.setdefault(name, None)
    return tree


def _is_our_own(name: str) -> bool:
    """Whether a field's name is in snake_case; the panel spells most names in camelCase, but a few in our way."""
    return "_" in name


def _grow(tree: Tree, path: tuple[str, ...], *, is_leaf: bool) -> None:
    *before, last = path
    for step in before:
        branch = tree.setdefault(step, {})
        if branch is None:
            return
        tree = branch
    if is_leaf:
        tree[last] = None
    else:
        tree.setdefault(last, None)


def _inner(annotation: Any) -> tuple[Literal["one", "many"], type[Record]] | None:
    """Return the record inside of a field's type, and whether the field holds many; None without a record."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return ("one", annotation) if issubclass(annotation, Record) else None
    for part in get_args(annotation):
        if found := _inner(part):
            return ("many" if get_origin(annotation) in (list, dict) else found[0]), found[1]
    return None


@cache
def _adapter(record: type[Record], name: str) -> TypeAdapter[Any]:
    field = record.model_fields[name]
    annotated: Any = Annotated
    parts = (field.annotation, *field.metadata)
    kind: Any = annotated[parts] if field.metadata else field.annotation
    return TypeAdapter(kind, config=ConfigDict(coerce_numbers_to_str=True, hide_input_in_errors=True))


def _is_read(record: type[Record], name: str, value: object) -> bool:
    if name == own_id_of(record):
        return is_id(value, record.lowest_id)
    try:
        _adapter(record, name).validate_python(finite(value) if name in numeric_fields(record) else value)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):  # a panel may send any JSON
        return False
    return True


def _is_known(record: type[Record], name: str, value: object) -> bool:
    sets = [one.values for one in record.model_fields[name].metadata if isinstance(one, OneOf)]
    return all(value in known or finite(value) in known for known in sets)


_USUAL: tuple[tuple[Any, str, frozenset[str]], ...] = (
    (list, "a list", frozenset({"a list", "an object", "null"})),
    (dict, "an object", frozenset({"an object", "a list", "null"})),
    (bool, "true or false", frozenset({"true or false", "a number", "null"})),
    (int, "a number", frozenset({"a number", "null"})),
    (float, "a number", frozenset({"a number", "a text", "true or false", "null"})),
    (str, "a text", frozenset({"a text", "null"})),
    (SecretStr, "a text", frozenset({"a text", "null"})),
)
"""Lists and objects stand first: a list of texts is a list."""


@cache
def _usual(record: type[Record], name: str) -> tuple[str, frozenset[str]]:
    """Return a field's kind of JSON, and the kinds that panels write; "" for a field with a validator of its own."""
    field = record.model_fields[name]
    if any(isinstance(one, BeforeValidator) and not is_lenient(one.func) for one in field.metadata):
        return "", frozenset()
    kinds = {get_origin(part) or part for part in (field.annotation, *get_args(field.annotation))}
    return next(((wanted, usual) for kind, wanted, usual in _USUAL if kind in kinds), ("", frozenset()))
