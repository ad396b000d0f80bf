"""A foreign address that a server may send from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from ..api.errors import NotFound, OutcomeUnknown
from ..api.sections.servers import Servers
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Part, Problem, Refused, Values
from ..lifecycle.identity import Identity, server, who_is_server
from ..lifecycle.lost_answers import Before, Candidate, proven, read_before, reconciling, with_advice
from ..program.resource import Resource
from ..schema.fields import Arg, Id, replaces
from ..schema.plain_values import is_known, reported
from ..schema.types import Interface, IpAddress, PrefixLength
from .server_interface import ServerInterface, attached, interfaces_of

if TYPE_CHECKING:
    from ..api import VirtFusion
    from ..api.records import Server, WhitelistEntry


LISTS: dict[Interface, str] = {"primary": "ip_whitelist", "secondary": "secondary_ip_whitelist"}


@dataclass(frozen=True)
class Entry:
    server_id: int
    interface: Interface
    ip: str
    cidr: int


class NetworkWhitelistEntryBehaviour(Behaviour):
    section = "servers"
    noun = "whitelist entry"
    when_deleted = "removed from the whitelist"
    made_by = Servers.add_whitelist_entry
    found_by = (Servers.get,)
    removed_by = (Servers.remove_whitelist_entry,)
    named_with = ("interface", "ip")
    # Deleting asks for the address alone: after a new prefix was added, it would take that one too.
    unique_by = ("server_id", "interface", "ip")

    def validate(self, arguments: Values) -> Iterable[Problem]:
        ip, cidr = arguments["ip"], arguments["cidr"]
        if is_known([ip, cidr]) and cidr > ip_address(ip).max_prefixlen:
            yield Problem("cidr", f"must be at most {ip_address(ip).max_prefixlen} for {ip}")

    def make(self, context: Context, arguments: Values) -> tuple[str, Entry]:
        on, ip = ServerInterface.of(arguments), str(arguments["ip"])
        wanted = Entry(*on, ip, arguments["cidr"])
        id_ = f"{on}/{ip}"
        with context.run.one_at_a_time("whitelist", on, ip):
            self._refuse_what_is_there(context, id_, wanted)
            try:
                context.panel.servers.add_whitelist_entry(**self.making(arguments))
            except OutcomeUnknown as error:
                with reconciling(error):
                    one = proven(self.candidates(context, arguments, Before(None, [])))
                if one is None:
                    advice = "The server has no such entry now: it is safe to run it again."
                    raise with_advice(error, advice) from None
        return id_, wanted

    def noted_before(self, context: Context, olds: Values, arguments: Values) -> Any:
        """Return the prefixes of that address on the list; None for an update, and where the read fails."""
        if olds:
            return None
        on, ip = ServerInterface.of(arguments), str(arguments["ip"])
        record = read_before(context, ("server", int(on.server_id)), lambda: server(context, int(on.server_id)))
        return None if record is None else [entry.cidr for entry in _entries(record, on, ip)]

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        """Yield the entry on the list, the only one of its address and prefix."""
        on, ip = ServerInterface.of(arguments), str(arguments["ip"])
        wanted, id_ = Entry(*on, ip, arguments["cidr"]), f"{on}/{ip}"
        record = before.once(("server", int(on.server_id)), lambda: context.panel.servers.get(int(on.server_id)))
        if wanted in _entries(record, on, ip) and before.is_free(id_):
            was_there = None if before.seen is None else wanted.cidr in before.seen
            yield Candidate(id_, wanted, before.doubt(was_there=was_there))

    def _refuse_what_is_there(self, context: Context, id_: str, wanted: Entry) -> None:
        """Raise `Refused` if the address has an entry: the panel deletes by address, which would remove both."""
        on = ServerInterface(wanted.server_id, wanted.interface)
        for entry in _entries(server(context, on.server_id), on, wanted.ip):
            raise Refused(
                f"{wanted.ip}/{entry.cidr} is on the whitelist of {on} already. To take it over, add "
                f'opts=pulumi.ResourceOptions(import_="{id_}"); if another resource has it, declare it once.'
            )

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_server(context, self._address(id_)[0].server_id)

    def find(self, context: Context, id_: str, known: Values) -> Entry:
        on, ip = self._address(id_)
        record = server(context, on.server_id)
        if "cidr" in known and reported(record, LISTS[on.interface]) is None:
            return Entry(*on, ip, known["cidr"])  # an answer without the list does not tell that the entry is gone
        entries = _entries(record, on, ip)
        if not entries:
            raise NotFound(f"{ip} is not on the whitelist of {on}.")
        # A person can add the same address with a second prefix.
        return next((entry for entry in entries if entry.cidr == known.get("cidr")), entries[0])

    def on_server(self, panel: VirtFusion, server: Server) -> Iterable[Part]:  # noqa: ARG002
        """Yield one entry of each address: the panel deletes by address, so the first stands for a second one too."""
        for on in interfaces_of(server.server_id):
            rows = {_address_in(row.ip): row.cidr for row in reversed(_rows(server, on))}
            yield from (Part(f"{on}/{ip}", Entry(*on, ip, cidr), ip) for ip, cidr in rows.items() if ip)

    def unreadable_on_server(self, server: Server) -> Iterable[str]:
        for on in interfaces_of(server.server_id):
            yield from (f"whitelist entry {row.ip!r} of {on}" for row in _rows(server, on) if not _address_in(row.ip))

    def described(self, id_: str, outputs: Values) -> str:  # noqa: ARG002
        return f"whitelist entry {outputs['ip']}/{outputs['cidr']} of {ServerInterface.of(outputs)}"

    def removal(self, id_: str, known: Values) -> str:
        return f"{super().removal(id_, known)} {json.dumps({name: known[name] for name in ('interface', 'ip')})}"

    def remove(self, context: Context, id_: str, outputs: Values) -> None:  # noqa: ARG002
        on, ip = self._address(id_)
        context.panel.servers.remove_whitelist_entry(on.server_id, interface=on.interface, ip=ip)

    def _address(self, id_: str) -> tuple[ServerInterface, str]:
        return attached(id_, "a whitelist entry", "69/primary/192.0.2.9", self.fields["ip"].parse)


def _entries(server: Server, on: ServerInterface, ip: str) -> list[Entry]:
    return [Entry(*on, ip, row.cidr) for row in _rows(server, on) if _address_in(row.ip) == _address_in(ip)]


def _rows(server: Server, on: ServerInterface) -> list[WhitelistEntry]:
    rows: list[WhitelistEntry] = getattr(server, LISTS[on.interface])
    return rows


def _address_in(text: str) -> str:
    """Return the one spelling of the address in a row of the panel; "" where the row's text is no address."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


class NetworkWhitelistEntry(Resource, behaviour=NetworkWhitelistEntryBehaviour):
    """A foreign address or network that a server may send from (`POST /servers/{id}/networkWhitelist`).

    Its id is `69/primary/192.0.2.9`: the panel knows an entry by its address, whatever the prefix.
    """

    server_id: Id = replaces()
    """Server that may send."""

    interface: Arg[Interface] = replaces()
    """`primary` or `secondary`."""

    ip: Arg[IpAddress] = replaces()
    """IPv4 or IPv6 address."""

    cidr: Arg[PrefixLength] = replaces()
    """Length of the network's prefix: 32 (IPv4) or 128 (IPv6) is the address alone."""
