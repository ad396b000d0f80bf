"""Faults on demand: a kind of failure, the requests that it strikes, and their number."""

from __future__ import annotations

import random
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, field_validator
from pydantic_core import SchemaError, SchemaValidator, core_schema

from .drift import Mutation

Framing = Literal[
    "no-length",
    "same-length-twice",
    "two-lengths",
    "too-long",
    "too-short",
    "negative-length",
    "length-of-letters",
    "length-and-chunks",
    "bad-chunk",
    "cut-chunk",
    "no-last-chunk",
]
"""A false statement about an answer's end; only `no-length` is legal HTTP, and ends with the connection."""

_FRAMING_HEADERS = ("content-length", "transfer-encoding")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_HEADER_TEXT = re.compile("(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?\\Z")
_LONGEST_PATTERN = 1000


def _as_characters(raw: object) -> object:
    return raw.decode("latin-1") if isinstance(raw, bytes) else raw


Raw = Annotated[str, BeforeValidator(_as_characters), Field(pattern=r"^[\x00-\xFF]*$")]
"""Bytes, as a text of which each character up to U+00FF is one."""


class Fault(BaseModel):
    """A failure of the first `times` requests that match; of every one when `times` is null."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=100)] = ""
    """The fault's name in a list of faults."""

    method: str = ".*"
    """A regular expression for the whole method. Its syntax is Rust's, like that of `path`, with no look-around and no
    back-references, so that a match takes linear time."""
    path: str = ""
    """A regular expression found in the path without /api/v1."""
    times: Annotated[int, Field(ge=1)] | None = 1
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    seed: int = 0
    """The seed of `probability`, which makes a run repeatable."""
    when: Literal["before", "after"] = "before"
    """`after`: the panel carries out the request first."""
    status: Annotated[int, Field(ge=200, le=599)] | None = None
    """The status of the answer given instead; null keeps the panel's own answer."""
    headers: dict[str, str] = {}
    """The headers of the answer given instead, such as `Retry-After` or another `Date`."""
    body: Any = ""
    """The body of the answer given instead: a text unchanged, any other value as JSON."""
    set: dict[str, Any] = {}
    """Values put into the panel's own answer, by dotted paths: another `data.id`, a `last_page` of 1000000000."""
    then: list[Mutation] = []
    """Changes at the panel before the answer is sent, as for the control `mutate`; a missing object is passed over."""
    early: Annotated[list[Annotated[int, Field(ge=100, le=199)]], Field(max_length=100)] = []
    """Statuses of answers like 103 that are sent at once, before any delay and before the answer proper."""
    raw: Raw | None = None
    """Any bytes that are sent in place of an answer; then the connection is closed."""
    framing: Framing | None = None
    """A false statement about the answer's length; then the connection is closed."""
    plain: bool = False
    """Whether `raw`, `framing` or else the whole answer is written past TLS, like a load balancer's own answer."""
    hold: Annotated[float, Field(ge=0, le=600)] = 0
    """Seconds for which the connection stays open after `raw`, `framing` or `plain`."""
    close: bool = False
    """Whether the connection is dropped without an answer."""
    truncate: bool = False
    """Whether half of the answer is sent, and the connection then dropped."""
    delay: Annotated[float, Field(ge=0, le=600)] = 0
    """Seconds before the answer."""
    hits: int = 0
    _chance: random.Random = PrivateAttr(default_factory=random.Random)
    _methods: SchemaValidator = PrivateAttr()
    _paths: SchemaValidator = PrivateAttr()

    @field_validator("method", "path")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        _matcher(pattern)
        return pattern

    @field_validator("headers")
    @classmethod
    def _can_be_sent(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if name.lower() in _FRAMING_HEADERS:
                raise ValueError(f"{name}: use `framing`, or `raw`")
            if not _HEADER_NAME.match(name) or not _HEADER_TEXT.match(value):
                raise ValueError(f"{name!r}: HTTP has no such header; use `raw`")
        return headers

    def model_post_init(self, _context: Any) -> None:
        self._chance.seed(self.seed)
        self._methods = _matcher(f"(?i)^(?:{self.method})$")
        self._paths = _matcher(self.path)

    @property
    def goes_past_http(self) -> bool:
        """Whether the connection ends in a way that no HTTP server has."""
        return self.close or self.plain or self.raw is not None or self.framing is not None

    def strikes(self, method: str, path: str) -> bool:
        if self.times is not None and self.hits >= self.times:
            return False
        if not self._methods.isinstance_python(method) or not self._paths.isinstance_python(path):
            return False
        if self._chance.random() >= self.probability:
            return False
        self.hits += 1
        return True


def _matcher(pattern: str) -> SchemaValidator:
    """Return a matcher with linear time, while `(a+)+$` would keep Python's own `re` busy for ever."""
    if len(pattern) > _LONGEST_PATTERN:
        raise ValueError(f"a regular expression of more than {_LONGEST_PATTERN} characters")
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError as error:
        raise ValueError(f"not a regular expression: {error}") from None


class Faults:
    """The faults in force, in the order in which they were declared."""

    def __init__(self) -> None:
        self.all: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.all.append(fault)

    def striking(self, method: str, path: str) -> Fault | None:
        """Return the first fault that strikes this request, or None; its `hits` go up by one."""
        return next((fault for fault in self.all if fault.strikes(method, path)), None)
