"""A request as the panel reads it, and the limits of its size."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request

from ..panel.refusals import Invalid, LaravelRefusal, Refusal

Query = dict[str, list[str]]

_MOST_BYTES = 1_048_576
_MOST_FIELDS = 1000
UNREADABLE = re.compile("[\x00\ud800-\udfff]")


class ClientGone(Exception):
    """The client left before the request was complete."""


@dataclass
class ApiRequest:
    """A request to the API; `unreadable` is the refusal for a bad body, due after the check of the token."""

    method: str
    path: str
    """The path without /api/v1."""
    authorization: str
    query: Query
    body: Any = None
    unreadable: Refusal | None = None


async def read(request: Request, path: str) -> ApiRequest:
    """Read a request; a bad body is refused later, since the panel checks the token first."""
    asked = ApiRequest(request.method, path, request.headers.get("authorization", ""), {})
    try:
        asked.query = _parse_query(request.scope["query_string"])
        asked.body = await read_json(request)
    except Refusal as refusal:
        asked.unreadable = refusal
    return asked


def _parse_query(raw: bytes) -> Query:
    try:
        query = parse_qs(raw.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise Invalid("The query is not readable.") from None
    if any(UNREADABLE.search(value) for values in query.values() for value in values):
        raise Invalid("The query is not readable.")
    return query


async def read_json(request: Request, *, any_text: bool = False) -> Any:
    """Read the body as JSON, None when empty; refuse with 413 a long one, with 422 bad JSON or impossible characters.

    `any_text` allows those characters: controls make the panel answer with them.
    """
    content = await _read_bytes(request)
    if not content.strip():
        return None
    try:
        value = json.loads(content, parse_constant=_refuse_constant)
        unreadable = not any_text and _holds_unreadable(value)
    except (ValueError, RecursionError):
        raise Invalid("The request body is not valid JSON.") from None
    if unreadable:
        raise Invalid("The request body holds characters that are not allowed.")
    return value


async def _read_bytes(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > _MOST_BYTES:
        raise _too_large()
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > _MOST_BYTES:
                raise _too_large()
    except ClientDisconnect:
        raise ClientGone from None
    return bytes(content)


def _too_large() -> Refusal:
    return LaravelRefusal(413, "The POST data is too large.")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _holds_unreadable(value: Any) -> bool:
    if isinstance(value, str):
        return UNREADABLE.search(value) is not None
    if isinstance(value, dict):
        return any(map(_holds_unreadable, value)) or any(map(_holds_unreadable, value.values()))
    return isinstance(value, list) and any(map(_holds_unreadable, value))
