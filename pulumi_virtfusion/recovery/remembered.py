"""What a state tells of the time before something was made, where the check that noted it left no trace.

On a server, and for a user, that the run itself had made, nothing was there when it was made. Of older ones a state
remembers which addresses and which operating system a server had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from ..config import Settings
from ..lifecycle.lost_answers import UNREACHABLE, knows_before
from ..resources.server_candidates import EMPTY
from .panel_search import Look
from .pending_operations import UPDATING, PendingOperation
from .stack_state import Deployment, StackState, engine_time, resources_of


def remembered(settings: Settings, deployment: Deployment, state: StackState, began: datetime) -> Look:
    """A context that knows what the state does, and asks nobody."""
    context = Look(settings)
    context.run.saw(UNREACHABLE, True)
    made = {one["urn"]: engine_time(one.get("created")) for one in resources_of(deployment) if not one.get("delete")}
    of_the_run = {urn for urn, at in made.items() if at is not None and at >= began}
    builds = {one.id: one.values for one in state.of("ServerBuild")}
    for user in state.of("User"):
        if user.urn in of_the_run and isinstance(user.values.get("user_id"), int | float):
            for kind in ("servers", "keys"):
                knows_before(context, (kind, int(user.values["user_id"])), 0)
    for server in state.of("Server"):
        record = _record(server.values, builds.get(server.id), is_new=server.urn in of_the_run)
        for what in ("server", "addresses"):
            knows_before(context, (what, int(server.id)), record)
        if server.urn in of_the_run:
            knows_before(context, ("traffic", int(server.id)), 0)
    return context


def _record(server: Mapping[str, Any], build: Mapping[str, Any] | None, *, is_new: bool) -> SimpleNamespace:
    """What is known of a server; of what is not, it has no attribute."""
    record = SimpleNamespace(ipv4_addresses=server.get("ipv4_addresses") or [])
    if build is not None:
        record.state, record.built = build.get("state"), build.get("built")
    elif server.get("state") in EMPTY:
        record.state, record.built = server["state"], ""
    if is_new:
        record.secondary_ipv4_addresses = record.ip_whitelist = record.secondary_ip_whitelist = []
    return record


def completed(context: Look, state: StackState, unfinished: Iterable[PendingOperation]) -> list[PendingOperation]:
    """The same, with what was there before as far as the state remembers it."""
    held = {one.urn: one.values for one in state.held}
    return [one if one.seen is not None else one.with_seen(_seen(context, one, held)) for one in unfinished]


def _seen(context: Look, one: PendingOperation, held: Mapping[str, Mapping[str, Any]]) -> Any:
    if one.doing == UPDATING and one.kind == "Server":  # its check, which does not know the id, notes nothing
        return held.get(one.urn, {}).get("ipv4_addresses")
    if not one.is_described:
        return None
    olds = {"addresses": [], "quantity": 0} if one.doing == UPDATING else {}
    try:
        return one.behaviour.noted_before(context, olds, one.values)
    except AttributeError:  # the state does not know that of the server
        return None
