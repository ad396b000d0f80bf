"""The subject of a row: a resource by its name in the program, and the machine that it stands for or belongs to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pulumi.runtime.rpc import UNKNOWN
from pydantic import BaseModel, ConfigDict

from ..providers.import_option import IMPORT_ID
from .inert_text import inert
from .plan import Plan, Step, is_named_by, kind_of_urn, name_of
from .shown_values import is_hidden

LONGEST_URN = 250


class Subject(BaseModel):
    """A resource; every text is inert and abbreviated, "" where the plan lacks the fact."""

    model_config = ConfigDict(frozen=True)

    name: str
    urn: str
    id: str = ""
    """The panel's id, where the object exists."""
    server_id: str = ""
    """The panel's id of the server that the object is or belongs to."""
    label: str = ""
    """The name that the panel shows; of a build whose server the plan does not have, the host name."""
    address: str = ""
    owner: str = ""
    """The panel's id of the server's owner."""
    owner_name: str = ""
    """The owner's name in the program."""


def subject_of(plan: Plan, step: Step) -> Subject:
    """Describe the resource of a step by the state before the plan, or by the program where the resource is new."""
    server = step if step.is_server else _server_of(plan, step)
    about = server or step
    return Subject(
        name=inert(step.name),
        urn=inert(step.urn, LONGEST_URN),
        id=inert(step.old.id if step.old else ""),
        server_id=_text(_placed(step), "server_id") or (_id_of(server) if server else ""),
        label=_text(about, "name") or _text(step, "hostname"),
        address=_text(about, "primary_ipv4") if server else "",
        owner=_text(about, "user_id") if server else "",
        owner_name=_owner_name(server) if server else "",
    )


def _placed(step: Step) -> Step:
    """Return the step without the state of a build that moves to another server: the build wipes that other one."""
    is_a_system = bool(step.kind) and step.behaviour.is_a_system
    moves = is_a_system and step.wanted.inputs.get("server_id") not in (None, UNKNOWN)
    return replace(step, old=None) if moves else step


def _id_of(server: Step) -> str:
    """Return the panel's id of a server that exists, also of one that the plan adopts."""
    return inert(server.old.id) if server.old else _text(server, IMPORT_ID) or inert(server.wanted.id)


def _server_of(plan: Plan, step: Step) -> Step | None:
    """Return the step of the server that a resource belongs to; None where the plan lacks the server."""
    urns = _placed(step).state.depends_on.get("server_id", ())
    found = [one for urn in urns for one in plan.by_urn.get(urn, ()) if one.is_server]
    return found[0] if found else None


def _owner_name(server: Step) -> str:
    urns = server.state.depends_on.get("user_id", ())
    return next((inert(name_of(urn)) for urn in urns if is_named_by(kind_of_urn(urn), "user_id")), "")


def _text(step: Step, name: str) -> str:
    outputs, inputs = step.state.outputs.get(name), step.state.inputs.get(name)
    value: Any = inputs if outputs in (None, "") else outputs
    plain = isinstance(value, str | int) and not isinstance(value, bool) and value != UNKNOWN
    return inert(str(value)) if plain and not is_hidden(step, name) else ""
