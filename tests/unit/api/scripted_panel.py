"""A panel on a real socket that does as its script says: one line for each request, the last for all others."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BufferedReader
from itertools import count

from tests.raw_listener import Listener, Received, receive


@dataclass(frozen=True)
class Line:
    """What happens to one request."""

    answer: bytes = b""
    read_request: bool = True
    close: bool = False
    silent: bool = False
    after: float = 0
    """Seconds that pass before the answer."""
    drips_every: float = 0
    """Seconds between its bytes, the last of which comes again and again."""
    in_plain: bool = False
    """Past TLS, as a load balancer writes whose other half speaks no TLS."""


def answers(
    status: int = 200, body: object = b"", headers: Mapping[str, str] | None = None, *, after: float = 0
) -> Line:
    """A whole answer; a body that is no bytes goes out as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Line(_head(status, len(content), headers or {}) + content, after=after)


def cut_off(status: int, body: bytes, announced: int | None) -> Line:
    """A body that ends before its announced length, or, with `None`, wherever the connection closes."""
    return Line(_head(status, announced, {"Connection": "close"}) + body, close=True)


CLOSES_BEFORE_READING = Line(read_request=False, close=True)
CLOSES_AFTER_READING = Line(close=True)
SILENT = Line(silent=True)


def _head(status: int, length: int | None, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items())]
    if length is not None and status != 204:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode()


class ScriptedPanel:
    """Listens on a port of its own, with `tls` where given; `requests` are those that it read, `most_in_flight` the
    most at one time."""

    def __init__(
        self, script: Iterable[Line] | Callable[[int], Line], *, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.requests: list[Received] = []
        self.connections = 0
        self.most_in_flight = 0
        self._in_flight = 0
        self._script = list(script) if not callable(script) else script
        self._next = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._tls = tls
        self._listener = Listener(self._serve, port)

    @property
    def url(self) -> str:
        return f"http{'s' if self._tls else ''}://{self._listener.address}"

    @property
    def tls(self) -> ssl.SSLContext | None:
        return self._tls

    def stop(self) -> None:
        self._over.set()
        self._listener.stop()

    def next_line(self) -> Line:
        with self._lock:
            number, self._next = self._next, self._next + 1
            if callable(self._script):
                return self._script(number)
            return self._script[min(number, len(self._script) - 1)]

    def play(self, line: Line, connection: socket.socket, request: Received) -> None:
        with self._lock:
            self.requests.append(request)
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
        self._over.wait(3600 if line.silent else line.after)
        with self._lock:
            self._in_flight -= 1
        if line.drips_every:
            self._drip(line, connection)
        elif line.in_plain:
            with socket.socket(fileno=os.dup(connection.fileno())) as plain:
                plain.sendall(line.answer)
        elif line.answer:
            connection.sendall(line.answer)

    def _drip(self, line: Line, connection: socket.socket) -> None:
        for number in count():
            byte = line.answer[min(number, len(line.answer) - 1)]
            connection.sendall(bytes([byte]))
            if self._over.wait(line.drips_every):
                return

    def _serve(self, accepted: socket.socket) -> None:
        tls = self._tls
        connection = tls.wrap_socket(accepted, True, do_handshake_on_connect=False) if tls else accepted
        self.connections += 1
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as source:
            while (line := self.next_line() if _has_request(connection, source) else None) is not None:
                if not line.read_request:
                    connection.sendall(line.answer)
                    return
                request = receive(source)
                if request is None:
                    return
                self.play(line, connection, request)
                if line.close or line.silent:
                    return


def _has_request(connection: socket.socket, source: BufferedReader) -> bool:
    if isinstance(connection, ssl.SSLSocket):
        return bool(source.peek(1))
    return bool(connection.recv(1, socket.MSG_PEEK))
