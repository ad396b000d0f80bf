"""More IPv4 addresses for an interface of a server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..api.errors import NotFound, VirtFusionError
from ..api.sections.servers import Servers
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Diff, Found, Incomplete, Made, Problem, Refused, Values
from ..lifecycle.identity import Identity, server, who_is_server
from ..lifecycle.lost_answers import Before, Candidate, read_before
from ..program.resource import Resource
from ..schema.fields import Arg, Id, OptionalArg, calls, in_place, replaces
from ..schema.plain_values import is_known, reported
from ..schema.types import AddressQuantity, Interface, Ipv4Addresses
from .server_addresses import LISTS, add_exactly, added, addresses_of, take_away
from .server_interface import ServerInterface, attached


@dataclass(frozen=True)
class Holding:
    """The addresses of an interface, and those of them that belong to the resource."""

    server_id: int
    interface: Interface
    present: list[str]
    addresses: list[str]
    """The resource's own addresses, oldest first."""
    is_reported: bool = True
    """Whether the panel's answer contains the interface's addresses."""

    @property
    def on(self) -> ServerInterface:
        return ServerInterface(self.server_id, self.interface)

    @property
    def quantity(self) -> int:
        return len(self.addresses)

    @property
    def primary(self) -> str:
        """The server's primary address, which no resource removes; "" on the secondary interface."""
        return self.present[0] if self.present and self.interface == "primary" else ""

    def own(self, addresses: Iterable[str]) -> Holding:
        """Return the holding with the given addresses as its own, without those that the interface lacks."""
        return replace(self, addresses=[one for one in addresses if one in self.present or not self.is_reported])

    def grown(self, addresses: list[str]) -> Holding:
        return replace(self, present=self.present + addresses, addresses=self.addresses + addresses)

    def shrunk(self, addresses: list[str]) -> Holding:
        present = [address for address in self.present if address not in addresses]
        return replace(self, present=present).own(self.addresses)

    def surplus(self, wanted: Iterable[str]) -> list[str]:
        """Return the own addresses that are not `wanted`; raise `Refused` when the primary address is among them."""
        surplus = [address for address in self.addresses if address not in wanted]
        if self.primary in surplus:
            raise Refused(f"addresses: {self.primary} is the primary address of the server and is never taken away.")
        return surplus


@calls(Servers.add_ipv4_addresses, Servers.remove_ipv4_addresses)
def hold_exactly(servers: Servers, holding: Holding, addresses: list[str]) -> Iterator[Holding]:
    """Add the missing addresses, then remove the surplus; yield the holding after each call."""
    surplus = holding.surplus(addresses)
    missing = [address for address in addresses if address not in holding.addresses]
    if taken := [address for address in missing if address in holding.present]:
        raise Refused(
            f"addresses: {', '.join(taken)} is on {holding.on} already, from the panel or another resource. "
            f'To take it over, add opts=pulumi.ResourceOptions(import_="{holding.on}/{",".join(taken)}").'
        )
    if missing:
        add_exactly(servers, holding.on, missing)
        holding = holding.grown(missing)
        yield holding
    take_away(servers, holding.on, surplus)
    yield holding.shrunk(surplus)


@calls(Servers.add_ipv4_quantity, Servers.remove_ipv4_addresses)
def hold_quantity(servers: Servers, holding: Holding, quantity: int) -> Iterator[Holding]:
    """Add the missing number of addresses, of the panel's choice, or remove the newest; yield the holding."""
    if quantity > holding.quantity:
        yield holding.grown(added(servers, holding.on, quantity - holding.quantity, holding.present))
        return
    removable = [address for address in holding.addresses if address != holding.primary]
    surplus = removable[len(removable) - (holding.quantity - quantity) :]
    take_away(servers, holding.on, surplus)
    yield holding.shrunk(surplus)


def _asks_for_more(olds: Values, news: Values) -> bool:
    named = set(news.get("addresses") or ()) - set(olds.get("addresses") or ())
    return bool(named) or (news.get("quantity") or 0) > (olds.get("quantity") or 0)


