"""A search of the panel for the objects of all pending operations: adoptions, and cases for a person to decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from ..config import Settings, of_provider
from ..lifecycle.lost_answers import RuledOut
from ..providers.import_option import IMPORT_ID
from .addresses import shared_out
from .adoption import Adoption
from .held_addresses import ADDRESSES
from .matching import Ambiguity, matched
from .orphans import Orphan, Search
from .panel_search import Look, PanelObject, PanelSearch, Unreadable
from .pending_operations import CREATING, UPDATING, PendingOperation, of_state
from .pulumi_cli import NoState
from .stack_state import (
    Deployment,
    Held,
    StackState,
    explicit_provider_of,
    is_ours,
    operated_on,
    provider_name,
    providers_of,
    resources_of,
)


@dataclass
class Findings:
    """The results of a search for the objects of pending operations, and of those that the program still wants."""

    adoptions: list[Adoption] = field(default_factory=list)
    ambiguities: list[Ambiguity[PendingOperation, PanelObject]] = field(default_factory=list)
    doubtful: list[tuple[PendingOperation, PanelObject]] = field(default_factory=list)
    """Creates with a candidate each that nothing proves."""
    older: list[tuple[PendingOperation, PanelObject]] = field(default_factory=list)
    """Wanted resources with an object like each, which by the panel's clock the run did not make."""
    unlisted: list[PendingOperation] = field(default_factory=list)
    """Pending creates whose objects may be at the panel, while its API cannot list them."""
    unproven: list[PendingOperation] = field(default_factory=list)
    """Wanted resources that the API cannot list, while nothing records whether the last run tried to make them."""
    unread: list[tuple[PendingOperation, str]] = field(default_factory=list)
    """Operations whose objects could not be searched for, each with the reason."""
    unseen: list[str] = field(default_factory=list)
    """Other parts of the panel that could not be searched, each as the subject of a sentence, with the reason."""
    nothing: list[PendingOperation] = field(default_factory=list)
    """Pending creates whose search found no object."""
    orphans: list[Orphan] = field(default_factory=list)
    """Other objects of the panel that the state lacks, once the adoptions are in it."""

    @property
    def at_stake(self) -> list[tuple[PendingOperation, str]]:
        """Those of `unread` that the state records as pending: a write of the state forgets them."""
        return [(one, why) for one, why in self.unread if one.under_way]

    def extend(self, other: Findings) -> None:
        for name, found in vars(other).items():
            getattr(self, name).extend(found)

    def agrees(self, other: Findings) -> bool:
        """Whether another search found the same objects."""
        return self._summary() == other._summary()

    def _summary(self) -> object:
        adopted = {(one.wanted.urn, one.trace.id, one.trace.addresses) for one in self.adoptions}
        contested = {trace.id for ambiguity in self.ambiguities for trace in ambiguity.objects}
        doubtful = {(one.urn, trace.id) for one, trace in self.doubtful}
        return adopted, contested, doubtful, {orphan.remove for orphan in self.orphans}


@dataclass(frozen=True)
class Window:
    """The time in which the interrupted run can have made objects."""

    since: datetime
    until: datetime


def found_at(
    settings: Settings,
    state: StackState,
    wanted: Sequence[PendingOperation],
    window: Window,
    urns: Set[str],
    *,
    doubtful_too: bool = False,
) -> Findings:
    """Search one panel once; no object from outside of the window is one of the interrupted run.

    `urns` has all resources of the state: a resource that needs others has no place in it. With `doubtful_too`,
    candidates without proof are adopted as well, since a person has looked at them.
    """
    context = Look(settings)
    look = PanelSearch(context, state, window.since, window.until)
    found = Findings()
    possible: dict[PendingOperation, list[PanelObject]] = {}
    for one in (one for one in wanted if one.doing == CREATING):
        try:
            possible[one] = look.of(one, urns)
        except Unreadable as error:
            found.unread.append((one, str(error)))
    certain = {
        one: [trace for trace in traces if doubtful_too or not trace.doubt]
        for one, traces in possible.items()
        if one.kind != ADDRESSES
    }
    matching, addresses = matched(certain), shared_out(look, wanted, possible, doubtful_too=doubtful_too)
    makers = {
        trace: tuple(one for one, theirs in certain.items() if trace in theirs) for trace in matching.made.values()
    }
    found.adoptions = [
        *(Adoption(context, one, trace, makers[trace]) for one, trace in matching.made.items()),
        *(Adoption(context, one, trace) for one, trace in addresses.made.items()),
    ]
    found.ambiguities = [*matching.ambiguities, *addresses.ambiguities]
    _tell_of_the_rest(found, wanted, possible)
    search = Search(context, _after(state, found.adoptions), under_way_too=False)
    found.orphans = list(search.orphans())
    found.unseen = search.unseen
    return found


