"""Drift of a server for one click each: another person's change at the panel, and the command that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from .bodies import LARGEST
from .drift import Mutation
from .panel.panel import Panel
from .panel.refusals import Invalid
from .panel.store import Document
from .rules.users import NewUser
from .rules.users import create as create_user


class WantedDrift(BaseModel):
    """The request for a prepared drift of a server."""

    model_config = ConfigDict(extra="forbid")
    name: str
    id: Annotated[int, Field(ge=0, le=LARGEST)]


@dataclass(frozen=True)
class Drift:
    """A prepared drift; `change` has values by paths as for `mutate`, and None deletes the server."""

    name: str
    title: str
    story: str
    """The story of the change at the panel."""
    shows: str
    """The effect of the drift in a preview."""
    command: str
    change: Callable[[Panel, Document], dict[str, Any] | None]

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("name", "title", "story", "shows", "command")}


def _rename(_panel: Panel, server: Document) -> dict[str, Any]:
    return {"name": f"{server['name'] or server['hostname'] or 'server'}-renamed"}


def _resize(_panel: Panel, server: Document) -> dict[str, Any]:
    return {"settings.resources.memory": server["settings"]["resources"]["memory"] * 2}


def _suspend(_panel: Panel, server: Document) -> dict[str, Any]:
    return {"suspended": not server["suspended"], "running": server["suspended"]}


def _migrate(panel: Panel, server: Document) -> dict[str, Any]:
    groups = [host["groupId"] for host in panel.store.find("hypervisors")]
    own = panel.require("hypervisors", server["hypervisorId"])["groupId"]
    return {"hypervisor.groupId": _other(groups, own, "hypervisor group with a hypervisor")}


def _reinstall(panel: Panel, server: Document) -> dict[str, Any]:
    fitting = [template["id"] for template in panel.store.find("templates") if template["arch"] == server["arch"]]
    template = _other(fitting, server["settings"]["osTemplateInstallId"], "template of an operating system")
    return {"settings.osTemplateInstallId": template, "built": panel.stamp()}


def _give_away(panel: Panel, server: Document) -> dict[str, Any]:
    others = [user["id"] for user in panel.store.find("users") if user["id"] != server["ownerId"]]
    somebody = NewUser.model_validate(
        {"name": "Somebody Else", "email": "somebody-else@example.com", "relStr": "somebody-else"}
    )
    return {"ownerId": others[0] if others else create_user(panel, somebody)["id"]}


def _delete(_panel: Panel, _server: Document) -> None:
    return None


def _other(all_of_them: list[int], own: int | None, what: str) -> int:
    found = next((one for one in all_of_them if one != own), None)
    if found is None:
        raise Invalid(f"There is no other {what} at this panel.")
    return found


_PREVIEW = "pulumi preview --refresh --diff"

DRIFTS = {
    drift.name: drift
    for drift in (
        Drift(
            "rename",
            "Rename",
            "A colleague renames it.",
            "The refresh shows the new name. A program that gives one has it set again, in place.",
            _PREVIEW,
            _rename,
        ),
        Drift(
            "resize",
            "Resize",
            "Support doubles its memory.",
            "The refresh shows the memory. A program that gives one has it set again, in place.",
            _PREVIEW,
            _resize,
        ),
        Drift(
            "suspend",
            "Suspend",
            "Billing suspends it, or lifts that.",
            "The refresh shows it. Only a program that says `suspended` has it set again.",
            _PREVIEW,
            _suspend,
        ),
        Drift(
            "migrate",
            "Migrate",
            "It moves to another hypervisor group.",
            "The refresh warns. Only a replacement could undo it, and drift never plans one.",
            _PREVIEW,
            _migrate,
        ),
        Drift(
            "reinstall",
            "Reinstall",
            "Its owner installs another system.",
            "The refresh warns under the build. Nothing is planned: a build would wipe the disk.",
            _PREVIEW,
            _reinstall,
        ),
        Drift(
            "give-away",
            "Give away",
            "It gets another owner.",
            "The refresh shows the owner. The program's is set again, in place.",
            _PREVIEW,
            _give_away,
        ),
        Drift(
            "delete",
            "Delete",
            "Somebody deletes it at the panel.",
            "The refresh finds it gone. The server and all that hangs on it are planned anew.",
            _PREVIEW,
            _delete,
        ),
    )
}


def mutation_of(panel: Panel, wanted: WantedDrift) -> Mutation:
    """Return the change that a prepared drift makes to this server, as `mutate` takes it."""
    drift = DRIFTS.get(wanted.name)
    if drift is None:
        raise Invalid(f"Unknown drift {wanted.name!r}; there are {', '.join(DRIFTS)}.")
    values = drift.change(panel, panel.require("servers", wanted.id))
    return Mutation(kind="servers", id=wanted.id, set=values or {}, delete=values is None)
