"""A listener on a raw socket, for panels that answer what HTTP libraries refuse to send."""

from __future__ import annotations

import json
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.client import parse_headers
from typing import Any, BinaryIO

from typing_extensions import override


@dataclass(frozen=True)
class Received:
    """A request that was read."""

    method: str
    path: str
    headers: Message
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


def receive(source: BinaryIO) -> Received | None:
    """The next request of a connection; None where it was closed."""
    first = source.readline().decode("latin-1").split(" ", 2)
    if len(first) < 3:
        return None
    headers = parse_headers(source)
    return Received(first[0], first[1], headers, source.read(int(headers.get("Content-Length") or 0)))


class Listener(socketserver.ThreadingTCPServer):
    """Listens at a port of its own, or at the given one, and has each connection served in a thread of its own."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, serve: Callable[[socket.socket], None], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), socketserver.BaseRequestHandler)
        self._serve = serve
        self._errors: list[BaseException] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @override
    def finish_request(self, request: Any, client_address: Any) -> None:
        self._serve(request)

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Kept until the end: printed, it would be taken for a word of the command that is being tested."""
        if (error := sys.exc_info()[1]) is not None:
            self._errors.append(error)

    def stop(self) -> None:
        """Stop listening, and raise what went wrong while connections were served."""
        self.shutdown()
        self.server_close()
        self._thread.join()
        if self._errors:
            raise self._errors[0]
