"""Records of the panel's JSON: renamed, flattened, as lenient as PHP, and without values that must not be kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, model_validator

from pulumi_virtfusion.api.http.envelope import is_id, rows_of
from pulumi_virtfusion.api.http.plain_json import number_in
from pulumi_virtfusion.api.names import camel_case, snake_case
from pulumi_virtfusion.api.redaction import sounds_secret

NEVER_KEPT = frozenset({"screen", "encryptedPassword", "encryptedToken", "primaryActions"})
"""Wire names, at any depth: screenshots, encrypted secrets, and the queue's cloud-init data."""

DEEPEST = 16
"""Levels to which undescribed values are kept; a much deeper value can be neither dumped nor read from a state."""

NOTHING = object()


class At:
    """A path of a field's value in the panel's JSON; several paths are tried in their order.

    Not a pydantic alias: those would be looked up again among our own names, and the panel's `storage` is not ours.
    """

    def __init__(self, *path: str | int) -> None:
        self.path = path

    def find(self, data: Any) -> object:
        """Return the value at this path of `data`, or `NOTHING`."""
        for step in self.path:
            try:
                data = data[step]
            except (KeyError, IndexError, TypeError):
                return NOTHING
        return data


class OneOf:
    """All known values of a field; an unknown value is read unchanged."""

    def __init__(self, *values: object) -> None:
        self.values = values


class Record(BaseModel):
    """An answer of the panel, frozen.

    A field reads the value under its camelCase name, or under the first path of its `At` that exists. A value that a
    newer panel adds is kept under its snake_case name, as a `SecretStr` when its name sounds like a secret.
    """

    model_config = ConfigDict(
        frozen=True, extra="allow", defer_build=True, coerce_numbers_to_str=True, hide_input_in_errors=True
    )

    forgotten: ClassVar[frozenset[str]] = frozenset()
    """Wire names at the top that are not kept beside the fields taken from inside them."""
    unread: ClassVar[frozenset[str]] = frozenset()
    """Wire names, dotted where they are further inside, that panels are known to have and no field reads."""
    at_times: ClassVar[frozenset[str]] = frozenset()
    """Fields that some answers lack."""
    lowest_id: ClassVar[int] = 1

    @model_validator(mode="before")
    @classmethod
    def _from_the_wire(cls, data: object) -> object:
        if data == []:  # PHP's empty object
            data = {}
        if not isinstance(data, dict):
            return data
        fields: dict[str, Any] = {}
        for name, places in places_of(cls).items():
            for place in places:
                if (value := place.find(data)) is not NOTHING:
                    fields[name] = value
                    break
        for name in numeric_fields(cls) & fields.keys():
            fields[name] = finite(fields[name])
        own_id = own_id_of(cls)
        if own_id in fields and not is_id(fields[own_id], cls.lowest_id):
            raise ValueError("its `id` is none")  # without the proof that this is the object, no field is believed
        rest = {str(key): value for key, value in data.items() if not cls._forgets(key, value)}
        return {**_without(rest, _taken(cls)), **fields}

    @property
    def own_id(self) -> int | None:
        """The panel's id of this object; `None` for a record without an id of its own."""
        name = own_id_of(type(self))
        return getattr(self, name) if name else None

    def is_what_was_asked_for(self, asked: int | str) -> bool:
        """Whether a path with the id `asked` leads to this object."""
        return self.own_id is None or self.own_id == asked

    def __getstate__(self) -> dict[Any, Any]:
        if holds_secret(self):
            raise TypeError(
                f"a {type(self).__name__} with a secret in it cannot be pickled: it would be in plain there"
            )
        return super().__getstate__()

    @classmethod
    def _forgets(cls, key: object, value: object) -> bool:
        # The panel's object is forgotten, a field of the same name that Python gave is not.
        return key in cls.forgotten and (key not in cls.model_fields or isinstance(value, (dict, list)))


def wire_names(text: str) -> frozenset[str]:
    """Split a text into wire names at its white space."""
    return frozenset(text.split())


Tree: TypeAlias = dict[str, "Tree | None"]
T = TypeVar("T")


def _text(value: object) -> object:
    return "" if value is None or value is False else value


def _number(value: object) -> object:
    value = finite(value)
    return 0 if value is None or value == "" else value


