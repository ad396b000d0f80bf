"""The types of request bodies and queries, as models; a bad value is refused with the panel's 422."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from .panel.refusals import Invalid

LARGEST = 2**63 - 1

Id = Annotated[int, Field(ge=1, le=LARGEST)]
IdOrNone = Annotated[int, Field(ge=0, le=LARGEST)]
"""An id, or 0 for none."""
Profile = Annotated[int, Field(ge=-1, le=LARGEST)]
Count = Annotated[int, Field(ge=0, le=999_999_999)]
Megabytes = Annotated[int, Field(ge=64, le=99_999_999)]
Gigabytes = Annotated[int, Field(ge=1, le=9_999_999)]
Cores = Annotated[int, Field(ge=1, le=600)]
Text = Annotated[str, Field(min_length=1, max_length=255)]
Delay = Annotated[int, Field(ge=0, le=43_800)]
"""Minutes before a deletion."""
Results = Annotated[int, Field(ge=1, le=200)]
"""Rows a page."""
PageNumber = Annotated[int, Field(ge=1, le=999_999_999)]
Interface = Literal["primary", "secondary"]

_FLAGS = {"true": True, "1": True, "false": False, "0": False}
Flag = Annotated[bool, Strict(), BeforeValidator(lambda text: _FLAGS.get(text, text))]
"""A boolean in a query: the words true and false, or 1 and 0; Python's True is neither."""


def _none_from_minus_one(value: object) -> object:
    return [] if value in (-1, [-1]) else value


ForcedIds = Annotated[list[Id], BeforeValidator(_none_from_minus_one)]
"""Ids that override the package's; -1 forces none."""


class Body(BaseModel):
    """A request's body: camelCase names, JSON types taken strictly, unknown names ignored."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, extra="ignore", allow_inf_nan=False)


BodyT = TypeVar("BodyT", bound=Body)
T = TypeVar("T")


def read_body(model: type[BodyT], body: Any) -> BodyT:
    """Parse a body as its model; `[]` is the empty object of PHP clients."""
    try:
        return model.model_validate({} if body in (None, []) else body)
    except ValidationError as error:
        raise Invalid(*_sentences(error)) from None


def read_query(adapter: TypeAdapter[T], name: str, values: list[str]) -> T:
    """Parse a query parameter; the last value counts where the rule takes only one."""
    try:
        return adapter.validate_python(values if _wants_list(adapter.core_schema) else values[-1])
    except ValidationError as error:
        raise Invalid(*_sentences(error, name)) from None


def _wants_list(schema: Mapping[str, Any]) -> bool:
    """Whether a schema is a list, below an alternative None or a function before it."""
    while "schema" in schema:
        schema = schema["schema"]
    return bool(schema["type"] == "list")


def _sentences(error: ValidationError, name: str = "") -> list[str]:
    return [_sentence(name or ".".join(map(str, fault["loc"])) or "body", fault) for fault in error.errors()]


def _sentence(name: str, fault: Any) -> str:
    if fault["type"] == "missing":
        return f"The {name} field is required."
    return f"The {name} field is invalid. {fault['msg']}"
