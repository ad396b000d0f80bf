"""The controls under /_sandbox: what a test or a curious person does to the panel from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from .access import Token
from .faults import Fault
from .refusals import Invalid, Refusal
from .request import parse_json, read_bytes
from .sandbox import Sandbox
from .seeds import PROFILES


class _Seed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    profile: str


class _Mutation(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str
    id: Annotated[int, Field(ge=0, le=2**63 - 1)]
    set: dict[str, Any] = {}
    delete: bool = False


class _Advance(BaseModel):
    model_config = ConfigDict(extra="forbid")
    seconds: Annotated[float, Field(ge=0, le=1e9)]


def _reset(sandbox: Sandbox, request: Request, body: Any) -> Any:
    sandbox.reset()


def _seed(sandbox: Sandbox, request: Request, body: Any) -> Any:
    profile = _Seed.model_validate(body).profile
    if profile not in PROFILES:
        raise Invalid(f"Unknown seed profile {profile!r}; there are {', '.join(PROFILES)}.")
    sandbox.seed(profile)


def _requests(sandbox: Sandbox, request: Request, body: Any) -> Any:
    since = request.query_params.get("since", "0")
    if not since.isdigit():
        raise Invalid("since is the id of a request.")
    return sandbox.recorder.since(int(since))


def _clear_requests(sandbox: Sandbox, request: Request, body: Any) -> Any:
    sandbox.recorder.clear()


def _mutate(sandbox: Sandbox, request: Request, body: Any) -> Any:
    mutation = _Mutation.model_validate(body)
    return sandbox.mutate(mutation.kind, mutation.id, mutation.set, delete=mutation.delete)


def _state(sandbox: Sandbox, request: Request, body: Any) -> Any:
    return sandbox.state()


def _queue(sandbox: Sandbox, request: Request, body: Any) -> Any:
    return sandbox.queue()


def _add_fault(sandbox: Sandbox, request: Request, body: Any) -> Any:
    fault = Fault.model_validate(body)
    sandbox.add_fault(fault)
    return fault.model_dump()


def _faults(sandbox: Sandbox, request: Request, body: Any) -> Any:
    return [fault.model_dump() for fault in sandbox.faults.all]


def _clear_faults(sandbox: Sandbox, request: Request, body: Any) -> Any:
    sandbox.faults.all.clear()


def _add_token(sandbox: Sandbox, request: Request, body: Any) -> Any:
    sandbox.add_token(Token.model_validate(body))


def _metrics(sandbox: Sandbox, request: Request, body: Any) -> Any:
    return sandbox.recorder.metrics()


def _reset_metrics(sandbox: Sandbox, request: Request, body: Any) -> Any:
    sandbox.recorder.reset_metrics()


def _advance(sandbox: Sandbox, request: Request, body: Any) -> Any:
    sandbox.advance(_Advance.model_validate(body).seconds)


CONTROLS: dict[tuple[str, str], Callable[[Sandbox, Request, Any], Any]] = {
    ("POST", "/reset"): _reset,
    ("POST", "/seed"): _seed,
    ("GET", "/requests"): _requests,
    ("DELETE", "/requests"): _clear_requests,
    ("POST", "/mutate"): _mutate,
    ("GET", "/state"): _state,
    ("GET", "/queue"): _queue,
    ("POST", "/faults"): _add_fault,
    ("GET", "/faults"): _faults,
    ("DELETE", "/faults"): _clear_faults,
    ("POST", "/tokens"): _add_token,
    ("GET", "/metrics"): _metrics,
    ("DELETE", "/metrics"): _reset_metrics,
    ("POST", "/advance"): _advance,
}


async def control(sandbox: Sandbox, request: Request, path: str) -> Response:
    """Answers a control: 200 with JSON, 204 when there is nothing to say, 404 and 422 like the API."""
    try:
        body = parse_json(await read_bytes(request))
        action = CONTROLS.get((request.method, path))
        if action is None:
            known = ", ".join(f"{method} {name}" for method, name in CONTROLS)
            raise Refusal(404, {"message": f"There is no such control; there are {known}."})
        result = action(sandbox, request, body)
    except ValidationError as error:
        return _json(422, {"errors": [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]})
    except Refusal as refusal:
        return _json(refusal.status, refusal.body)
    return Response(status_code=204) if result is None else _json(200, result)


def _json(status: int, value: Any) -> Response:
    return Response(json.dumps(value), status, media_type="application/json")
