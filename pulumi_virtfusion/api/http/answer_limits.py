"""The limits of an answer: its total time, and its size."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from email.errors import MissingHeaderBodySeparatorDefect
from typing import Any

import requests
import urllib3
from urllib3.connection import HTTPSConnection

from pulumi_virtfusion.api.http.answer import LARGEST_ANSWER
from pulumi_virtfusion.api.http.compression import in_plain
from pulumi_virtfusion.api.http.sending import ObservedConnection

SWITCHING_PROTOCOLS = 101
"""A status below 200 that is final: the bytes after it are not HTTP."""
MOST_FORERUNNERS = 100


class TooLarge(Exception):
    """The body is longer than `LARGEST_ANSWER`."""


def read_body(response: requests.Response) -> bytes:
    """Read the whole body; raise `TooLarge`, or another error where the body is cut off."""
    body = bytearray()
    raw = response.raw.stream(64 * 1024, decode_content=False)
    for chunk in in_plain(raw, response.headers.get("Content-Encoding", "")):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise TooLarge
    return bytes(body)


class _UntilDeadline(io.RawIOBase):
    """A reader of a socket until a deadline: the socket's own time limit begins anew with every byte."""

    def __init__(self, sock: socket.socket, source: io.BufferedReader, seconds: float) -> None:
        self._sock = sock
        self._source = source
        self._ends = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._ends - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(remaining)
        count: int | None = self._source.raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._source.close()
        super().close()


class _Lines(io.BufferedReader):
    """A reader that remembers its last line."""

    last_line = b""

    def readline(self, size: int | None = -1, /) -> bytes:
        self.last_line = super().readline(size)
        return self.last_line


class _TimedResponse(http.client.HTTPResponse):
    """An answer whose head and body must be over within the time limit that its socket has when it begins."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        seconds = sock.gettimeout()
        self._lines = _Lines(self.fp if seconds is None else _UntilDeadline(sock, self.fp, seconds))
        self.fp = self._lines

    def begin(self) -> None:
        """Read the head of the final answer, after those of interim answers (100, 102, 103)."""
        self._read_head()
        for _ in range(MOST_FORERUNNERS):
            if not SWITCHING_PROTOCOLS < self.status < 200:
                return
            self.headers = None  # type: ignore[assignment] # the inherited method then reads another head
            self._read_head()

    def _read_head(self) -> None:
        """Read one head; raise where the inherited method would accept a part of a head as the whole."""
        super().begin()
        if self._lines.last_line not in (b"\r\n", b"\n"):
            raise http.client.IncompleteRead(b"")
        if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in self.headers.defects):
            raise http.client.HTTPException("a header without a name")


class _TimedConnection(ObservedConnection):
    response_class = _TimedResponse


class _TimedSecureConnection(ObservedConnection, HTTPSConnection):
    response_class = _TimedResponse

    @property
    def is_connected(self) -> bool:
        """Whether the connection can take another request: it must hold no unrequested answer."""
        # TLS has read and decrypted such bytes already, so that the socket itself shows none.
        return super().is_connected and not (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending())


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls: Any = _TimedConnection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls: Any = _TimedSecureConnection


POOLS: dict[str, Any] = {"http": _Pool, "https": _SecurePool}
"""The pools for `urllib3.PoolManager.pool_classes_by_scheme`."""