def _held(servers: Servers, holding: Holding, arguments: Values) -> Iterator[Holding]:
    if "quantity" in arguments:
        return hold_quantity(servers, holding, arguments["quantity"])
    return hold_exactly(servers, holding, arguments["addresses"])


class ServerIpv4AddressesBehaviour(Behaviour):
    section = "servers"
    noun = "IPv4 addresses"
    when_deleted = "taken away from the server"
    made_by = Servers.add_ipv4_addresses
    found_by = (Servers.get,)
    removed_by = (Servers.remove_ipv4_addresses,)
    named_with = ("interface",)
    declared_with = "--addresses"

    @cached_property
    def create_arguments(self) -> frozenset[str]:
        return frozenset(self.fields)

    def validate(self, arguments: Values) -> Iterable[Problem]:
        if ("addresses" in arguments) == ("quantity" in arguments):
            yield Problem("quantity", "excludes addresses, and one of the two is required")

    def make(self, context: Context, arguments: Values) -> tuple[str, Holding]:
        on = ServerInterface.of(arguments)
        with context.run.one_at_a_time("addresses", on.server_id):
            *_, holding = _held(context.panel.servers, _present(context, on), arguments)
        return f"{on}/{holding.addresses[0]}", holding

    def noted_before(self, context: Context, olds: Values, arguments: Values) -> Any:
        """Return the interface's addresses before more are added; None otherwise, and where the read fails."""
        if olds and not _asks_for_more(olds, arguments):
            return None
        on = ServerInterface.of(arguments)
        # An update may have been noted for already in this run, with other addresses.
        what = ("addresses" if olds else "server", int(on.server_id))
        record = read_before(context, what, lambda: server(context, int(on.server_id)))
        return None if record is None else addresses_of(record, on)

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        """Yield each new address of the interface that no other resource has and that the arguments ask for."""
        on = ServerInterface.of(arguments)
        record = before.once(("server", int(on.server_id)), lambda: context.panel.servers.get(int(on.server_id)))
        present = addresses_of(record, on)
        for address in present:
            was_there = None if before.seen is None else address in before.seen
            is_asked_for = "addresses" not in arguments or address in arguments["addresses"]
            if is_asked_for and not was_there and before.is_free(f"{on}/{address}"):
                yield Candidate(f"{on}/{address}", Holding(*on, present, [address]), before.doubt(was_there=was_there))

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_server(context, self._named(id_)[0].server_id)

    def losses(self, context: Context, id_: str, outputs: Values) -> str:  # noqa: ARG002
        addresses = ", ".join(outputs.get("addresses", ()))
        return f"gives {addresses} of server {outputs.get('server_id')} back to the panel, which may give others."

    def lost_with(self, outputs: Values) -> str:
        addresses = outputs.get("addresses")
        return ", ".join(map(str, addresses)) if isinstance(addresses, list) else ""

    def described(self, id_: str, outputs: Values) -> str:  # noqa: ARG002
        return f"address {', '.join(outputs['addresses'])} of {ServerInterface.of(outputs)}"

    def removal(self, id_: str, known: Values) -> str:
        body = {"interface": known["interface"], "ip": known["addresses"]}
        return f"{super().removal(id_, known)} {json.dumps(body)}"

    def _named(self, id_: str) -> tuple[ServerInterface, list[str]]:
        return attached(id_, "IPv4 addresses", "69/primary/192.0.2.5,192.0.2.6", self._addresses)

    def find(self, context: Context, id_: str, known: Values) -> Holding:  # noqa: ARG002
        """Return the interface; its own addresses are those in the id, until outputs name them."""
        on, named = self._named(id_)
        return replace(_present(context, on), addresses=named)

    def _addresses(self, text: str) -> list[str]:
        addresses: list[str] = self.fields["addresses"].parse(text.split(","))
        return addresses

    def differences(self, record: Holding, inputs: Values) -> str:
        strange = [f"{one} is not on {record.on}" for one in record.addresses if one not in record.own([one]).addresses]
        if record.primary in record.addresses:
            strange.append(f"{record.primary} is the primary address of the server")
        return ", ".join(filter(None, [*strange, super().differences(record, inputs)]))

    def outputs(self, record: Any, inputs: Values, previous: Values, failed: Iterable[str] = ()) -> dict[str, Any]:
        own = record.own(previous.get("addresses", record.addresses))
        return super().outputs(own, inputs, previous, failed)

    def found(self, context: Context, id_: str, found: Found, inputs: Values, outputs: Values) -> Found:  # noqa: ARG002
        if not outputs and not found.outputs["addresses"]:
            raise NotFound(f"None of the addresses of {id_} is on that interface.")
        return found

    def delete_before_replace(self, olds: Values, news: Values) -> bool:
        """Whether both have an address in common: the panel must get it back before another server can have it."""
        wanted = news.get("addresses")
        return wanted is not None and (not is_known(wanted) or bool(set(wanted).intersection(olds["addresses"])))

    def plan(self, context: Context, id_: str, olds: Values, news: Values, diff: Diff) -> Diff:  # noqa: ARG002
        wanted = news.get("addresses")
        if "addresses" in diff.changed and not diff.replaces and is_known(wanted):
            _present(context, ServerInterface.of(olds)).own(olds["addresses"]).surplus(wanted or ())
        return diff

    def update(self, context: Context, id_: str, olds: Values, news: Values) -> dict[str, Any]:
        """Add and remove addresses; raise `Incomplete` with the result of the calls so far when a later call fails."""
        on = ServerInterface.of(olds)
        with context.run.one_at_a_time("addresses", on.server_id):
            holding = _present(context, on).own(olds["addresses"])
            try:
                for after in _held(context.panel.servers, holding, news):
                    holding = after
            except VirtFusionError as error:
                raise Incomplete(Made(id_, self.outputs(holding, news, {})), [str(error)]) from None
        return self.outputs(holding, news, {})

    def is_gone(self, context: Context, id_: str, outputs: Values) -> bool:  # noqa: ARG002
        """Whether all addresses are gone but the primary one, which stays."""
        left = _present(context, ServerInterface.of(outputs)).own(outputs["addresses"])
        return not [address for address in left.addresses if address != left.primary]

    def remove(self, context: Context, id_: str, outputs: Values) -> None:  # noqa: ARG002
        on = ServerInterface.of(outputs)
        with context.run.one_at_a_time("addresses", on.server_id):
            holding = _present(context, on).own(outputs["addresses"])
            if holding.primary in holding.addresses:
                context.warn(f"{holding.primary} is the primary address of server {on.server_id}: it stays there.")
            removable = [address for address in holding.addresses if address != holding.primary]
            take_away(context.panel.servers, on, removable)


