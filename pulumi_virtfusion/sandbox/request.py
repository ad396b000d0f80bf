"""A request as the panel reads it, and the limits of what it reads."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request

from .refusals import Invalid, Refusal

MOST_BYTES = 1_048_576
_MOST_FIELDS = 1000
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


class Gone(Exception):
    """The client left before it had sent everything."""


async def read_bytes(request: Request) -> bytes:
    """The body; 413 as soon as it is longer than MOST_BYTES."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > MOST_BYTES:
        raise _too_large()
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > MOST_BYTES:
                raise _too_large()
    except ClientDisconnect:
        raise Gone from None
    return bytes(content)


def _too_large() -> Refusal:
    return Refusal(413, {"message": "The POST data is too large."})


def read_query_string(request: Request) -> dict[str, list[str]]:
    """Every parameter's values; 422 for text that no parameter can be."""
    try:
        text = request.scope["query_string"].decode("ascii")
        query = parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise Invalid("The query is not readable.") from None
    if any(_UNREADABLE.search(value) for values in query.values() for value in values):
        raise Invalid("The query is not readable.")
    return query


def parse_json(content: bytes) -> Any:
    """The body as JSON, None when empty; 422 for anything else, NUL characters and lone surrogates included."""
    if not content.strip():
        return None
    try:
        value = json.loads(content, parse_constant=_refuse_constant)
        text = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        raise Invalid("The request body is not valid JSON.") from None
    if "\\u0000" in text or _UNREADABLE.search(text):
        raise Invalid("The request body holds characters that are not allowed.")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
