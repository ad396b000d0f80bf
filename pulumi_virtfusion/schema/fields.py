"""The vocabulary of a resource: one line a field gives its type, the effect of a change, and its meaning.

The type stands left of `=`: `Arg` must be given, `OptionalArg` may be left out, `Id` and `OptionalId` also take the
id as a string, `Computed` is only read. The effect of a change stands right of `=`: `in_place`, `replaces`,
`create_only`, `next_time`, `note` or `computed`. The text below the line is the field's only description.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Generic,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    overload,
)

from typing_extensions import Self, get_type_hints

from ..misspelling import did_you_mean
from .non_secret import shown
from .plain_values import is_known, whole
from .types import ComparedBy, Identifier, PlanId, Triggers

if TYPE_CHECKING:
    from pulumi import Input, Output
    from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")
Operation = TypeVar("Operation", bound=Callable[..., object])
REQUIRED: Final = object()
SCALARS: Final = (bool, float, int, str)

ReadBack = Literal["always", "unreliably", "never"]
"""Whether the panel reports an argument's value; unless it always does, the state keeps the program's value."""


class Readable(Generic[T]):
    """An attribute that reads as an output."""

    if TYPE_CHECKING:

        @overload
        def __get__(self, resource: None, owner: type) -> Self: ...
        @overload
        def __get__(self, resource: object, owner: type) -> Output[T]: ...
        def __get__(self, resource: object, owner: type) -> Any: ...


class Computed(Readable[T]):
    """An output that no argument sets."""


class Arg(Readable[T]):
    """An argument that must be given."""

    if TYPE_CHECKING:

        def __set__(self, resource: object, value: Input[T]) -> None: ...


class OptionalArg(Arg[T]):
    """An argument that may be left out: the panel then chooses the value, which is read back."""

    if TYPE_CHECKING:

        def __set__(self, resource: object, value: Input[T] | None) -> None: ...


class Id(Arg[Identifier]):
    """The id of another object, as a number or its decimal string."""

    if TYPE_CHECKING:

        def __set__(self, resource: object, value: Input[int] | Input[str]) -> None: ...


class OptionalId(Arg[PlanId]):
    """An id that may be left out; 0 means none."""

    if TYPE_CHECKING:

        def __set__(self, resource: object, value: Input[int] | Input[str] | None) -> None: ...


class OptionalIds(Readable[T]):
    """Ids in a list, each a number or its decimal string, that may be left out."""

    if TYPE_CHECKING:

        def __set__(self, resource: object, value: Input[Sequence[Input[int] | Input[str]]] | None) -> None: ...


class Change(Enum):
    """The effect of a changed argument."""

    IN_PLACE = "in place"
    REPLACE = "replace"
    CREATE_ONLY = "create only"
    NEXT_TIME = "from the next time on"
    NOTE = "note"
    COMPUTED = "computed"


class Invalid(ValueError):
    """A value that an argument does not allow; the text gives the rule, and `with_value` also shows the value."""

    def __init__(self, text: str, with_value: str = "") -> None:
        super().__init__(text)
        self.with_value = with_value or text


class Field:
    """The declaration of one argument or output of a resource, from one line of its class."""

    name: str
    owner: type
    annotation: Any
    """The annotation left of `=`, or its text, until `declared_type` resolves it."""

    def __init__(
        self,
        change: Change,
        default: object = REQUIRED,
        *,
        operation: Callable[..., object] | None = None,
        read_back: ReadBack = "always",
        package_component: str | None = None,
        secret: bool = False,
        stable: bool = False,
        fed_by: Iterable[str] | None = None,
        given_as: Mapping[str, Callable[[Any], object]] | None = None,
        once_from_id: Callable[[str], object] | None = None,
        from_id: Callable[[str], object] | None = None,
        reason: str = "",
    ) -> None:
        self.change = change
        self.default = default
        self.operation = operation
        self.read_back = read_back
        self.package_component = package_component
        self.secret = secret
        self.stable = stable
        self.fed_by = fed_by
        self.given_as = given_as or {}
        self.once_from_id = once_from_id
        self.from_id = from_id
        self.reason = reason

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner, name

    def __get__(self, resource: Any, owner: type) -> Any:
        return self if resource is None else resource.output_of(self)

    def __set__(self, resource: Any, value: object) -> None:
        raise AttributeError(f"{self.name} of a declared resource cannot be assigned; give it to the constructor")

    @property
    def drifts(self) -> bool:
        """Whether the output is always read back, so that drift is seen."""
        return self.read_back == "always"

    @property
    def is_input(self) -> bool:
        return self.change is not Change.COMPUTED

    @property
    def required(self) -> bool:
        return self.is_input and self.default is REQUIRED

    @cached_property
    def declared_type(self) -> Any:
        # Only this field's annotation is resolved: the hints of Pulumi's base classes do not resolve.
        alone = type(self.name, (), {"__annotations__": {self.name: self.annotation}})
        names = vars(sys.modules[self.owner.__module__])
        return get_type_hints(alone, globalns=names, include_extras=True)[self.name]

    @cached_property
    def value_type(self) -> Any:
        """The type of the plain value: `Megabytes` of `OptionalArg[Megabytes]`."""
        generic = self.declared_type if get_args(self.declared_type) else self.declared_type.__orig_bases__[0]
        return get_args(generic)[0]

    @property
    def is_trigger(self) -> bool:
        """Whether the value means nothing to the panel, so that a new value is the program's wish and never drift."""
        return self.value_type is Triggers

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        from pydantic import TypeAdapter

        return TypeAdapter(self.value_type)

    @cached_property
    def empty(self) -> Any:
        """The output's value where the panel gives none: Pulumi drops None, and a dropped output stays unknown."""
        plain = get_args(self.value_type)[0] if get_origin(self.value_type) is Annotated else self.value_type
        if get_origin(plain) is Literal:
            plain = type(get_args(plain)[0])
        if get_origin(plain) in (Union, UnionType):
            plain = get_args(plain)[0]
        return (get_origin(plain) or plain)()

    @cached_property
    def _comparison_key(self) -> Callable[[Any], Any]:
        keys = [item.key for item in get_args(self.value_type)[1:] if isinstance(item, ComparedBy)]
        return keys[0] if keys else lambda value: value

    def parse(self, value: Any) -> Any:
        """Convert a value to the argument's type; raise `Invalid` where the type does not allow the value."""
        from pydantic import ValidationError

        try:
            return self.adapter.validate_python(whole(value))
        except ValidationError as error:
            raise invalid(error, parts=getattr(self.value_type, "__annotations__", ())) from None

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values mean the same to the panel."""
        if not (is_known(one) and is_known(other)):
            return False
        if type(one) is type(other) and isinstance(one, SCALARS) and one == other:
            return True  # most are equal as they stand: a refresh need not parse each of them twice
        return bool(self._key(one) == self._key(other))

    def _key(self, value: Any) -> Any:
        try:
            return self._comparison_key(self.parse(value))
        except Invalid:
            return value


def invalid(error: ValidationError, argument: str = "", *, parts: Iterable[str] = ()) -> Invalid:
    """Return pydantic's error in the words of our messages: `must be greater than 0`."""
    before = f"{argument}: " if argument else ""
    found = [(_explained(one, parts), shown(one["input"])) for one in error.errors()]
    return Invalid(
        before + "; ".join(text for text, _ in found),
        before + "; ".join(f"{text} (got {value})" for text, value in found),
    )


