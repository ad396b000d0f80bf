"""A program for servers that a panel has, their owners, keys, systems and what hangs on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from ..api import VirtFusion
from ..api.errors import NotFound
from ..api.records import Server, SshKey
from . import description
from .declaration import Declaration, Reference
from .program import Program

One = TypeVar("One")
Other = TypeVar("Other")


@dataclass
class Wanted:
    """What to write a program for; nothing chosen means every server of the panel."""

    relations: Sequence[int | str] = ()
    user_ids: Sequence[int] = ()
    server_ids: Sequence[int] = ()


@dataclass
class _Owners:
    """The users behind the servers: declared where a relation addresses them, else a number."""

    panel: VirtFusion
    program: Program
    declared: dict[int, Declaration] = field(default_factory=dict)
    administrators: set[int] = field(default_factory=set)

    def meet(self, relation: int | str) -> int:
        """Declare the user of a relation, once; its id."""
        record = self.panel.users.get(relation)
        if record.admin:
            self.administrators.add(record.user_id)
            self.program.remarks.append(f"User {record.user_id} ({record.name}) is an administrator: not in here.")
        elif record.user_id not in self.declared:
            self.declared[record.user_id] = self.program.add(description.user(record, relation))
        return record.user_id

    def id_of(self, user_id: int) -> int | Reference:
        owner = self.declared.get(user_id)
        return user_id if owner is None else Reference(owner, "user_id", user_id)


def program_of_panel(panel: VirtFusion, wanted: Wanted) -> Program:
    """Reads the panel, with GETs alone, and declares what is wanted of it; `NotFound` for what it does not have."""
    program = Program("What a VirtFusion panel has, written by `virtfusion import`.")
    owners, packages = _Owners(panel, program), panel.packages.list()
    servers = _servers(panel, wanted, owners)
    for relation in {server.owner_relation: None for server in servers if server.user_id not in owners.declared}:
        if relation is not None:
            owners.meet(relation)
    user_ids = list({server.user_id: None for server in servers} | dict.fromkeys(owners.declared))
    for user_id, keys in zip(user_ids, at_once(lambda id_: _keys(panel, id_), user_ids), strict=True):
        if user_id not in owners.declared and user_id not in owners.administrators:
            program.remarks.append(f"User {user_id} is not in here: no ext_relation_id addresses it.")
        for key in keys:
            program.add(description.ssh_key(key, owners.id_of(user_id)))
    declared = [description.server(server, packages, owners.id_of(server.user_id)) for server in servers]
    pairs = list(zip(servers, declared, strict=True))
    for (_, declaration), parts in zip(pairs, at_once(lambda pair: _parts(panel, *pair), pairs), strict=True):
        for part in (declaration, *parts):
            program.add(part)
    return program


def _servers(panel: VirtFusion, wanted: Wanted, owners: _Owners) -> list[Server]:
    of_owners = [owners.meet(relation) for relation in wanted.relations] + list(wanted.user_ids)
    ids = dict.fromkeys(wanted.server_ids)
    for user_id in of_owners:
        ids |= dict.fromkeys(row.server_id for row in panel.servers.list_of_user(user_id))
    if not of_owners and not wanted.server_ids:
        ids = dict.fromkeys(row.server_id for row in panel.servers.list())
    return at_once(panel.servers.get, list(ids))


def _keys(panel: VirtFusion, user_id: int) -> list[SshKey]:
    try:
        return panel.ssh_keys.list_of_user(user_id)
    except NotFound:
        return []


def _parts(panel: VirtFusion, server: Server, declaration: Declaration) -> list[Declaration]:
    parts = description.attached(panel, server, declaration)
    if description.is_installed(server):
        on = Reference(declaration, "server_id", server.server_id)
        return [description.server_build(server, on), *parts]
    return parts


def at_once(ask: Callable[[One], Other], questions: Iterable[One]) -> list[Other]:
    """Answers in the order of the questions, as many asked at a time as the client lets through."""
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(ask, questions))