def finite(value: object) -> object:
    """Convert a number that the panel writes as a text; return every other value unchanged."""
    try:
        return number_in(value.strip()) if isinstance(value, str) else value
    except ValueError:
        return value


def _flag(value: object) -> object:
    return bool(value) if value is None or isinstance(value, (int, float, list)) else value


def is_lenient(validator: object) -> bool:
    """Whether a validator belongs to the lenient types below, and not to one field alone."""
    return validator in (_text, _number, _flag, rows_of)


Text = Annotated[str, BeforeValidator(_text)]
"""A string, `""` where the panel says null."""
Count = Annotated[int, BeforeValidator(_number)]
"""A whole number, 0 where the panel says null, false or nothing."""
Number = Annotated[float, BeforeValidator(_number)]
"""A number that the panel may write as a string, or as false for none."""
Flag = Annotated[bool, BeforeValidator(_flag)]
"""A boolean that the panel may write as a number."""
Rows = Annotated[list[T], BeforeValidator(rows_of)]
"""A list inside an object."""
Raw = Annotated[dict[str, object], BeforeValidator(lambda value: _guarded("", value, str))]
"""An object without a record of its own, under the panel's own names."""


@cache
def places_of(record: type[Record]) -> dict[str, list[At]]:
    """Return the paths of each field; a value under a field's own name is left for pydantic to find."""
    return {
        name: [mark for mark in field.metadata if isinstance(mark, At)] or [At(camel_case(name))]
        for name, field in record.model_fields.items()
    }


@cache
def own_id_of(record: type[Record]) -> str | None:
    """Return the field with the object's own id: the first required field, if its path ends in `id`; else None."""
    required = next((name for name, field in record.model_fields.items() if field.is_required()), None)
    places = places_of(record)[required] if required else []
    return required if [place.path[-1] for place in places] == ["id"] else None


@cache
def numeric_fields(record: type[Record]) -> frozenset[str]:
    """Return the names of the fields that are numbers."""
    return frozenset(
        name
        for name, field in record.model_fields.items()
        if {int, float} & {field.annotation, *get_args(field.annotation)}
    )


@cache
def _taken(record: type[Record]) -> Tree:
    """Return the wire names that fields read: `None` for a whole value, else a tree of the names inside."""
    tree: Tree = {}
    for path in sorted((place.path for places in places_of(record).values() for place in places), key=len):
        steps = [step for step in path if isinstance(step, str)]
        if len(steps) < len(path):
            continue  # one row of a list cannot be taken out of it
        branch: Tree | None = tree
        for step in steps[:-1]:
            branch = branch.setdefault(step, {}) if branch is not None else None
        if branch is not None:
            branch[steps[-1]] = None
    return tree


def _without(value: dict[str, Any], taken: Tree) -> dict[str, Any]:
    """Return all values that no field describes, under snake_case names."""
    kept: dict[str, Any] = {}
    for name, inner in value.items():
        inside = taken.get(name, {})
        if name in NEVER_KEPT or inside is None:
            continue
        left = _without(inner, inside) if inside and isinstance(inner, dict) else _guarded(name, inner, snake_case)
        if left or not inside:
            kept[snake_case(name)] = left
    return kept


def _guarded(name: str, value: Any, renamed: Callable[[str], str], *, secret: bool = False, level: int = 1) -> Any:
    """Copy the value of `name` without `NEVER_KEPT`; a text is a secret where a name on its path sounds like one."""
    secret = secret or sounds_secret(name)
    if isinstance(value, str):
        return SecretStr(value) if secret else value
    if not isinstance(value, (dict, list)):
        return value
    if level > DEEPEST:
        return None
    if isinstance(value, dict):
        return {
            renamed(key): _guarded(key, inner, renamed, secret=secret, level=level + 1)
            for key, inner in value.items()
            if key not in NEVER_KEPT
        }
    return [_guarded(name, item, renamed, secret=secret, level=level + 1) for item in value]


def holds_secret(value: object) -> bool:
    """Whether a secret is anywhere in the value."""
    if isinstance(value, BaseModel):
        return any(holds_secret(item) for _, item in value)
    if isinstance(value, dict):
        return any(map(holds_secret, value.values()))
    return any(map(holds_secret, value)) if isinstance(value, (list, tuple)) else isinstance(value, SecretStr)
