"""A panel on a raw socket before the sandbox: it carries requests out as the sandbox does, and bends the answers."""

from __future__ import annotations

import contextlib
import http.client
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import parse_headers
from typing import Any
from urllib.parse import urlsplit

from pulumi_virtfusion.sandbox import RunningPanel
from tests.fuzz.bends import HONEST, Bend, Genuine, Plan, Sent

API = "/api/v1"


@dataclass(frozen=True)
class Exchange:
    """A request, and what became of it."""

    line: str
    bend: Bend
    genuine: Genuine
    sent: Sent
    done: bool
    """Whether the panel carried it out."""


class BentPanel:
    """Answers at a port of its own for the `panel` behind it; `exchanges` has all since the last `bend`."""

    def __init__(self, panel: RunningPanel) -> None:
        self.panel = panel
        self.exchanges: list[Exchange] = []
        self._plan: Plan = _straight
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.bent = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def bend(self, plan: Plan) -> None:
        """From now on, and with the first request as number 0."""
        with self._lock:
            self._plan, self.exchanges = plan, []

    def straighten(self) -> None:
        self.bend(_straight)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, upstream: http.client.HTTPConnection, request: Request) -> Sent:
        with self._lock:
            bend = self._plan(len(self.exchanges), request.line) or HONEST
            place = len(self.exchanges)
            self.exchanges.append(Exchange(request.line, bend, Genuine(), bend.sent_for(Genuine()), done=False))
        asked = bend.carried_out or request.method == "GET"
        genuine = request.put_to(upstream) if asked else Genuine()
        sent = bend.sent_for(genuine)
        with self._lock:
            self.exchanges[place] = Exchange(request.line, bend, genuine, sent, asked and genuine.status < 300)
        return sent


def _straight(_number: int, _line: str) -> None:
    return None


@contextmanager
def bent(panel: RunningPanel) -> Iterator[BentPanel]:
    """A bent panel before this one for the length of a `with`."""
    before = BentPanel(panel)
    try:
        yield before
    finally:
        before.stop()


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    authorization: str
    body: bytes

    @property
    def line(self) -> str:
        return f"{self.method} {urlsplit(self.target).path.removeprefix(API)}"

    def put_to(self, upstream: http.client.HTTPConnection) -> Genuine:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        upstream.request(self.method, self.target, self.body or None, {**headers, "Authorization": self.authorization})
        with upstream.getresponse() as answer:
            return Genuine(answer.status, answer.read())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64
    bent: BentPanel


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, _Server)
        upstream = http.client.HTTPConnection(self.server.bent.panel.origin.partition("//")[2])
        with contextlib.closing(upstream), contextlib.suppress(OSError):
            while (request := _read(self.rfile)) is not None:
                sent = self.server.bent.answer(upstream, request)
                self.connection.sendall(sent.text)
                if not sent.stays_open:
                    return


def _read(source: Any) -> Request | None:
    first = source.readline().decode("latin-1").split(" ", 2)
    if len(first) < 3:
        return None
    headers = parse_headers(source)
    body = source.read(int(headers.get("Content-Length") or 0))
    return Request(first[0], first[1], headers.get("Authorization", ""), body)
