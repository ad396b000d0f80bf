"""The sandbox as an ASGI application: the API, the controls and the page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ..access import Unauthorized
from ..faults import Fault
from ..panel.refusals import LaravelRefusal, Refusal
from ..recorder import Entry
from ..sandbox import Sandbox
from .answers import TruncatedAnswer, changed_answer, fault_answer, gone, json_answer, refusal_answer
from .connections import Connection
from .controls import control
from .framing import early_answer, on_the_wire
from .origin import Names
from .page import page_answer
from .request import ApiRequest, ClientGone, read

API = "/api/v1"
_CONTROLS = "/_sandbox"

logger = logging.getLogger(__name__)


class _Dropped(Exception):
    """The connection was cut on purpose."""


class App:
    """One sandbox on the wire."""

    def __init__(self, sandbox: Sandbox, connection_of: Callable[[Scope], Connection], names: Names) -> None:
        self._sandbox = sandbox
        self._connection_of = connection_of
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except (ClientGone, _Dropped):
            await gone(receive)
            return
        response.headers.setdefault("date", self._date())
        await response(scope, receive, send)

    def _date(self) -> str:
        return formatdate(self._sandbox.panel.clock.now(), usegmt=True)

    async def _respond(self, request: Request) -> Response:
        path: str = request.scope["path"]
        try:
            self._names.refuse_foreign(request, with_token=path.startswith(f"{API}/"))
        except LaravelRefusal as refusal:
            return json_answer(refusal.status, refusal.body)
        if path.startswith(f"{API}/"):
            return await self._api(request, path[len(API) :])
        if request.method == "GET" and (page := page_answer(path)):
            return page
        if path.startswith(f"{_CONTROLS}/"):
            return await control(self._sandbox, request, path[len(_CONTROLS) :])
        return refusal_answer(request, LaravelRefusal(404, f"The route {path[1:]} could not be found."))

    async def _api(self, request: Request, path: str) -> Response:
        """Answer a request and record it; a dropped connection is recorded without a status."""
        recorder = self._sandbox.recorder
        entry = recorder.begin(request.method, path)
        status: int | None = None
        try:
            asked = await read(request, path)
            if self._sandbox.tokens.knows(asked.authorization):
                recorder.note(entry, asked.query, asked.body, request.headers.get("user-agent", ""))
            if self._sandbox.latency:
                await asyncio.sleep(self._sandbox.latency / 1000)
            fault = self._sandbox.faults.striking(request.method, path)
            response = await self._with(fault, request, asked, entry) if fault else self._answer(request, asked, entry)
            status = response.status_code
        finally:
            recorder.end(entry, status)
        return response

    def _answer(self, request: Request, asked: ApiRequest, entry: Entry) -> Response:
        try:
            status, answer = self._sandbox.answer(asked)
            entry.done = True
        except Unauthorized:
            return Response("401 Unauthorized", 401, media_type="application/octet-stream")
        except Refusal as refusal:
            return refusal_answer(request, refusal)
        except Exception:
            # The traceback names code, not values: the body and the token stay out of the log.
            logger.exception("%s %s failed in the sandbox", asked.method, asked.path)
            return refusal_answer(request, LaravelRefusal(500, "Server Error"))
        return Response(status_code=status) if answer is None else json_answer(status, answer)

    async def _with(self, fault: Fault, request: Request, asked: ApiRequest, entry: Entry) -> Response:
        """Return the fault's answer; `after` carries out the request first, `before` only when the answer is needed."""
        connection = self._connection_of(request.scope)
        response = self._answer(request, asked, entry) if fault.when == "after" else None
        for status in fault.early:
            connection.send(early_answer(status))
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.status is not None:
            response = fault_answer(fault, fault.status)
        elif not fault.close and fault.raw is None:
            response = changed_answer(response or self._answer(request, asked, entry), fault.set)
        self._let_happen(fault)
        if response is None or fault.goes_past_http:
            await self._send_past_http(fault, response, connection)
            raise _Dropped
        return TruncatedAnswer(response, connection) if fault.truncate else response

    def _let_happen(self, fault: Fault) -> None:
        for mutation in fault.then:
            with suppress(Refusal):
                self._sandbox.mutate(mutation)

    async def _send_past_http(self, fault: Fault, response: Response | None, connection: Connection) -> None:
        """Send bytes that no HTTP server would send, or none, and end the connection."""
        send = connection.send_plain if fault.plain else connection.send
        if fault.raw is not None:
            send(fault.raw.encode("latin-1"))
        elif response is not None and not fault.close:
            response.headers.setdefault("date", self._date())
            send(on_the_wire(response, fault.framing))
        await asyncio.sleep(fault.hold)
        connection.close()
