"""The panel's objects before an operation, from the state, where the note of the operation's check is lost.

Each behaviour knows them of its object (`Behaviour.remember`): a server or a user that the run itself made had nothing;
of an older server, a state has the addresses and the operating system.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from ..config import Settings
from ..lifecycle.contract import Values
from ..lifecycle.lost_answers import UNREACHABLE
from .panel_search import Look
from .pending_operations import UPDATING, PendingOperation
from .stack_state import Deployment, StackState, engine_time, resources_of


def remembered(settings: Settings, deployment: Deployment, state: StackState, began: datetime) -> Look:
    """Return a context whose run has the knowledge in the state, and whose panel counts as unreachable."""
    context = Look(settings)
    context.run.saw(UNREACHABLE, True)
    made = {one["urn"]: engine_time(one.get("created")) for one in resources_of(deployment) if not one.get("delete")}
    of_the_run = {urn for urn, at in made.items() if at is not None and at >= began}
    for one in sorted(state.held, key=lambda held: held.behaviour.is_a_system):  # a server comes before its system
        with suppress(ValueError):  # an id that somebody wrote by hand
            one.behaviour.remember(context, one.id, one.values, is_new=one.urn in of_the_run)
    return context


def completed(context: Look, state: StackState, unfinished: Iterable[PendingOperation]) -> list[PendingOperation]:
    """Return the operations, each without a note completed from the state where that has the knowledge."""
    held = {one.urn: one.values for one in state.held}
    return [one if one.seen is not None else one.with_seen(_seen(context, one, held)) for one in unfinished]


def _seen(context: Look, one: PendingOperation, held: Mapping[str, Mapping[str, Any]]) -> Any:
    if one.doing == UPDATING and (seen := one.behaviour.remembered_before(held.get(one.urn, {}))) is not None:
        return seen
    if not one.is_described:
        return None
    olds: Values = dict.fromkeys(one.behaviour.fields) if one.doing == UPDATING else {}
    try:
        return one.behaviour.noted_before(context, olds, one.values)
    except AttributeError:  # the state does not know that of the server
        return None