def _present(context: Context, on: ServerInterface) -> Holding:
    record = server(context, on.server_id)
    return Holding(*on, addresses_of(record, on), [], is_reported=reported(record, LISTS[on.interface]) is not None)


class ServerIpv4Addresses(Resource, behaviour=ServerIpv4AddressesBehaviour):
    """More IPv4 addresses for an interface, named ones or a number of the panel's choice.

    Its addresses are its own: neither a `Server` nor another `ServerIpv4Addresses` counts or removes them, and it
    removes no others. The id names the interface and the first address that it was made with (`69/primary/192.0.2.5`);
    `import_` takes all of them: `69/primary/192.0.2.5,192.0.2.6`.
    """

    server_id: Id = replaces()
    """Server that gets them."""

    interface: Arg[Interface] = replaces()
    """`primary` or `secondary`."""

    # Fed by itself too: the oldest stands first, whatever order the program has.
    addresses: OptionalArg[Ipv4Addresses] = in_place(hold_exactly, default=None, fed_by=("addresses", "quantity"))
    """Free addresses of the hypervisor's blocks; with `quantity`, the ones that the panel gave."""

    quantity: OptionalArg[AddressQuantity] = in_place(hold_quantity, default=None, fed_by=("addresses",))
    """The number of addresses of the panel's choice, 1 to 256, instead of `addresses`; the newest go first."""
