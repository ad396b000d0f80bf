"""The controls under /_sandbox, by which a test or a curious person changes the panel from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from ..access import Token
from ..drift import Mutation
from ..faults import Fault
from ..panel.refusals import Invalid, LaravelRefusal, Refusal
from ..prepared_drift import DRIFTS, WantedDrift
from ..prepared_faults import prepared_faults
from ..sandbox import PanelSettings, Sandbox
from .answers import json_answer
from .origin import refuse_foreign_page, refuse_form
from .request import read_json


class Nothing(BaseModel):
    """The empty argument of a control."""


class Since(BaseModel):
    """The request id after which the log begins, and the most entries: the latest."""

    since: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=100_000)] = 100_000


class Profile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    profile: str


class Advance(BaseModel):
    model_config = ConfigDict(extra="forbid")
    seconds: Annotated[float, Field(ge=0, le=1e9)]


class Snapshot(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=255)] = "backup"


@dataclass(frozen=True)
class Control:
    """A control; `wants` is read from the query of a GET, else from the body; a result of None is a 204."""

    method: str
    path: str
    wants: type[BaseModel]
    act: Callable[[Sandbox, Any], Any]


CONTROLS = (
    Control("POST", "/reset", Nothing, lambda sandbox, _: sandbox.reset()),
    Control("POST", "/seed", Profile, lambda sandbox, wanted: sandbox.seed(wanted.profile)),
    Control("GET", "/requests", Since, lambda sandbox, wanted: sandbox.recorder.since(wanted.since, wanted.limit)),
    Control("DELETE", "/requests", Nothing, lambda sandbox, _: sandbox.recorder.clear()),
    Control("POST", "/mutate", Mutation, lambda sandbox, wanted: sandbox.mutate(wanted)),
    Control("GET", "/drift", Nothing, lambda _sandbox, _: [drift.as_json() for drift in DRIFTS.values()]),
    Control("POST", "/drift", WantedDrift, lambda sandbox, wanted: sandbox.drift(wanted).model_dump()),
    Control("POST", "/snapshot", Snapshot, lambda sandbox, wanted: sandbox.snapshot(wanted.name)),
    Control("POST", "/restore", Snapshot, lambda sandbox, wanted: sandbox.restore(wanted.name)),
    Control(
        "POST", "/settings", PanelSettings, lambda sandbox, changes: sandbox.set(changes.model_dump(exclude_unset=True))
    ),
    Control("GET", "/settings", Nothing, lambda sandbox, _: sandbox.settings.model_dump()),
    Control("GET", "/overview", Nothing, lambda sandbox, _: sandbox.overview()),
    Control("GET", "/connection", Nothing, lambda sandbox, _: sandbox.introduction.as_json()),
    Control("GET", "/state", Nothing, lambda sandbox, _: sandbox.state()),
    Control("POST", "/faults", Fault, lambda sandbox, fault: sandbox.faults.add(fault)),
    Control("GET", "/faults", Nothing, lambda sandbox, _: [fault.model_dump() for fault in sandbox.faults.all]),
    Control("GET", "/faults/prepared", Nothing, lambda _sandbox, _: prepared_faults()),
    Control("DELETE", "/faults", Nothing, lambda sandbox, _: sandbox.faults.all.clear()),
    Control("POST", "/tokens", Token, lambda sandbox, token: sandbox.tokens.add(token)),
    Control("GET", "/metrics", Nothing, lambda sandbox, _: sandbox.recorder.metrics()),
    Control("DELETE", "/metrics", Nothing, lambda sandbox, _: sandbox.recorder.reset_metrics()),
    Control("POST", "/advance", Advance, lambda sandbox, wanted: sandbox.advance(wanted.seconds)),
)


_PRIVATE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers that keep an answer from pages of another origin."""


async def control(sandbox: Sandbox, request: Request, path: str) -> Response:
    """Answer a control: 200 with JSON, 204 without a result, 4xx like the API."""
    try:
        refuse_foreign_page(request)
        refuse_form(request)
        chosen = _find(request.method, path)
        given = dict(request.query_params) if request.method == "GET" else await read_json(request, any_text=True)
        result = chosen.act(sandbox, _wanted(chosen.wants, given))
    except Refusal as refusal:
        return json_answer(refusal.status, refusal.body)
    return Response(status_code=204) if result is None else json_answer(200, result, _PRIVATE)


def _find(method: str, path: str) -> Control:
    for candidate in CONTROLS:
        if (candidate.method, candidate.path) == (method, path):
            return candidate
    known = ", ".join(f"{candidate.method} {candidate.path}" for candidate in CONTROLS)
    raise LaravelRefusal(404, f"There is no such control; there are {known}.")


def _wanted(model: type[BaseModel], given: Any) -> BaseModel:
    try:
        return model.model_validate({} if given is None else given)
    except ValidationError as error:
        raise Invalid(*(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())) from None
