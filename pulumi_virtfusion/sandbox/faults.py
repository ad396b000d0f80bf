"""Faults on demand: what goes wrong with which requests, how often."""

from __future__ import annotations

import random
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator


class Fault(BaseModel):
    """What happens to the first `times` requests that it matches; every one of them when `times` is null."""

    model_config = ConfigDict(extra="forbid")

    method: str = ".*"
    """A regular expression for the whole method."""
    path: str = ""
    """A regular expression found in the path without /api/v1."""
    times: Annotated[int, Field(ge=1)] | None = 1
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    seed: int = 0
    """Of the chance, so that a run can be repeated."""
    when: Literal["before", "after"] = "before"
    """Whether the request is carried out first."""
    status: Annotated[int, Field(ge=200, le=599)] | None = None
    """Of the answer given instead; null leaves the panel's own."""
    headers: dict[str, str] = {}
    body: Any = ""
    """Text as it is, anything else as JSON."""
    close: bool = False
    """Drop the connection without an answer."""
    truncate: bool = False
    """Send half of the answer, then drop the connection."""
    delay: Annotated[float, Field(ge=0, le=600)] = 0
    """Seconds before the answer."""
    hits: int = 0
    _chance: random.Random = PrivateAttr(default_factory=random.Random)

    @field_validator("method", "path")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return pattern

    def model_post_init(self, _context: Any) -> None:
        self._chance.seed(self.seed)

    def strikes(self, method: str, path: str) -> bool:
        if self.times is not None and self.hits >= self.times:
            return False
        if not re.fullmatch(self.method, method, re.IGNORECASE) or not re.search(self.path, path):
            return False
        if self._chance.random() >= self.probability:
            return False
        self.hits += 1
        return True


class Faults:
    """The faults in force, in the order in which they were declared."""

    def __init__(self) -> None:
        self.all: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.all.append(fault)

    def striking(self, method: str, path: str) -> Fault | None:
        """The first fault that strikes this request."""
        return next((fault for fault in self.all if fault.strikes(method, path)), None)
