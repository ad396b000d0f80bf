"""A look at the panel for all that was under way: what it has of it, and what only a person can tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ..config import Settings
from ..dynamic_provider import HostContext
from ..orphans import UNLISTED, Orphan, Search
from ..stack_state import Deployment, Held, StackState, is_ours, operated_on, provider_of, providers_of, resources_of
from ..terms import IMPORT_ID
from ..timestamps import instant, now
from .addresses import shared_out
from .adoption import Adoption
from .matching import Contest, matched
from .traces import Trace, Traces
from .unfinished import CREATING, UPDATING, Unfinished


@dataclass
class Findings:
    """What was found out about everything that was under way or is still wanted."""

    adoptions: list[Adoption] = field(default_factory=list)
    contests: list[Contest[Unfinished, Trace]] = field(default_factory=list)
    unlisted: list[Unfinished] = field(default_factory=list)
    """They were being made and may be at the panel; its API cannot list them."""
    unproven: list[Unfinished] = field(default_factory=list)
    """The program wants them, and whether the last run tried to make them is written nowhere."""
    nothing: list[Unfinished] = field(default_factory=list)
    """They had begun, and the panel has nothing of them."""
    orphans: list[Orphan] = field(default_factory=list)
    """What else the panel has and the state does not, once the adoptions are in it."""

    def extend(self, other: Findings) -> None:
        for name, found in vars(other).items():
            getattr(self, name).extend(found)

    def agrees(self, other: Findings) -> bool:
        """Whether another look came to the same."""
        return self._summary() == other._summary()

    def _summary(self) -> object:
        adopted = {(one.wanted.urn, one.trace.id, one.trace.addresses) for one in self.adoptions}
        contested = {trace.id for contest in self.contests for trace in contest.objects}
        return adopted, contested, {orphan.remove for orphan in self.orphans}


def found_at(
    settings: Settings, state: StackState, wanted: Sequence[Unfinished], since: datetime, urns: Set[str]
) -> Findings:
    """One look at one panel; what is older than `since` was made by no run that was cut short.

    `urns` has all that the state holds: what needs more than that has no place in it yet.
    """
    context = HostContext(settings)
    look = Traces(context, state, since)
    possible = {one: look.of(one) for one in wanted if one.doing == CREATING and one.needs <= urns}
    matching, addresses = matched(possible), shared_out(look, [one for one in wanted if one.needs <= urns])
    makers = {
        trace: tuple(one for one, theirs in possible.items() if trace in theirs) for trace in matching.made.values()
    }
    found = Findings(
        [
            *(Adoption(context, one, trace, makers[trace]) for one, trace in matching.made.items()),
            *(Adoption(context, one, trace) for one, trace in addresses.made.items()),
        ],
        [*matching.contests, *addresses.contests],
    )
    adopted = {one.wanted for one in found.adoptions}
    for one in wanted:
        if one.doing == CREATING and one not in adopted and IMPORT_ID not in one.values:
            _sort(found, one)
    found.orphans = list(Search(context.panel, _after(state, found.adoptions)).orphans())
    return found


def _sort(found: Findings, one: Unfinished) -> None:
    if one.kind not in UNLISTED:
        if one.under_way:
            found.nothing.append(one)
    elif one.is_described:  # what it belongs to was there, so its turn may have come
        (found.unlisted if one.under_way else found.unproven).append(one)


def _after(state: StackState, adoptions: Sequence[Adoption]) -> StackState:
    """The state with the adoptions in it; a build that is none of them is nobody's."""
    settled = {one.wanted.urn for one in adoptions}
    left = [one for one in state.under_way if one.urn not in settled and one.kind != "ServerBuild"]
    return StackState((*state.held, *map(_held, adoptions)), tuple(left), state.elsewhere)


def _held(adoption: Adoption) -> Held:
    wanted, trace = adoption.wanted, adoption.trace
    if wanted.doing == UPDATING:
        return Held(trace.kind, wanted.urn, trace.id, {"addresses": trace.addresses})
    return Held(wanted.kind, wanted.urn, trace.id, adoption.outputs)


def began_after(deployment: Deployment, settings: Settings) -> datetime:
    """An instant before all that was under way when the state was last written: an operation has a time limit."""
    written = str((deployment.get("manifest") or {}).get("time", ""))
    # The engine writes nanoseconds, which not every Python reads.
    at = instant(re.sub(r"(\.\d{6})\d+", r"\1", written)) or now()
    return at - timedelta(seconds=settings.operation_timeout)


def panels_of(deployment: Deployment, own: Callable[[str], str | None]) -> dict[str | None, Settings]:
    """The settings of each panel that the stack has objects of or is making some at, by the provider's URN.

    None is the stack's own.
    """
    ours = [one for one in [*resources_of(deployment), *operated_on(deployment)] if is_ours(one)]
    providers = providers_of(deployment)
    used = {provider_of(one, providers) for one in ours}
    panels: dict[str | None, Settings] = {}
    settings = Settings.read(own)
    # A stack whose objects are all at explicit panels need not have one of its own.
    if None in used or not used or (settings.endpoint and settings.token):
        panels[None] = settings
    panels.update({urn: settings_of(providers, urn) for urn in used if urn is not None})
    return panels


def settings_of(providers: Mapping[str, Mapping[str, Any]], urn: str) -> Settings:
    """What the program gave the explicit provider of that URN, else the environment."""
    inputs: Mapping[str, Any] = providers.get(urn, {}).get("inputs") or {}
    return Settings.read(inputs.get)
