"""An HTTP answer as bytes on the wire, honest or not about its end."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from starlette.responses import Response

from ..faults import Framing

_Lines = tuple[list[str], bytes]
"""Headers with the end of the answer, and its body on the wire."""


def _length(said: int | str, body: bytes) -> _Lines:
    return [f"content-length: {said}"], body


def _chunked(body: bytes) -> _Lines:
    return ["transfer-encoding: chunked"], body


def _chunk(body: bytes, *, said: int | None = None) -> bytes:
    return f"{len(body) if said is None else said:x}\r\n".encode() + body + b"\r\n"


_HONEST: Callable[[bytes], _Lines] = lambda body: _length(len(body), body)  # noqa: E731

_FRAMINGS: dict[Framing, Callable[[bytes], _Lines]] = {
    "no-length": lambda body: ([], body),
    "same-length-twice": lambda body: ([f"content-length: {len(body)}"] * 2, body),
    "two-lengths": lambda body: ([f"content-length: {len(body)}", f"content-length: {len(body) + 1}"], body),
    "too-long": lambda body: _length(len(body) + 10, body),
    "too-short": lambda body: _length(len(body) // 2, body),
    "negative-length": lambda body: _length(-1, body),
    "length-of-letters": lambda body: _length("many", body),
    "length-and-chunks": lambda body: (
        [f"content-length: {len(body)}", "transfer-encoding: chunked"],
        _chunk(body) + b"0\r\n\r\n",
    ),
    "bad-chunk": lambda body: _chunked(b"zz\r\n" + body + b"\r\n0\r\n\r\n"),
    "cut-chunk": lambda body: _chunked(_chunk(body, said=len(body) + 10)),
    "no-last-chunk": lambda body: _chunked(_chunk(body) if body else b""),
}


def on_the_wire(response: Response, framing: Framing | None) -> bytes:
    """Return the bytes of the whole answer, which ends the connection."""
    try:
        phrase = HTTPStatus(response.status_code).phrase
    except ValueError:
        phrase = ""
    ends, body = (_FRAMINGS[framing] if framing else _HONEST)(bytes(response.body))
    lines = [f"HTTP/1.1 {response.status_code} {phrase}", "connection: close", *ends]
    for name, value in response.raw_headers:
        if name.lower() != b"content-length":
            lines.append(f"{name.decode('latin-1')}: {value.decode('latin-1')}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def early_answer(status: int) -> bytes:
    """Return the bytes of an interim answer (1xx), which precedes the final one."""
    phrase = {100: "Continue", 101: "Switching Protocols", 102: "Processing", 103: "Early Hints"}.get(status, "")
    return f"HTTP/1.1 {status} {phrase}\r\n\r\n".encode()
