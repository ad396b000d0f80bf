"""One answer of a panel, read by its content, since the panel's content types cannot be trusted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from http import HTTPStatus
from typing import Any

from pulumi_virtfusion.api.http import plain_json

LARGEST_ANSWER = 64 * 2**20
"""Bytes, after decompression; the panel's largest pages are a hundredth of that."""
LONGEST_MESSAGE = 500
MOST_MESSAGES = 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NO = frozenset({"", "0", "false", "no"})
NOTHING = frozenset({"", "0", "false", "none", "null"})
FAILED = frozenset({"error", "fail", "failed", "failure"})
REFUSALS = frozenset({401, 403, 404, 409, 422, 423, 429})
"""Statuses by which the API refuses; a proxy or firewall before the panel may answer with each of them too."""
WITHOUT_BODY = frozenset({401, 403, 429})
"""Refusals that the API gives without a body (401), or whose body is not known."""
REASONS = ("errors", "msg", "message", "error")
"""The fields with the reason of an API error, from the newest form to the oldest."""


class Form(Enum):
    """The kind of a body, whatever its content type says."""

    JSON = "JSON"
    EMPTY = "nothing"
    CUT_OFF = "cut off"
    FOREIGN = "not the API's"
    """A web page, or text: a proxy, a firewall or a portal answered."""


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, as far as it arrived."""

    status: int
    body: bytes = field(default=b"", repr=False)
    complete: bool = True
    too_large: bool = False
    """Whether the body is incomplete because it exceeds `LARGEST_ANSWER`."""
    retry_after: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @cached_property
    def form(self) -> Form:
        text = self._text
        if self.too_large:
            return Form.FOREIGN
        if not self.complete:
            return Form.CUT_OFF
        if not text:
            return Form.EMPTY
        if _is_the_apis_json(self.json, text):
            return Form.JSON
        # Where no length is announced, an answer that breaks off looks like one that is over.
        return Form.CUT_OFF if self.json is None and text.startswith((b"{", b"[")) else Form.FOREIGN

    @property
    def shortcoming(self) -> str | None:
        """The reason why the body is incomplete; None for a whole one."""
        if self.too_large:
            return "too large"
        return None if self.complete else "cut off"

    @property
    def is_html(self) -> bool:
        return self._text.startswith(b"<")

    @property
    def _text(self) -> bytes:
        return self.body.removeprefix(BYTE_ORDER_MARK).strip()

    @cached_property
    def json(self) -> Any:
        """The parsed body; `None` when it is no JSON (the API itself never answers `null`)."""
        try:
            return plain_json.parse(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def is_the_apis_404(self) -> bool:
        """Whether a 404 is about an object; the 404 of a wrong route, a proxy or a wrong address has another body."""
        return self.status == 404 and isinstance(self.json, dict) and ("msg" in self.json or "errors" in self.json)

    @property
    def is_the_apis_refusal(self) -> bool:
        """Whether the API itself refuses by this answer.

        A firewall that inspects answers may show its own page with a 403 after the panel has done the work.
        """
        if self.status == 404:
            return self.is_the_apis_404
        if self.status in WITHOUT_BODY and self.form is Form.EMPTY:
            return True
        if self.status == 401 and self._text.strip(b'"') == b"401 Unauthorized":
            return True
        return self.status in REFUSALS and isinstance(self.json, dict) and not self.json.keys().isdisjoint(REASONS)

    @property
    def reports_error(self) -> bool:
        """Whether the body of a success reports an error."""
        parts = self.json if isinstance(self.json, list) else [self.json]
        if isinstance(self.json, dict):
            parts = [self.json, self.json.get("data")]
        return any(_reports_error(part) for part in parts if isinstance(part, Mapping))

    def messages(self, hide: Callable[[str], str] = str) -> tuple[str, ...]:
        """Return the panel's error messages, or the status in words without any.

        `hide` redacts secrets before a message is shortened: afterwards, half a secret would not be found.
        """
        body = self.json if isinstance(self.json, Mapping) else {}
        for key in REASONS:
            if found := tuple(_texts(body.get(key), hide))[:MOST_MESSAGES]:
                return found
        return (_status_in_words(self.status),)


@dataclass(frozen=True)
class Failure:
    """A request without any answer."""

    reason: str
    sent: bool
    """Whether a byte of the request may have left this machine."""
    lasting: bool = False
    """Whether a repetition cannot help (a certificate that is not trusted)."""


def _is_the_apis_json(value: Any, text: bytes) -> bool:
    """Whether the API answers such JSON: an object, a list, or for an empty answer `null`, `""` or `true`."""
    return isinstance(value, (dict, list)) or text in (b"null", b'""', b"true")


def _reports_error(part: Mapping[Any, Any]) -> bool:
    said = {str(name).lower(): value for name, value in part.items()}
    if any(_holds(said.get(name)) for name in ("error", "errors", "exception")):
        return True
    if any(_is_no(said[name]) for name in ("success", "ok") if name in said):
        return True
    if any(value is False or str(value).strip().lower() in FAILED for value in map(said.get, ("status", "result"))):
        return True
    return any(re.fullmatch("[45][0-9][0-9]", str(said.get(name))) for name in ("status", "code", "statuscode"))


def _holds(value: object) -> bool:
    return bool(value) and not (isinstance(value, str) and value.strip().lower() in NOTHING)


def _is_no(value: object) -> bool:
    return isinstance(value, (int, str)) and str(value).strip().lower() in NO


def _texts(value: object, hide: Callable[[str], str], field: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, hide, "" if str(name).isdigit() else hide(str(name))[:LONGEST_MESSAGE])
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, hide, field)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        text = " ".join(hide(str(value)).split())[:LONGEST_MESSAGE]
        if text:
            yield f"{field}: {text}" if field else text


def _status_in_words(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"
