"""Objects of a panel that a stack's state lacks, after an interrupted run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from ..api import VirtFusion
from ..api.errors import NotFound
from ..api.http.envelope import is_id
from ..api.records import Package, Server
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Refused, Values
from ..lifecycle.lost_answers import Before, Candidate, read_note
from ..providers.import_option import IMPORT_ID
from ..resources import resource_class
from ..schema.fields import Change, Field
from ..schema.plain_values import transformed, whole
from ..schema.required import missing
from ..takeover import description
from ..takeover.declaration import Declaration
from ..takeover.description import described_arguments
from ..takeover.from_panel import at_once
from .held_addresses import ADDRESSES, unheld_addresses
from .stack_state import Held, StackState, is_sealed

One = TypeVar("One")
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""Errors from an unforeseen form of the panel's answer, or of a state that was edited by hand."""
OWNER = "user_id"
SOUGHT_BY = (OWNER, "own_ipv4_addresses", "addresses")
"""The arguments and outputs by which a search finds objects."""


@dataclass(frozen=True)
class Orphan:
    """An object that no resource of the state has, and the ways to adopt or delete the object."""

    what: str
    declaration: Declaration
    """The resource that adopts the object."""
    remove: str
    """The request that deletes the object, or the advice in its place."""


@dataclass(frozen=True)
class Search:
    """A comparison of one panel with one state."""

    context: Context
    state: StackState
    every_owner: bool = False
    """Whether to search all servers of the panel."""
    under_way_too: bool = True
    """Whether to search for the objects of pending creates."""
    unseen: list[str] = field(default_factory=list)
    """Parts that could not be searched, in the order of the search, each with the reason."""

    @property
    def panel(self) -> VirtFusion:
        return self.context.panel

    def orphans(self) -> Iterator[Orphan]:
        """Yield objects of pending creates, servers and SSH keys of the state's owners, and parts of its servers.

        The API cannot list resource packs and credits.
        """
        for one in (*self.state.held, *self.state.under_way):
            self._note_secrets(one)
        listed = [*self._servers(), *self._keys(), *self._on_servers()]
        there = {(one.declaration.kind, one.declaration.import_id) for one in listed}
        for held in self.state.under_way if self.under_way_too else ():
            for orphan in self._made_by(held):
                if (orphan.declaration.kind, orphan.declaration.import_id) not in there:
                    yield orphan
        yield from listed

    def _note_secrets(self, held: Held) -> None:
        """Note each value of `SOUGHT_BY` that this state seals, and an owner that the state lacks, as unseen."""
        for name in SOUGHT_BY:
            if _is_secret(held.values.get(name)):
                self.unseen.append(f"what belongs to {held.urn}: its {name} is secret in this state")
            elif name == OWNER and OWNER in held.behaviour.fields and held.id and not _is_number(held.values.get(name)):
                self.unseen.append(f"what belongs to {held.urn}: the state does not tell its {name}")

    def _made_by(self, held: Held) -> list[Orphan]:
        """Return the objects that an interrupted create may have made; note the reason where no search is possible."""
        behaviour = held.behaviour
        given = {name: transformed(value, whole) for name, value in held.values.items() if not name.startswith("__")}
        if behaviour.unlistable or behaviour.repeatable or IMPORT_ID in given:
            return []
        if any(_is_secret(value) for name, value in given.items() if name in behaviour.create_arguments):
            return self._could_not(held, "what it was given is secret in this state")
        if lacking := sorted(missing(behaviour.fields, given)):
            return self._could_not(held, f"the state does not tell its {', '.join(lacking)}")
        seen, _ = read_note(transformed(held.values, whole))
        before = Before(None, seen, is_free=lambda id_: id_ not in self.state.ids(held.kind))
        try:
            return [self._candidate(held, given, one) for one in behaviour.candidates(self.context, given, before)]
        except NotFound:
            return []
        except Refused as refusal:
            return self._could_not(held, str(refusal).rstrip("."))
        except UNREADABLE as strange:
            return self._could_not(held, f"the panel's answer cannot be read ({type(strange).__name__})")

    def _could_not(self, held: Held, why: str) -> list[Orphan]:
        self.unseen.append(f"what {held.urn} was about to make: {why}")
        return []

    @staticmethod
    def _candidate(held: Held, given: Values, one: Candidate) -> Orphan:
        behaviour, fields = held.behaviour, held.behaviour.fields
        arguments, _ = described_arguments(held.kind, one.record)
        decisive = {name for name in given if name in fields and _decides(fields[name])}
        arguments.update({name: fields[name].parse(given[name]) for name in decisive})
        part = Declaration(
            held.kind,
            one.name,
            {name: arguments[name] for name in fields if name in arguments},
            one.import_id or one.id,
        )
        seen = {name: behaviour.value_of(one.record, name) for name in fields}
        return Orphan(behaviour.described(one.id, seen), part, behaviour.removal(part.import_id, part.arguments))

    @cached_property
    def _owners(self) -> list[int]:
        """Ids of the users that the state names, also in pending creates."""
        return self._numbers(self.state.values(OWNER), "what belongs to user")

    def _numbers(self, ids: Iterable[Any], what: str) -> list[int]:
        """Return the ids in order; note each value that is no id, as in a state that was edited by hand."""
        given = list(ids)
        self.unseen.extend(f"{what} {one!r}: the panel has no such ids" for one in given if not is_id(one))
        return sorted({int(one) for one in given if is_id(one)})

    def _at_each(self, ask: Callable[[One], Iterable[Orphan]], what: str, ones: Sequence[One]) -> list[Orphan]:
        """Return the orphans that `ask` finds for each; note one whose answer cannot be read, and go on."""

        def found(one: One) -> list[Orphan]:
            try:
                return list(ask(one))
            except NotFound:
                return []
            except UNREADABLE as strange:
                self.unseen.append(f"{what} {one}: the panel's answer cannot be read ({type(strange).__name__})")
                return []

        return [orphan for orphans in at_once(found, ones) for orphan in orphans]

    def _keys(self) -> list[Orphan]:
        def of_owner(owner: int) -> list[Orphan]:
            keys = [description.ssh_key(key, owner) for key in self.panel.ssh_keys.list_of_user(owner)]
            unheld = [key for key in keys if key.import_id not in self.state.ids(key.kind)]
            return [_orphan(key, f"SSH key {key.import_id} ({key.name!r}) of user {owner}") for key in unheld]

        return self._at_each(of_owner, "the SSH keys of user", self._owners)

    def _on_servers(self) -> list[Orphan]:
        ids = self._numbers({one.id for one in self.state.servers}, "what hangs on server")
        return self._at_each(self._on_server, "what hangs on server", ids)

    def _servers(self) -> list[Orphan]:
        listed = self._rows_of_all() if self.every_owner else at_once(self._rows_of, self._owners)
        held = {one.id for one in self.state.servers}
        unheld = [id_ for rows in listed for id_ in rows if str(id_) not in held]
        packages = self.panel.packages.list() if unheld else []
        return self._at_each(lambda id_: [self._server(self.panel.servers.get(id_), packages)], "server", unheld)

    @staticmethod
    def _server(server: Server, packages: Sequence[Package]) -> Orphan:
        installed = f"with operating system {server.operating_system_id}" if server.operating_system_id else "empty"
        return _orphan(
            description.server(server, packages, server.user_id),
            f"server {server.server_id} ({server.name!r}, {installed}, made {server.created}) of user {server.user_id}",
        )

    def _rows_of_all(self) -> list[list[int]]:
        return [[row.server_id for row in self.panel.servers.list()]]

    def _rows_of(self, owner: int) -> list[int]:
        try:
            return [row.server_id for row in self.panel.servers.list_of_user(owner)]
        except NotFound:
            return []

    def _on_server(self, server_id: int) -> Iterator[Orphan]:
        server = self.panel.servers.get(server_id)
        yield from self._addresses(server)
        self.unseen.extend(f"{one}: {description.UNREADABLE}" for one in description.unreadable(server))
        for part in description.attached(self.panel, server, None):
            is_once_more = not resource_class(part.kind).behaviour.repeatable
            if is_once_more and part.import_id not in self.state.ids(part.kind):
                yield _orphan(part)

    def _addresses(self, server: Server) -> Iterator[Orphan]:
        for on, address in unheld_addresses(self.state, server):
            arguments = {"server_id": on.server_id, "interface": on.interface, "addresses": [address]}
            yield _orphan(Declaration(ADDRESSES, f"{on} {address}", arguments, f"{on}/{address}"))


def _orphan(part: Declaration, what: str = "") -> Orphan:
    """Return the orphan that a declaration adopts; without `what`, its behaviour describes the object."""
    behaviour: Behaviour = resource_class(part.kind).behaviour
    words = what or behaviour.described(part.import_id, part.arguments)
    return Orphan(words, part, behaviour.removal(part.import_id, part.arguments))


def _decides(argument: Field) -> bool:
    """Whether the argument identifies the object, so that an adopting resource has to declare it."""
    return argument.required or argument.change is Change.REPLACE


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, str))


def _is_secret(value: object) -> bool:
    return any(map(_is_secret, value)) if isinstance(value, list) else is_sealed(value)
