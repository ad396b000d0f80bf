"""What is lost when a resource is deleted."""

from __future__ import annotations

from typing import Any

from ..resources import resource_class
from .inert_text import inert
from .plan import State, Step
from .shown_values import is_hidden

MACHINES = ("Server", "ServerBuild")
FORGOTTEN = "forgotten; the panel keeps it"
RETAINED = "forgotten, as retain_on_delete says; the panel keeps it"
PACK = "deleted"
PACK_WITH_SERVERS = "deleted, with every server in it"
PACK_IN_USE = "deleted or, while it has servers, refused or disabled"


def is_only_forgotten(kind: str) -> bool:
    """Whether the panel has no operation that takes such a thing away."""
    return not resource_class(kind).behaviour.removed_by


def deletion_of(step: Step) -> str:
    """What the deletion of a resource means, in a few words."""
    if step.kind == "ResourcePack":
        return _deletion_of_pack(step.state)
    delay = step.state.outputs.get("delete_delay")
    later = f", {delay} minutes later" if step.kind == "Server" and isinstance(delay, int) and delay else ""
    deleted = FORGOTTEN if is_only_forgotten(step.kind) else "deleted"
    return f"{resource_class(step.kind).behaviour.when_deleted or deleted}{later}"


def lost_with(step: Step) -> str:
    """What a person may want to know of what goes."""
    outputs = step.state.outputs
    if step.kind == "ResourcePack" and (servers := _servers_in(step.state)):
        return inert(f"{servers} servers in it")
    if step.kind == "ServerIpv4Addresses" and not is_hidden(step, "addresses"):
        addresses = outputs.get("addresses")
        return inert(", ".join(map(str, addresses))) if isinstance(addresses, list) else ""
    return ""


def destroys_machines(step: Step) -> bool:
    """Whether deleting or replacing the resource takes a machine, or a system from one, away."""
    if step.kind != "ResourcePack":
        return step.kind in MACHINES
    return _says(step.state, "delete_servers") or _servers_in(step.state) != 0


def _deletion_of_pack(state: State) -> str:
    if _says(state, "delete_servers"):
        return PACK_WITH_SERVERS
    return PACK if _servers_in(state) == 0 else PACK_IN_USE


def _says(state: State, name: str) -> bool:
    """Whether a flag is set; what cannot be seen may be."""
    return state.value(name) not in (None, False)


def _servers_in(state: State) -> Any:
    """How many servers the pack had when it was last read; None where nothing tells."""
    used = state.outputs.get("used")
    return used.get("servers") if isinstance(used, dict) else None
