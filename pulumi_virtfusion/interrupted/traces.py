"""What a creation that was cut short may have made: objects of the panel that are like it and in no resource."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from ..api.errors import NotFound
from ..api.records import Package, Server, SshKey
from ..orphans import relation_sought
from ..package_forecast import package_of
from ..recovery import made_since
from ..resources import resource_class
from ..resources.server_interface import ServerInterface
from ..resources.user import spelled
from ..stack_state import StackState
from ..takeover.description import INSTALLED
from ..terms import IMPORT_ID, Context, Refused, Values
from ..timestamps import instant
from ..types import key_material
from .unfinished import Unfinished

T = TypeVar("T")
EMPTY = ("", "allocated")
"""States of a server on which nothing was installed: nobody has used it."""


@dataclass(frozen=True)
class Trace:
    """An object of the panel that a creation may have made."""

    kind: str
    id: str
    record: Any = field(compare=False)
    name: str = field(default="", compare=False)
    """What it is called at the panel; the likeliest maker is the one that says the same."""
    addresses: tuple[str, ...] = ()
    """Those that the record counts as its own, where they are what was found."""

    def __str__(self) -> str:
        return f"{resource_class(self.kind).lifecycle.noun} {self.id}"


@dataclass(frozen=True)
class Traces:
    """A look at the panel; everything is read once."""

    context: Context
    state: StackState
    since: datetime
    """When the run that was cut short can have begun: what is older was there before."""
    _read: dict[Hashable, Any] = field(default_factory=dict)

    def of(self, wanted: Unfinished) -> list[Trace]:
        """What it may have made, the likeliest first."""
        if not wanted.is_described or IMPORT_ID in wanted.values:
            return []
        try:
            found = list(LOOKS[wanted.kind](self, wanted)) if wanted.kind in LOOKS else []
        except (NotFound, Refused):  # what it hangs on is not there, or is no such thing
            return []
        named = wanted.values.get("name")
        return sorted(found, key=lambda one: (one.name != named, one.name != "", one.id))

    def once(self, what: Hashable, ask: Callable[[], T]) -> T:
        if what not in self._read:
            self._read[what] = ask()
        answer: T = self._read[what]
        return answer

    def server(self, server_id: Any) -> Server:
        id_ = int(server_id)
        return self.once(("server", id_), lambda: self.context.panel.servers.get(id_))

    def is_free(self, kind: str, id_: str, but: str = "") -> bool:
        """Whether no resource holds it, except the one of that URN."""
        return all(held.id != id_ or held.urn == but for held in self.state.of(kind))


def _users(look: Traces, wanted: Unfinished) -> Iterator[Trace]:
    relation = relation_sought(wanted.values)
    record = look.context.panel.users.get(relation)
    same = record.email.lower() == str(wanted.values["email"]).lower()
    if same and look.is_free("User", str(record.user_id)) and made_since(look.since, record.created):
        yield Trace("User", str(record.user_id), record.model_copy(update={"relation": relation}))


def _keys(look: Traces, wanted: Unfinished) -> Iterator[Trace]:
    owner, name, public_key = (wanted.values[one] for one in ("user_id", "name", "public_key"))
    keys: list[SshKey] = look.once(("keys", owner), lambda: look.context.panel.ssh_keys.list_of_user(int(owner)))
    for key in keys:
        same = key.name == name and key_material(key.public_key) == key_material(public_key)
        if same and look.is_free("SshKey", str(key.ssh_key_id)) and made_since(look.since, key.created):
            yield Trace("SshKey", str(key.ssh_key_id), key.model_copy(update={"user_id": owner}), key.name)


def _servers(look: Traces, wanted: Unfinished) -> Iterator[Trace]:
    owner, servers = int(wanted.values["user_id"]), look.context.panel.servers
    rows = look.once(("servers", owner), lambda: servers.list_of_user(owner))
    for row in rows:
        if row.state in EMPTY and look.is_free("Server", str(row.server_id)):
            server = look.server(row.server_id)
            if made_since(look.since, server.created) and _has_the_shape(look, server, wanted.values):
                yield Trace("Server", str(server.server_id), server, server.name)


def _has_the_shape(look: Traces, server: Server, given: Values) -> bool:
    package: Package | None
    try:
        package = package_of(look.context.panel, int(given["package_id"]))
    except NotFound:
        package = None
    sizes = {name: given.get(name, getattr(package, name, None)) for name in ("memory", "cpu_cores", "storage")}
    same_size = all(size is None or getattr(server, name) == size for name, size in sizes.items())
    return same_size and server.hypervisor_group_id == int(given["hypervisor_group_id"])


def _builds(look: Traces, wanted: Unfinished) -> Iterator[Trace]:
    server = look.server(wanted.values["server_id"])
    before = next((one.values.get("built") for one in look.state.held if one.urn == wanted.urn), None)
    is_under_way = server.state != INSTALLED  # the panel tells of the build before until it has ended
    is_new = is_under_way or (made_since(look.since, server.built) and instant(server.built) != _instant(before))
    installed = server.operating_system_id and not wanted.lifecycle.differences(server, wanted.values)
    if installed and is_new and look.is_free("ServerBuild", str(server.server_id), but=wanted.urn):
        yield Trace("ServerBuild", str(server.server_id), server)


def _instant(text: Any) -> datetime | None:
    return instant(text) if isinstance(text, str) else None


def _entries(look: Traces, wanted: Unfinished) -> Iterator[Trace]:
    id_ = f"{ServerInterface.of(wanted.values)}/{wanted.values['ip']}"
    entry = wanted.lifecycle.find(look.context, id_, wanted.values)
    if entry.cidr == wanted.values["cidr"] and look.is_free("NetworkWhitelistEntry", id_):
        yield Trace("NetworkWhitelistEntry", id_, entry)


def _traffic(look: Traces, wanted: Unfinished) -> Iterator[Trace]:
    server_id = int(wanted.values["server_id"])
    blocks = look.once(("traffic", server_id), lambda: look.context.panel.servers.get_traffic_blocks(server_id))
    for block in blocks.assigned:
        id_ = f"{server_id}/{block.block_id}"
        same = (block.month, block.amount) == (wanted.values["month"], wanted.values["amount"])
        if same and look.is_free("TrafficBlock", id_) and made_since(look.since, block.added):
            yield Trace("TrafficBlock", id_, block.model_copy(update={"server_id": server_id}))


def _settings(id_of: Callable[[Values], object]) -> Callable[[Traces, Unfinished], Iterator[Trace]]:
    """What is always there, or there once: making it again is the same, so only one that had begun is held on to."""

    def look_for(look: Traces, wanted: Unfinished) -> Iterator[Trace]:
        id_ = str(id_of(wanted.values))
        if wanted.under_way and look.is_free(wanted.kind, id_):
            yield Trace(wanted.kind, id_, wanted.lifecycle.find(look.context, id_, wanted.values))

    return look_for


LOOKS: Mapping[str, Callable[[Traces, Unfinished], Iterable[Trace]]] = {
    "User": _users,
    "SshKey": _keys,
    "Server": _servers,
    "ServerBuild": _builds,
    "NetworkWhitelistEntry": _entries,
    "TrafficBlock": _traffic,
    "ServerFirewall": _settings(ServerInterface.of),
    "ServerCustomXml": _settings(lambda given: given["server_id"]),
    "HourlyGroupProfile": _settings(lambda given: f"{spelled(given['relation'])}/{given['profile_id']}"),
    "ResourceGroupProfile": _settings(lambda given: f"{spelled(given['relation'])}/{given['profile_id']}"),
    "HourlyResourcePack": _settings(lambda given: spelled(given["relation"])),
}
"""Kinds whose objects can be looked for one by one; addresses are shared out in `addresses.py`."""