def _tell_of_the_rest(
    found: Findings, wanted: Sequence[PendingOperation], possible: Mapping[PendingOperation, Sequence[PanelObject]]
) -> None:
    adopted = {one.wanted for one in found.adoptions}
    taken = {(one.trace.kind, id_) for one in found.adoptions for id_ in one.trace.ids}
    contested = {one for ambiguity in found.ambiguities for one in ambiguity.makers}
    unread = {one for one, _ in found.unread}
    for one in wanted:
        if one in adopted | contested | unread or one.doing != CREATING or IMPORT_ID in one.values:
            continue
        left = [trace for trace in possible.get(one, ()) if (trace.kind, trace.id) not in taken]
        if one.behaviour.unlistable:
            if one.under_way:
                found.unlisted.append(one)
            elif set(one.missing) <= set(one.hidden):  # what it belongs to was there, so its turn may have come
                found.unproven.append(one)
        elif left:
            for trace in left:
                is_older = not one.under_way and isinstance(trace.doubt, RuledOut)
                (found.older if is_older else found.doubtful).append((one, trace))
        elif one.under_way:
            found.nothing.append(one)


def _after(state: StackState, adoptions: Sequence[Adoption]) -> StackState:
    """Return the state with the adoptions in it."""
    resolved = {one.wanted.urn for one in adoptions}
    left = [one for one in state.under_way if one.urn not in resolved]
    return StackState((*state.held, *map(_held, adoptions)), tuple(left), state.elsewhere)


def _held(adoption: Adoption) -> Held:
    wanted, trace = adoption.wanted, adoption.trace
    if wanted.doing == UPDATING:
        return Held(trace.kind, wanted.urn, trace.id, {"addresses": trace.addresses})
    return Held(wanted.kind, wanted.urn, trace.id, adoption.outputs)


def panels_of(deployment: Deployment, own: Callable[[str], str | None]) -> dict[str | None, Settings]:
    """Return the settings of each panel with objects or pending creates of the stack, by the provider's URN.

    None is the key of the stack's own panel. A provider that the state lacks is left out: nothing names its panel.
    """
    ours = [one for one in [*resources_of(deployment), *operated_on(deployment)] if is_ours(one)]
    providers = providers_of(deployment)
    used = {explicit_provider_of(one, providers) for one in ours}
    panels: dict[str | None, Settings] = {}
    settings = Settings.read(own)
    # A stack whose objects are all at explicit panels need not have one of its own.
    if None in used or not used or (settings.endpoint and settings.token):
        panels[None] = settings
    panels.update({urn: settings_of(providers, urn) for urn in used if urn in providers})
    return panels


def at_no_panel(sealed: Deployment, opened: Deployment) -> list[tuple[PendingOperation, str]]:
    """Return the pending operations of providers that the state lacks, each with the reason against a search."""
    providers = providers_of(opened)
    used = {explicit_provider_of(one, providers) for one in operated_on(opened) if is_ours(one)}
    lost = [urn for urn in used if urn is not None and urn not in providers]
    return [
        (one, f"the state does not hold its provider {urn}, which alone tells the panel")
        for urn in sorted(lost)
        for one in of_state(sealed, opened, urn)
    ]


def settings_of(providers: Mapping[str, Mapping[str, Any]], urn: str) -> Settings:
    """Return the settings of the explicit provider of that URN, with defaults from the environment.

    Raise `NoState` where the state lacks the provider.
    """
    if urn not in providers:
        raise NoState(f"The state does not hold the provider {urn}, which alone tells the panel of its objects.")
    inputs: Mapping[str, Any] = providers[urn].get("inputs") or {}

    # The dynamic provider has them as a configuration does, the plug-in without the namespace.
    def configured(key: str) -> str | None:
        return _text(inputs.get(key, inputs.get(key.partition(":")[2])))

    return Settings.read(configured, written=partial(of_provider, provider_name(urn)))


def _text(value: Any) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
