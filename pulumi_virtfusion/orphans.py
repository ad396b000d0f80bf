"""What a panel has and a stack's state does not, after a run that was interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from .api import VirtFusion
from .api.errors import NotFound
from .api.servers import Server, UserServer
from .resources.server_interface import ServerInterface
from .stack_state import StackState

T = TypeVar("T")


@dataclass(frozen=True)
class Orphan:
    """An object that no resource of the state holds, and the two ways out."""

    kind: str
    id: str
    what: str
    remove: str
    """The call that deletes it."""

    @property
    def adopt(self) -> str:
        """The line of a program that takes it over."""
        return f'virtfusion.{self.kind}(..., opts=pulumi.ResourceOptions(import_="{self.id}"))'


def orphans(panel: VirtFusion, state: StackState, *, every_owner: bool = False) -> Iterator[Orphan]:
    """Servers and SSH keys of the owners that the state knows, and what is attached to the servers it holds.

    `every_owner` looks at all servers of the panel. Users and resource packs cannot be listed by the API.
    """
    owners = {int(one) for one in state.values(("User", "Server", "SshKey"), "user_id")}
    yield from _servers(panel, state, None if every_owner else owners)
    for owner in sorted(owners):
        yield from _ssh_keys(panel, state, owner)
    for server_id in sorted(map(int, state.ids("Server"))):
        try:
            server = panel.servers.get(server_id)
        except NotFound:
            continue
        for find in (_addresses, _whitelist):
            yield from find(state, server)
        yield from _traffic_blocks(panel, state, server)


def _servers(panel: VirtFusion, state: StackState, owners: set[int] | None) -> Iterator[Orphan]:
    if owners is None:
        rows = [(row.server_id, row.name, row.user_id) for row in panel.servers.list()]
    else:
        rows = [(row.server_id, row.name, owner) for owner in sorted(owners) for row in _servers_of(panel, owner)]
    for server_id, name, owner in rows:
        if str(server_id) not in state.ids("Server"):
            yield Orphan(
                "Server", str(server_id), f"server {name!r} of user {owner}", f"DELETE /servers/{server_id}?delay=0"
            )


def _servers_of(panel: VirtFusion, owner: int) -> list[UserServer]:
    try:
        return panel.servers.list_of_user(owner)
    except NotFound:
        return []


def _ssh_keys(panel: VirtFusion, state: StackState, owner: int) -> Iterator[Orphan]:
    try:
        keys = panel.ssh_keys.list_of_user(owner)
    except NotFound:
        return
    for key in keys:
        if str(key.ssh_key_id) not in state.ids("SshKey"):
            what = f"SSH key {key.name!r} of user {owner}"
            yield Orphan("SshKey", str(key.ssh_key_id), what, f"DELETE /ssh_keys/{key.ssh_key_id}")


def _by_interface(server: Server, primary: list[T], secondary: list[T]) -> Iterator[tuple[ServerInterface, list[T]]]:
    yield ServerInterface(server.server_id, "primary"), primary
    yield ServerInterface(server.server_id, "secondary"), secondary


def _addresses(state: StackState, server: Server) -> Iterator[Orphan]:
    held = {
        address
        for one in (*state.of("Server"), *state.of("ServerIpv4Addresses"))
        for address in one.outputs.get("own_ipv4_addresses") or one.outputs.get("addresses") or ()
    }
    for on, present in _by_interface(server, server.ipv4_addresses, server.secondary_ipv4_addresses):
        for address in present:
            if address not in held and address != server.primary_ipv4:
                body = f'{{"interface": "{on.interface}", "ip": ["{address}"]}}'
                what, remove = f"address {address} of {on}", f"DELETE /servers/{server.server_id}/ipv4 {body}"
                yield Orphan("ServerIpv4Addresses", f"{on}/{address}", what, remove)


def _whitelist(state: StackState, server: Server) -> Iterator[Orphan]:
    for on, entries in _by_interface(server, server.ip_whitelist, server.secondary_ip_whitelist):
        for entry in entries:
            if f"{on}/{entry.ip}" not in state.ids("NetworkWhitelistEntry"):
                body = f'{{"interface": "{on.interface}", "ip": "{entry.ip}"}}'
                remove = f"DELETE /servers/{server.server_id}/networkWhitelist {body}"
                yield Orphan("NetworkWhitelistEntry", f"{on}/{entry.ip}", f"whitelist entry {entry.ip} of {on}", remove)


def _traffic_blocks(panel: VirtFusion, state: StackState, server: Server) -> Iterator[Orphan]:
    for block in panel.servers.get_traffic_blocks(server.server_id).assigned:
        id_ = f"{server.server_id}/{block.block_id}"
        if id_ not in state.ids("TrafficBlock"):
            what = f"traffic block of {block.amount} GB for month {block.month} of server {server.server_id}"
            remove = f"DELETE /servers/{server.server_id}/traffic/blocks/{block.block_id}"
            yield Orphan("TrafficBlock", id_, what, remove)
