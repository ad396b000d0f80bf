"""Answers on the wire: JSON, Laravel's pages, and the answers of faults."""

from __future__ import annotations

import html
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ..drift import set_value
from ..faults import Fault
from ..panel.refusals import Invalid, LaravelRefusal, Refusal
from .connections import Connection


def json_answer(status: int, value: Any, headers: dict[str, str] | None = None) -> Response:
    content = json.dumps(value, separators=(",", ":"))
    return Response(content, status, headers=headers, media_type="application/json")


def refusal_answer(request: Request, refusal: Refusal) -> Response:
    """Return the refusal as JSON, or Laravel's own as a page for a client that does not ask for JSON."""
    if isinstance(refusal, LaravelRefusal) and "json" not in request.headers.get("accept", ""):
        text = html.escape(str(refusal.body["message"]))
        page = f"<!DOCTYPE html><html><head><title>{refusal.status}</title></head><body><h1>{text}</h1></body></html>"
        return Response(page, refusal.status, headers=refusal.headers, media_type="text/html")
    return json_answer(refusal.status, refusal.body, refusal.headers)


def fault_answer(fault: Fault, status: int) -> Response:
    """Return the fault's answer; text that begins like a page is HTML, unless the headers say otherwise."""
    if status in (204, 304):
        return Response(status_code=status, headers=fault.headers)
    # A text may hold characters without an encoding, which are written as JSON writes them.
    text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
    headers = {name.lower(): value for name, value in fault.headers.items()}
    guess = "text/html" if text.lstrip().startswith("<") else "application/json"
    content = text.encode("utf-8", "backslashreplace")
    return Response(content, status, media_type=headers.pop("content-type", guess), headers=headers)


def changed_answer(response: Response, values: dict[str, Any]) -> Response:
    """Return the panel's answer with other values in it; a refusal and an answer without JSON are unchanged."""
    if not values or response.status_code >= 300 or response.media_type != "application/json":
        return response
    answer = json.loads(bytes(response.body))
    try:
        for path, value in values.items():
            set_value(answer, path, value)
    except Invalid as refusal:
        return json_answer(500, {"message": f"The fault does not fit the answer. {refusal.body['errors'][0]}"})
    return json_answer(response.status_code, answer)


class TruncatedAnswer(Response):
    """An answer that announces its whole length, sends half and drops the connection."""

    def __init__(self, whole: Response, connection: Connection) -> None:
        super().__init__(bytes(whole.body), whole.status_code, media_type=whole.media_type)
        self._connection = connection

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        self._connection.close()
        await gone(receive)


async def gone(receive: Receive) -> None:
    """Wait until uvicorn knows that the connection is closed: before that, uvicorn would answer 500 itself."""
    while (await receive())["type"] != "http.disconnect":
        pass
