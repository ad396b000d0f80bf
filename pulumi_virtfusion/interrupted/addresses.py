"""IPv4 addresses that an interface has and no resource counts: which resource asked for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..api.errors import NotFound
from ..orphans import unheld_addresses
from ..resources.server_interface import ServerInterface
from ..resources.server_ipv4_addresses import Holding
from ..stack_state import Held
from .matching import Contest, Matching
from .traces import Trace, Traces
from .unfinished import CREATING, UPDATING, Unfinished


@dataclass(frozen=True)
class Share:
    """What one resource still asks of an interface."""

    wanted: Unfinished
    on: ServerInterface
    own: tuple[str, ...]
    named: tuple[str, ...]
    quantity: int

    @classmethod
    def of(cls, wanted: Unfinished, held: Held | None) -> Share | None:
        """None when it asks for no address; `held` is what the state has of it."""
        given, values = wanted.values, {} if held is None else held.values
        if wanted.kind == "Server" and wanted.doing == UPDATING and held is not None and "ipv4" in given:
            own = tuple(values.get("own_ipv4_addresses") or ())
            return cls(wanted, ServerInterface(int(held.id), "primary"), own, (), given["ipv4"] - len(own))
        if wanted.kind != "ServerIpv4Addresses" or not wanted.is_described:
            return None
        own = tuple(values.get("addresses") or ()) if wanted.doing == UPDATING else ()
        on = ServerInterface(int(given["server_id"]), given["interface"])
        named = tuple(one for one in given.get("addresses") or () if one not in own)
        return cls(wanted, on, own, named, given.get("quantity", 0) - len(own))

    def given(self, addresses: Sequence[str], record: Holding) -> Trace:
        """With these as its own, beside those that it has."""
        own = [*self.own, *addresses]
        id_ = f"{self.on}/{own[0]}" if self.wanted.doing == CREATING else ""
        return Trace("ServerIpv4Addresses", id_, replace(record, addresses=own), addresses=tuple(own))


def shared_out(look: Traces, wanted: Iterable[Unfinished]) -> Matching[Unfinished, Trace]:
    """Every unheld address goes to the resource that names it, or to those that want as many as there are."""
    held = {one.urn: one for one in look.state.held}
    shares = filter(None, (Share.of(one, held.get(one.urn)) for one in wanted))
    matching: Matching[Unfinished, Trace] = Matching()
    by_interface: dict[ServerInterface, list[Share]] = {}
    for share in shares:
        by_interface.setdefault(share.on, []).append(share)
    for on, asking in by_interface.items():
        _share(look, on, asking, matching)
    return matching


def _share(look: Traces, on: ServerInterface, asking: Sequence[Share], matching: Matching[Unfinished, Trace]) -> None:
    try:
        server = look.server(on.server_id)
    except NotFound:
        return
    present = server.ipv4_addresses if on.interface == "primary" else server.secondary_ipv4_addresses
    left = [address for where, address in unheld_addresses(look.state, server) if where == on]
    record = Holding(*on, present, [])
    found = {share: [address for address in share.named if address in left] for share in asking}
    left = [address for address in left if not any(address in theirs for theirs in found.values())]
    if len(left) > sum(max(share.quantity, 0) for share in asking):
        makers = tuple(share.wanted for share in asking if share.quantity > 0)
        matching.contests.append(
            Contest(makers, tuple(Trace("ServerIpv4Addresses", f"{on}/{one}", record) for one in left))
        )
        left = []
    for share in asking:
        takes = max(share.quantity, 0)
        found[share], left = found[share] + left[:takes], left[takes:]
        if found[share]:
            matching.made[share.wanted] = share.given(found[share], record)


def grown(held: Mapping[str, Any], trace: Trace) -> dict[str, Any]:
    """The outputs of a resource that the state has, with the addresses that it got."""
    counts = "own_ipv4_addresses" in held
    names = ("own_ipv4_addresses", "ipv4") if counts else ("addresses", "quantity")
    own = trace.record.addresses
    return {**held, **dict(zip(names, (own, len(own)), strict=True))}
