"""What a panel has and a stack's state does not, after a run that was interrupted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .api import VirtFusion
from .api.errors import NotFound
from .api.records import Server
from .resources.server_interface import ServerInterface
from .resources.user import generated_relation
from .stack_state import Held, StackState
from .takeover import description
from .takeover.declaration import Declaration
from .takeover.from_panel import at_once

COUNTED = ("NetworkWhitelistEntry", "TrafficBlock")
"""What hangs on a server and is there once more for every creation; a firewall or custom XML is there anyway."""

UNLISTED = {
    "ResourcePack": "the API cannot list a user's packs",
    "UserCredit": "the API cannot list credits: compare the user's balance",
    "IpBlockRange": "the API cannot list the ranges of a block: compare its number of addresses",
}
"""What may be there twice after another creation."""

UNSEEN = {
    **UNLISTED,
    "ServerAction": "look at the server: the next `pulumi up` does it again",
    "UserAction": "look at the user: the next `pulumi up` does it again",
    "ResourcePackAction": "look at the pack: the next `pulumi up` does it again",
}
"""Creations whose result cannot be looked for, and what to do instead."""


@dataclass(frozen=True)
class Orphan:
    """An object that no resource of the state holds, and the ways out."""

    what: str
    declaration: Declaration
    """What takes it over."""
    remove: str
    """The call that deletes it, or what to do instead."""


@dataclass(frozen=True)
class Search:
    """A comparison of one panel with one state."""

    panel: VirtFusion
    state: StackState
    every_owner: bool = False
    """Whether to look at all servers of the panel."""

    def orphans(self) -> Iterator[Orphan]:
        """Users being made; servers and SSH keys of the owners that the state knows; what hangs on its servers.

        Resource packs and credits cannot be listed by the API.
        """
        for held in self.state.under_way:
            if held.kind == "User":
                yield from self._user(held)
        yield from self._servers()
        held_keys = self.state.ids("SshKey")
        for owner, keys in zip(self._owners, at_once(self._keys_of, self._owners), strict=True):
            yield from (self._key(owner, key) for key in keys if key.import_id not in held_keys)
        for found in at_once(lambda id_: list(self._on_server(id_)), sorted(map(int, self.state.ids("Server")))):
            yield from found

    @cached_property
    def _owners(self) -> list[int]:
        """Users that the state names, those included whose creation was cut short."""
        known = {int(one) for one in self.state.values(("User", "Server", "SshKey"), "user_id")}
        return sorted(known)

    def _user(self, held: Held) -> Iterator[Orphan]:
        relation = relation_sought(held.values)
        try:
            record = self.panel.users.get(relation)
        except NotFound:
            return
        if record.user_id not in {int(one) for one in self.state.values(("User",), "user_id")}:
            query = "?relStr=true" if isinstance(relation, str) else ""
            yield Orphan(
                f"user {record.name!r} ({record.email})",
                description.user(record, relation),
                f"DELETE /users/{relation}/byExtRelation{query}",
            )

    def _servers(self) -> Iterator[Orphan]:
        listed = self._rows_of_all() if self.every_owner else at_once(self._rows_of, self._owners)
        held = self.state.ids("Server")
        unheld = [id_ for rows in listed for id_ in rows if str(id_) not in held]
        packages = self.panel.packages.list() if unheld else []
        for server in filter(None, at_once(self._server, unheld)):
            installed = f"with operating system {server.operating_system_id}" if server.operating_system_id else "empty"
            yield Orphan(
                f"server {server.server_id} ({server.name!r}, {installed}, made {server.created}) "
                f"of user {server.user_id}",
                description.server(server, packages, server.user_id),
                f"DELETE /servers/{server.server_id}?delay=0",
            )

    def _rows_of_all(self) -> list[list[int]]:
        return [[row.server_id for row in self.panel.servers.list()]]

    def _rows_of(self, owner: int) -> list[int]:
        try:
            return [row.server_id for row in self.panel.servers.list_of_user(owner)]
        except NotFound:
            return []

    def _server(self, server_id: int) -> Server | None:
        try:
            return self.panel.servers.get(server_id)
        except NotFound:
            return None

    def _keys_of(self, owner: int) -> list[Declaration]:
        try:
            return [description.ssh_key(key, owner) for key in self.panel.ssh_keys.list_of_user(owner)]
        except NotFound:
            return []

    def _on_server(self, server_id: int) -> Iterator[Orphan]:
        server = self._server(server_id)
        if server is None:
            return
        yield from self._addresses(server)
        for part in description.attached(self.panel, server, None):
            if part.kind in COUNTED and part.import_id not in self.state.ids(part.kind):
                yield _part(part)
        for held in self.state.under_way:
            if held.kind == "ServerBuild" and str(held.values.get("server_id")).removesuffix(".0") == str(server_id):
                yield from self._build(server)

    def _build(self, server: Server) -> Iterator[Orphan]:
        if server.operating_system_id:
            yield Orphan(
                f"operating system {server.operating_system_id} on server {server.server_id} ({server.state})",
                description.server_build(server, server.server_id),
                "nothing: the next `pulumi up` installs it anew, which wipes the disk",
            )

    def _addresses(self, server: Server) -> Iterator[Orphan]:
        for on, address in unheld_addresses(self.state, server):
            arguments = {"server_id": on.server_id, "interface": on.interface, "addresses": [address]}
            part = Declaration("ServerIpv4Addresses", f"{on} {address}", arguments, f"{on}/{address}")
            body = f'{{"interface": "{on.interface}", "ip": ["{address}"]}}'
            yield Orphan(f"address {address} of {on}", part, f"DELETE /servers/{on.server_id}/ipv4 {body}")

    @staticmethod
    def _key(owner: int, key: Declaration) -> Orphan:
        return Orphan(
            f"SSH key {key.import_id} ({key.name!r}) of user {owner}", key, f"DELETE /ssh_keys/{key.import_id}"
        )


def unheld_addresses(state: StackState, server: Server) -> Iterator[tuple[ServerInterface, str]]:
    """The addresses of a server that neither it nor a `ServerIpv4Addresses` counts as its own."""
    held = {
        address
        for one in (*state.of("Server"), *state.of("ServerIpv4Addresses"))
        for address in one.values.get("own_ipv4_addresses") or one.values.get("addresses") or ()
    }
    primary = ServerInterface(server.server_id, "primary"), server.ipv4_addresses
    secondary = ServerInterface(server.server_id, "secondary"), server.secondary_ipv4_addresses
    for on, present in (primary, secondary):
        for address in present:
            if address not in held and address != server.primary_ipv4:
                yield on, address


def relation_sought(given: Mapping[str, Any]) -> int | str:
    """The relation of a user that was to be made with these arguments."""
    number = given.get("ext_relation_id")
    return int(number) if number else str(given.get("rel_str") or generated_relation(str(given.get("email"))))


def _part(part: Declaration) -> Orphan:
    given, server_id = part.arguments, part.arguments["server_id"]
    if part.kind == "TrafficBlock":
        what = f"traffic block of {given['amount']} GB for month {given['month']} of server {server_id}"
        return Orphan(what, part, f"DELETE /servers/{server_id}/traffic/blocks/{part.import_id.rpartition('/')[2]}")
    what = f"whitelist entry {given['ip']}/{given['cidr']} of {server_id}/{given['interface']}"
    body = f'{{"interface": "{given["interface"]}", "ip": "{given["ip"]}"}}'
    return Orphan(what, part, f"DELETE /servers/{server_id}/networkWhitelist {body}")
