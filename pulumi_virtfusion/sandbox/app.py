"""The sandbox on the wire: ASGI, Laravel's manners, faults, and the controls under /_sandbox."""

from __future__ import annotations

import asyncio
import html
import json
import logging
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .access import TooManyRequests, Unauthorized
from .controls import control
from .faults import Fault
from .page import live_page
from .recorder import Entry, redacted
from .refusals import Refusal
from .request import Gone, parse_json, read_bytes, read_query_string
from .sandbox import Sandbox

API = "/api/v1"
_CONTROLS = "/_sandbox"
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

logger = logging.getLogger(__name__)

Drop = Callable[[Scope], None]
"""Cuts the connection that a request came by."""


class App:
    """One sandbox as an ASGI application."""

    def __init__(self, sandbox: Sandbox, drop: Drop, *, any_host: bool = False) -> None:
        self._sandbox = sandbox
        self._drop = drop
        self._any_host = any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except (Gone, _Dropped):
            # uvicorn answers 500 unless it knows by now that the connection is gone.
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        path = request.scope["path"]
        # A web page must not reach the panel through a name that its owner points at this machine.
        if not self._any_host and not _is_loopback(request.headers.get("host", "")):
            return _json(403, {"message": "This sandbox answers to loopback names only."})
        if path == API or path.startswith(f"{API}/"):
            return await self._api(request, path[len(API) :])
        if path.startswith(f"{_CONTROLS}/"):
            return await control(self._sandbox, request, path[len(_CONTROLS) :])
        if path == "/" and request.method == "GET":
            return Response(live_page(self._sandbox), media_type="text/html")
        return refused(request, Refusal(404, {"message": f"The route {path[1:]} could not be found."}))

    async def _api(self, request: Request, path: str) -> Response:
        recorder = self._sandbox.recorder
        entry = recorder.begin(request.method, path, {})
        status: int | None = None
        try:
            response = await self._record_and_answer(request, path, entry)
            status = response.status_code
        finally:
            recorder.end(entry, status)
        return response

    async def _record_and_answer(self, request: Request, path: str, entry: Entry) -> Response:
        try:
            content = await read_bytes(request)
            query = read_query_string(request)
        except Refusal as refusal:
            return refused(request, refusal)
        entry.query = redacted({name: v[0] if len(v) == 1 else v for name, v in query.items()})
        entry.body = _recorded_body(content)
        if self._sandbox.latency:
            await asyncio.sleep(self._sandbox.latency / 1000)
        fault = self._sandbox.faults.striking(request.method, path)
        if fault is None:
            return self._answer(request, path, query, content)
        return await self._with_fault(fault, request, lambda: self._answer(request, path, query, content))

    def _answer(self, request: Request, path: str, query: dict[str, list[str]], content: bytes) -> Response:
        try:
            self._sandbox.tokens.admit(request.headers.get("authorization", ""), path)
            status, answer = self._sandbox.answer(request.method, path, query, content)
        except Unauthorized:
            return Response("401 Unauthorized", 401, media_type="application/octet-stream")
        except Refusal as refusal:
            return refused(request, refusal)
        except Exception:
            # The body and the token stay out of the log.
            logger.exception("%s %s failed in the sandbox", request.method, path)
            return refused(request, Refusal(500, {"message": "Server Error"}))
        if status == 204 or answer is None:
            return Response(status_code=status)
        return _json(status, answer)

    async def _with_fault(self, fault: Fault, request: Request, answer: Callable[[], Response]) -> Response:
        replaced = fault.close or fault.status is not None
        response = answer() if fault.when == "after" or not replaced else None
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.close:
            self._drop(request.scope)
            raise _Dropped
        if fault.status is not None:
            response = _answer_of(fault)
        assert response is not None
        return _Truncated(response, self._drop) if fault.truncate else response


class _Dropped(Exception):
    """The connection was cut on purpose."""


class _Truncated(Response):
    """Announces the whole answer and sends half of it."""

    def __init__(self, whole: Response, drop: Drop) -> None:
        super().__init__(bytes(whole.body), whole.status_code, media_type=whole.media_type)
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        self._drop(scope)
        while (await receive())["type"] != "http.disconnect":
            pass


def _recorded_body(content: bytes) -> Any:
    try:
        return redacted(parse_json(content))
    except Refusal:
        return None


def _is_loopback(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return name.lower() in _LOOPBACK


def _json(status: int, value: Any, headers: dict[str, str] | None = None) -> Response:
    content = json.dumps(value, separators=(",", ":"))
    return Response(content, status, headers=headers, media_type="application/json")


def _answer_of(fault: Fault) -> Response:
    assert fault.status is not None
    text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
    media_type = "text/html" if text.lstrip().startswith("<") else "application/json"
    headers = {name: value for name, value in fault.headers.items() if name.lower() != "content-type"}
    given = next((value for name, value in fault.headers.items() if name.lower() == "content-type"), media_type)
    return Response(text, fault.status, headers=headers, media_type=given)


def refused(request: Request, refusal: Refusal) -> Response:
    """The refusal as JSON; what Laravel itself says is a page for those who do not ask for JSON."""
    headers = {}
    if isinstance(refusal, TooManyRequests) and refusal.wait is not None:
        headers["Retry-After"] = str(max(1, round(refusal.wait + 0.5)))
    if "message" in refusal.body and "json" not in request.headers.get("accept", ""):
        text = html.escape(str(refusal.body["message"]))
        page = f"<!DOCTYPE html><html><head><title>{refusal.status}</title></head><body><h1>{text}</h1></body></html>"
        return Response(page, refusal.status, headers=headers, media_type="text/html")
    return _json(refusal.status, refusal.body, headers)
