"""What came back: read by its content, since the panel's content types cannot be trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

from pulumi_virtfusion.api.retry import Trouble

LARGEST_ANSWER = 64 * 2**20
"""Bytes, after decompression; the panel's largest pages are a hundredth of that."""
LONGEST_MESSAGE = 500
MOST_MESSAGES = 20


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, as far as it arrived."""

    status: int
    body: bytes = field(default=b"", repr=False)
    complete: bool = True
    too_large: bool = False
    """Not complete because it was not read to its end."""
    retry_after: str | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_html(self) -> bool:
        return self.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))

    @cached_property
    def json(self) -> Any:
        """The parsed body; `None` when it is no JSON (the API itself never answers `null`)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def is_the_apis_404(self) -> bool:
        """Whether a 404 speaks of an object; a wrong route, a proxy or a wrong address sound different."""
        return isinstance(self.json, dict) and ("msg" in self.json or "errors" in self.json)

    @cached_property
    def messages(self) -> tuple[str, ...]:
        """What the panel says went wrong, from the newest of its forms to the oldest, else the status in words."""
        body = self.json if isinstance(self.json, Mapping) else {}
        for key in ("errors", "msg", "message", "error"):
            if found := tuple(_texts(body.get(key)))[:MOST_MESSAGES]:
                return found
        return (_status_in_words(self.status),)

    def trouble(self, *, needs_body: bool) -> Trouble | None:
        """What in this answer may deserve another attempt."""
        if self.ok:
            cut_off = not self.complete or (self.json is None and not self.is_html)
            return Trouble.LOST if needs_body and cut_off and not self.too_large else None
        return {
            423: Trouble.LOCKED,
            429: Trouble.RATE_LIMITED,
            500: Trouble.BROKEN,
            502: Trouble.UNAVAILABLE,
            503: Trouble.UNAVAILABLE,
            504: Trouble.UNAVAILABLE,
        }.get(self.status)


@dataclass(frozen=True)
class Failure:
    """No answer at all."""

    trouble: Trouble | None
    """`None`: not worth another attempt (a certificate that is not trusted)."""
    reason: str


def _texts(value: object, field: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, "" if str(name).isdigit() else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, field)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        text = " ".join(str(value).split())[:LONGEST_MESSAGE]
        if text:
            yield f"{field}: {text}" if field else text


def _status_in_words(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"