def _explained(error: Any, parts: Iterable[str]) -> str:
    where = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"{where}: is none of {', '.join(parts)}{did_you_mean(where.rpartition('.')[2], list(parts))}"
    message = error["msg"].removeprefix("Value error, ").partition(" after validation")[0]
    message = message.replace("an instance of Sequence", "a valid list")
    text = re.sub(r"^(Input|String|List|Dictionary|Value) should ", "must ", message)
    text = text if text.startswith("must") else text[0].lower() + text[1:]
    return f"{where}: {text}" if where else text


def calls(*methods: Callable[..., object]) -> Callable[[Operation], Operation]:
    """Declare the client methods that a small operation calls, for the tables of the documentation."""

    def attach(operation: Operation) -> Operation:
        operation.calls = methods  # type: ignore[attr-defined]
        return operation

    return attach


def called_by(operation: Callable[..., object]) -> tuple[Callable[..., object], ...]:
    """Return the client methods behind an operation: those of its `calls`, else the operation itself."""
    return getattr(operation, "calls", (operation,))


if TYPE_CHECKING:  # the checkers need to see `default` and `init`; the value is a descriptor of the declared type

    def in_place(
        operation: Callable[..., object],
        *,
        default: None = ...,
        read_back: ReadBack = ...,
        package_component: str = ...,
        fed_by: Iterable[str] = ...,
    ) -> Any: ...
    def replaces(*, default: None = ..., read_back: ReadBack = ..., package_component: str = ...) -> Any: ...
    def create_only(reason: str, *, default: None = ...) -> Any: ...
    def next_time(*, default: None = ..., read_back: ReadBack = ...) -> Any: ...
    def note(*, default: object) -> Any: ...
    def computed(
        *,
        secret: bool = ...,
        stable: bool = ...,
        fed_by: Iterable[str] = ...,
        given_as: Mapping[str, Callable[[Any], object]] = ...,
        once_from_id: Callable[[str], object] = ...,
        init: Literal[False] = ...,
    ) -> Any: ...
    def from_id(convert: Callable[[str], object], *, init: Literal[False] = ...) -> Any: ...

else:

    def in_place(operation, *, default=REQUIRED, **more):
        """Declare an argument whose change is one call of `operation(section, key, ...)`, with the arguments it names.

        `read_back`: an argument that the panel does not always report stays in the state as the program gave it.
        `package_component`: the part of a package change that overwrites the value; the update then restores it.
        `fed_by`: the arguments whose change gives it a value that only the panel knows.
        """
        return Field(Change.IN_PLACE, default, operation=operation, **more)

    def replaces(*, default=REQUIRED, read_back="always", package_component=None):
        """Declare an argument whose change by the program replaces the object, as the preview shows; drift never does.

        `package_component`: the part of a package change that overwrites the value; no update restores it.
        """
        return Field(Change.REPLACE, default, read_back=read_back, package_component=package_component)

    def create_only(reason, *, default=REQUIRED):
        """Declare an argument whose change is refused at preview, for `reason`."""
        return Field(Change.CREATE_ONLY, default, read_back="never", reason=reason)

    def next_time(*, default=REQUIRED, read_back="always"):
        """Declare an argument of the creating call alone: a later change waits until the object is made again."""
        return Field(Change.NEXT_TIME, default, read_back=read_back)

    def note(*, default):
        """Declare an argument that the state keeps for other operations; its change alone calls nothing."""
        return Field(Change.NOTE, default, read_back="never")

    def computed(**more):
        """Declare an output of the panel; a `stable` one is changed by no operation, so that previews know it.

        `fed_by`: the arguments whose change may change the output; all of them when left out. Of a `stable` output,
        they may give it a value as long as it is empty.
        `given_as`: the arguments that hold the same value, each with its conversion.
        `once_from_id`: the conversion from the id, for a state of an earlier version, which lacks the output.
        """
        return Field(Change.COMPUTED, **more)

    def from_id(convert):
        """Declare an output that is the Pulumi id in another type, known wherever the id is."""
        return Field(Change.COMPUTED, from_id=convert, stable=True)
