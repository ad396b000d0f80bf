"""A program for the servers of a panel, with their owners, SSH keys, systems and attached objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..api import VirtFusion
from ..api.errors import NotFound
from ..api.records import Server, SshKey
from ..resources.user_relation import relation_of, spelled
from . import description
from .declaration import Declaration, Reference
from .package_guess import PackageAnswers, WrongAnswer
from .program import Program
from .unseen import unseen

NO_RELATION = "the panel tells no ext_relation_id of it; by its rel_str, `--owner REL_STR` declares it."
LEFT_AS_IT_IS = f"{description.UNREADABLE}. Look at it there: a program leaves it as it is."
One = TypeVar("One")
Other = TypeVar("Other")


@dataclass
class Wanted:
    """The objects to write a program for: every server of the panel unless an owner or a server is chosen."""

    relations: Sequence[int | str] = ()
    user_ids: Sequence[int] = ()
    server_ids: Sequence[int] = ()
    packs: Sequence[tuple[int | str, int]] = ()
    """Users' resource packs, which the API does not list: the user's relation and the pack's id."""
    addresses: bool = False
    """Whether the addresses beside the primary one are resources of their own."""
    packages: Sequence[str] = ()
    """The packages that the user gives in advance: `2`, or `69=2` for server 69."""

    @property
    def everything(self) -> bool:
        """Whether all servers of the panel are wanted."""
        return not (self.relations or self.user_ids or self.server_ids)


def pack_of(text: str) -> tuple[int | str, int]:
    """Return the user's relation and the pack's id that `1001/7` names; raise `WrongAnswer` for any other text."""
    relation, _, pack = text.rpartition("/")
    if not relation or not pack.isdecimal():
        raise WrongAnswer(
            f"--pack {text}: must be RELATION/ID, such as 1001/7, since a pack does not tell whose it is."
        )
    return relation_of(relation), int(pack)


def _users_of_packs(packs: Iterable[tuple[int | str, int]]) -> dict[int, int | str]:
    """Return each pack's user by the relation given for it; raise `WrongAnswer` where two are given for one pack."""
    users: dict[int, int | str] = {}
    for relation, id_ in packs:
        if (first := users.setdefault(id_, relation)) != relation:
            raise WrongAnswer(
                f"--pack {spelled(relation)}/{id_}: pack {id_} was given as {spelled(first)}/{id_} too, and it has one "
                "user. Give one of the two."
            )
    return users


@dataclass
class _Owners:
    """The owners of the servers: declared users where a relation is known, plain ids for others and administrators."""

    panel: VirtFusion
    program: Program
    declared: dict[int, Declaration] = field(default_factory=dict)
    administrators: set[int] = field(default_factory=set)

    def meet(self, relation: int | str) -> int:
        """Declare the user of a relation once, unless an administrator, and return the user's id."""
        record = self.panel.users.get(relation)
        if record.admin and record.user_id not in self.administrators:
            self.administrators.add(record.user_id)
            self.program.remarks.append(f"User {record.user_id} ({record.name}) is an administrator: not in here.")
        elif not record.admin and record.user_id not in self.declared:
            self.declared[record.user_id] = self.program.add(description.user(record, relation))
        return record.user_id

    def id_of(self, user_id: int) -> int | Reference:
        owner = self.declared.get(user_id)
        return user_id if owner is None else Reference(owner, "user_id", user_id)

    def relation_of(self, relation: int | str) -> int | str | Reference:
        owner = self.declared.get(self.meet(relation))
        return relation if owner is None else Reference(owner, "relation", relation)


def program_of_panel(panel: VirtFusion, wanted: Wanted) -> Program:
    """Declare the wanted objects of a panel, with GETs alone; raise `NotFound` for one that the panel does not have."""
    program = Program("What a VirtFusion panel has, written by `virtfusion import`.")
    owners, packages = _Owners(panel, program), panel.packages.list()
    answers = PackageAnswers.read(wanted.packages, packages)
    servers = _servers(panel, wanted, owners)
    for relation in {server.owner_relation: None for server in servers if server.user_id not in owners.declared}:
        if relation is not None:
            owners.meet(relation)
    packs = [
        (owners.relation_of(relation), panel.self_service.get_resource_pack(id_))
        for id_, relation in _users_of_packs(wanted.packs).items()
    ]
    _add_keys(program, owners, list({server.user_id: None for server in servers} | dict.fromkeys(owners.declared)))
    for user, pack in packs:
        program.add(description.resource_pack(pack, user))
    declared = [
        description.server(server, packages, owners.id_of(server.user_id), package_id=answers.package_of(server))
        for server in servers
    ]
    if wanted.addresses:
        declared = [
            _with_one_address(one) if len(of.ipv4_addresses) > 1 else one
            for of, one in zip(servers, declared, strict=True)
        ]
    pairs = list(zip(servers, declared, strict=True))
    for (_, one), parts in zip(pairs, at_once(lambda pair: _parts(panel, *pair, wanted), pairs), strict=True):
        program.add(one, *parts)
    for server in servers:
        program.remarks += [f"The {one} is not in here: {LEFT_AS_IT_IS}" for one in description.unreadable(server)]
    program.notes.extend(f"--package {text} answered nothing that was open." for text in answers.unused)
    if program.units:
        program.unseen.extend(unseen(addresses=wanted.addresses))
    return program


def _with_one_address(server: Declaration) -> Declaration:
    """Declare one address for a server whose other addresses another resource declares."""
    return replace(server, arguments={**server.arguments, "ipv4": 1})


def _add_keys(program: Program, owners: _Owners, user_ids: list[int]) -> None:
    for user_id, keys in zip(user_ids, at_once(lambda id_: _keys(owners.panel, id_), user_ids), strict=True):
        if user_id not in owners.declared and user_id not in owners.administrators:
            program.remarks.append(f"User {user_id} is not in here: {NO_RELATION}")
        for key in keys:
            program.add(description.ssh_key(key, owners.id_of(user_id)))


def _servers(panel: VirtFusion, wanted: Wanted, owners: _Owners) -> list[Server]:
    of_owners = [owners.meet(relation) for relation in wanted.relations] + list(wanted.user_ids)
    ids = dict.fromkeys(wanted.server_ids)
    for user_id in of_owners:
        ids |= dict.fromkeys(row.server_id for row in panel.servers.list_of_user(user_id))
    if wanted.everything:
        ids = dict.fromkeys(row.server_id for row in panel.servers.list())
    return at_once(panel.servers.get, list(ids))


def _keys(panel: VirtFusion, user_id: int) -> list[SshKey]:
    try:
        return panel.ssh_keys.list_of_user(user_id)
    except NotFound:
        return []


def _parts(panel: VirtFusion, server: Server, declaration: Declaration, wanted: Wanted) -> list[Declaration]:
    parts = description.attached(panel, server, declaration)
    if wanted.addresses:
        parts = [*description.addresses(server, declaration), *parts]
    if description.is_installed(server):
        on = Reference(declaration, "server_id", server.server_id)
        return [description.server_build(server, on), *parts]
    return parts


def at_once(ask: Callable[[One], Other], questions: Iterable[One]) -> list[Other]:
    """Return the results of `ask` in the order of the questions, with as many requests at once as the client allows."""
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(ask, questions))
