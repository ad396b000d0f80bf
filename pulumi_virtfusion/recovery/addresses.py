"""Assignment of IPv4 addresses that an interface has and no resource counts to the resources that asked for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..api.errors import NotFound
from ..lifecycle.behaviour import Behaviour
from ..resources import resource_class
from ..resources.server_addresses import addresses_of
from ..resources.server_interface import ServerInterface
from ..resources.server_ipv4_addresses import Holding
from .held_addresses import ADDRESSES
from .matching import Ambiguity, Matching, allotted
from .panel_search import PanelObject, PanelSearch
from .pending_operations import CREATING, UPDATING, PendingOperation
from .stack_state import Held


@dataclass(frozen=True)
class Share:
    """The addresses that one resource still wants on an interface: those that it names, and a quantity."""

    wanted: PendingOperation
    on: ServerInterface
    own: tuple[str, ...]
    named: tuple[str, ...]
    quantity: int

    @classmethod
    def of(cls, wanted: PendingOperation, held: Held | None) -> Share | None:
        """Return the share of an operation, None where it wants no address; `held` is its resource in the state."""
        given, values = wanted.values, {} if held is None else held.values
        if wanted.doing == UPDATING and held is not None and "ipv4" in given:  # a server counts its own
            own = tuple(values.get("own_ipv4_addresses") or ())
            return cls(wanted, ServerInterface(int(held.id), "primary"), own, (), given["ipv4"] - len(own))
        if wanted.kind != ADDRESSES or not wanted.is_described:
            return None
        own = tuple(values.get("addresses") or ()) if wanted.doing == UPDATING else ()
        on = ServerInterface(int(given["server_id"]), given["interface"])
        named = tuple(one for one in given.get("addresses") or () if one not in own)
        return cls(wanted, on, own, named, given.get("quantity", 0) - len(own))

    def given(self, addresses: Sequence[str], record: Holding) -> PanelObject:
        """Return the panel object of the resource with these addresses as its own, beside those that it has."""
        own = [*self.own, *addresses]
        id_ = f"{self.on}/{own[0]}" if self.wanted.doing == CREATING else ""
        return PanelObject(ADDRESSES, id_, replace(record, addresses=own), addresses=tuple(own))


def shared_out(
    look: PanelSearch,
    wanted: Iterable[PendingOperation],
    possible: Mapping[PendingOperation, Sequence[PanelObject]],
    *,
    doubtful_too: bool,
) -> Matching[PendingOperation, PanelObject]:
    """Give every new address to the resource that names it, or else to the resources that want a quantity.

    More new addresses than the resources want that may have added them become an ambiguity. `possible` has the
    candidates of the resources that were being made.
    """
    held = {one.urn: one for one in look.state.held}
    matching: Matching[PendingOperation, PanelObject] = Matching()
    by_interface: dict[ServerInterface, dict[Share, list[PanelObject]]] = {}
    for one in wanted:
        share = Share.of(one, held.get(one.urn))
        if share is not None and (one in possible or one.doing == UPDATING):
            new = possible[one] if one in possible else _new(look, share)
            certain = [trace for trace in new if doubtful_too or not trace.doubt]
            by_interface.setdefault(share.on, {})[share] = certain
    for on, asking in by_interface.items():
        if any(asking.values()):
            _share(look, on, asking, matching)
    return matching


def _new(look: PanelSearch, share: Share) -> list[PanelObject]:
    """Return the candidates for the addresses that an update added; none where the server is gone."""
    asked: dict[str, Any] = {"server_id": share.on.server_id, "interface": share.on.interface}
    asked |= {"addresses": share.named} if share.named else {}
    rule: Behaviour = resource_class(ADDRESSES).behaviour
    try:
        return [
            PanelObject.of(ADDRESSES, one) for one in rule.candidates(look.context, asked, look.before(share.wanted))
        ]
    except NotFound:
        return []


def _share(
    look: PanelSearch,
    on: ServerInterface,
    asking: Mapping[Share, Sequence[PanelObject]],
    matching: Matching[PendingOperation, PanelObject],
) -> None:
    record = Holding(*on, addresses_of(look.server(on.server_id), on), [])
    naming = {share: traces for share, traces in asking.items() if share.named}
    named, _ = allotted(naming, {share: len(share.named) for share in naming})
    counting = {
        share: [trace for trace in traces if trace not in named]
        for share, traces in asking.items()
        if share.quantity > 0
    }
    counted, ambiguities = allotted(counting, {share: share.quantity for share in counting})
    for one in ambiguities:
        matching.ambiguities.append(Ambiguity(tuple(share.wanted for share in one.makers), one.objects))
    owner = {_address(trace): share for trace, share in {**named, **counted}.items()}
    for share in asking:
        if theirs := [address for address in record.present if owner.get(address) == share]:
            matching.made[share.wanted] = share.given(theirs, record)


def _address(trace: PanelObject) -> str:
    return trace.id.rpartition("/")[2]


def grown(held: Mapping[str, Any], trace: PanelObject) -> dict[str, Any]:
    """Return the outputs of a resource in the state, with all of its addresses after the update."""
    counts = "own_ipv4_addresses" in held
    names = ("own_ipv4_addresses", "ipv4") if counts else ("addresses", "quantity")
    own = trace.record.addresses
    return {**held, **dict(zip(names, (own, len(own)), strict=True))}
