"""How an answer may say where it ends: honestly in several ways, or not.

Each framing makes the bytes on the wire, and tells what a reader may take for the body: nothing at all where the answer
contradicts itself or breaks off, and no proof of anything can be drawn from it.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Wire(NamedTuple):
    """What follows the status line: headers of the framing, the blank line, and what comes after it."""

    headers: Sequence[str]
    body: bytes
    readings: Sequence[bytes] | None
    """The bodies that a reader may have seen, whole; None where it cannot even read the status."""
    version: str = "HTTP/1.1"
    stays_open: bool = False
    ends_with_connection: bool = False
    """A connection that breaks off in it is no other than one that closes behind it."""
    behind: int = 0
    """Bytes at the end of `body` that a reader can do without: it has the whole body before them."""

    def readings_of(self, sent: int) -> Sequence[bytes] | None:
        """The bodies that a reader may have seen when so many bytes of `body` went out, which are fewer than all."""
        if sent >= 0 and self.ends_with_connection:
            return [self.body[:sent]]
        return self.readings if len(self.body) - self.behind <= sent else []


def _length(said: object) -> str:
    return f"Content-Length: {said}"


def _chunk(body: bytes, said: int | None = None) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body) if said is None else said, body)


CHUNKED = "Transfer-Encoding: chunked"
GZIP = "Content-Encoding: gzip"
LAST = b"0\r\n\r\n"


def honest(body: bytes) -> Wire:
    return Wire([_length(len(body))], body, [body], stays_open=True)


def _in_chunks(body: bytes) -> Wire:
    parts = [body[at : at + 7] for at in range(0, min(len(body), 700), 7)] + [body[700:]]
    chunks = b"".join(_chunk(part) for part in parts if part)
    return Wire([CHUNKED], chunks + LAST, [body], stays_open=True, behind=len(LAST) - 1)


def _chunks_with_extras(body: bytes) -> Wire:
    chunk = b"%X;name=value\r\n%s\r\n" % (len(body), body) if body else b""
    last = b"0;last\r\nX-Trailer: 1\r\n\r\n"
    return Wire([CHUNKED], chunk + last, [body], stays_open=True, behind=len(last) - 1)


def _cut_short(body: bytes) -> Wire:
    half = body[: len(body) // 2]
    return Wire([_length(len(half))], body, [half], stays_open=True, behind=len(body) - len(half))


def _with_another_answer(body: bytes) -> Wire:
    forged = b'HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n{"data": {"id": 777777}}'
    return Wire([_length(len(body))], body + forged, [body], stays_open=True, behind=len(forged))


def _until_it_closes(body: bytes, *headers: str, version: str = "HTTP/1.1") -> Wire:
    return Wire(headers, body, [body], version, ends_with_connection=True)


def _in_a_chunk_with_a_length(body: bytes) -> Wire:
    chunk = _chunk(body) * bool(body)
    return Wire([_length(len(body)), CHUNKED], chunk + LAST, [body], behind=len(LAST) - 1)


def _compressed(body: bytes) -> Wire:
    packed = gzip.compress(body)
    return Wire([GZIP, _length(len(packed))], packed, [body], stays_open=True)


def _deflated(body: bytes) -> Wire:
    packed = zlib.compress(body)
    return Wire(["Content-Encoding: deflate", _length(len(packed))], packed, [body], stays_open=True)


def _half_compressed(body: bytes) -> Wire:
    whole = gzip.compress(body)
    packed = whole[: len(whole) // 2]
    return Wire([GZIP, _length(len(packed))], packed, [] if packed else [b""])


FRAMINGS: dict[str, Callable[[bytes], Wire]] = {
    "honest": honest,
    "no length": _until_it_closes,
    "of HTTP/1.0": lambda body: _until_it_closes(body, version="HTTP/1.0"),
    "in chunks": _in_chunks,
    "chunks with extras": _chunks_with_extras,
    "gzip": _compressed,
    "deflate": _deflated,
    "same length twice": lambda body: Wire([_length(len(body))] * 2, body, [body]),
    "no number for a length": lambda body: _until_it_closes(body, _length("many")),
    "negative length": lambda body: _until_it_closes(body, _length(-1)),
    "length and chunks": _in_a_chunk_with_a_length,
    "too short": _cut_short,
    "another answer behind it": _with_another_answer,
    "two lengths": lambda body: Wire([_length(len(body)), _length(len(body) + 1)], body, []),
    "too long": lambda body: Wire([_length(len(body) + 10)], body, []),
    "endlessly long": lambda body: Wire([_length(10**30)], body, []),
    "bad chunk": lambda body: Wire([CHUNKED], b"zz\r\n" + body + b"\r\n" + LAST, []),
    "negative chunk": lambda body: Wire([CHUNKED], b"-5\r\n" + body + b"\r\n" + LAST, []),
    "cut chunk": lambda body: Wire([CHUNKED], _chunk(body, len(body) + 10), []),
    "no last chunk": lambda body: Wire([CHUNKED], _chunk(body) * bool(body), []),
    "half of gzip": _half_compressed,
    "no gzip": lambda body: Wire([GZIP, _length(len(body))], body, [b""] if not body else []),
    "unknown encoding": lambda body: Wire(["Content-Encoding: x-of-our-own", _length(len(body))], body, [body]),
    "huge header": lambda body: Wire([f"X-Huge: {'a' * 70_000}", _length(len(body))], body, None),
    "many headers": lambda body: Wire([*(f"X-{n}: a" for n in range(200)), _length(len(body))], body, None),
    "header without a name": lambda body: Wire(["no colon", _length(len(body))], body, None),
    "header with an empty name": lambda body: Wire([": a", _length(len(body))], body, [body]),
    "folded header": lambda body: Wire(["X-Folded: a", "\tb: c", _length(len(body))], body, [body]),
    "header of other letters": lambda body: Wire(["X-\xe4: \xff\xfe", _length(len(body))], body, [body]),
    "another protocol": lambda body: Wire([_length(len(body))], body, None, "SIP/2.0"),
    "no protocol": lambda body: Wire([_length(len(body))], body, None, "200"),
}
"""By what is odd about each."""
