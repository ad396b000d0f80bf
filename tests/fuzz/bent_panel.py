"""A panel on a raw socket before the sandbox: it carries requests out as the sandbox does, and bends the answers."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from pulumi_virtfusion.sandbox import RunningPanel
from tests.fuzz.bends import HONEST, Bend, Genuine, Plan, Sent
from tests.raw_listener import Listener, Received, receive

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
        self._listener = Listener(self._serve)

    @property
    def origin(self) -> str:
        return f"http://{self._listener.address}"

    def bend(self, plan: Plan) -> None:
        """From now on, and with the first request as number 0."""
        with self._lock:
            self._plan, self.exchanges = plan, []

    def straighten(self) -> None:
        self.bend(_straight)

    def stop(self) -> None:
        self._listener.stop()

    def _serve(self, connection: socket.socket) -> None:
        upstream = http.client.HTTPConnection(self.panel.origin.partition("//")[2])
        with contextlib.closing(upstream), contextlib.suppress(OSError), connection.makefile("rb") as source:
            while (request := receive(source)) is not None:
                sent = self._answer(upstream, request)
                connection.sendall(sent.text)
                if not sent.stays_open:
                    return

    def _answer(self, upstream: http.client.HTTPConnection, request: Received) -> Sent:
        line = f"{request.method} {urlsplit(request.path).path.removeprefix(API)}"
        with self._lock:
            exchanges = self.exchanges  # a client that gave up may have begun others by the time of the answer
            bend = self._plan(len(exchanges), line) or HONEST
            place = len(exchanges)
            exchanges.append(Exchange(line, bend, Genuine(), bend.sent_for(Genuine()), done=False))
        asked = bend.carried_out or request.method == "GET"
        genuine = _put_to(upstream, request) if asked else Genuine()
        sent = bend.sent_for(genuine)
        with self._lock:
            exchanges[place] = Exchange(line, bend, genuine, sent, asked and genuine.status < 300)
        return sent


def _put_to(upstream: http.client.HTTPConnection, request: Received) -> Genuine:
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    headers["Authorization"] = request.headers.get("Authorization", "")
    upstream.request(request.method, request.path, request.body or None, headers)
    with upstream.getresponse() as answer:
        return Genuine(answer.status, answer.read())


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
