"""Who an object is, so that nothing is touched that is not ours.

An id is a number at some panel, given to some object, and both can change: a panel is restored from a backup and gives
its numbers again, an address names another panel, a relation is handed to somebody else. A state therefore remembers
which panel an object is of and facts about it that no operation changes. Before a write or a deletion, the panel's
object is compared with them. Only a create, an import or a recovery writes them; an update and a refresh never do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..schema.timestamps import uniform
from .contract import Context, Refused, Values

PANEL = "__panel"
"""The input that names the panel; where it is missing, the state is of a version that did not remember it.

An input, because an unchanged `up` stores inputs: a panel that has moved needs to be told once, and changes nothing.
"""
IDENTITY = "__identity"
"""The output that holds the facts."""
HINTS = "__of"
"""The input with the identities of the program's own resources that arguments name; the check takes it away again.

In an update of some targets alone, nothing else tells who they are.
"""

Identity = Mapping[str, str]
"""Facts about an object by their names in `FACTS`; an empty text is a fact that the panel does not tell."""

OWNER = "server_owner"
"""Seen with a server, but no fact of its identity: an owner can change."""

FACTS = {
    "server_uuid": "the server's UUID",
    "user_id": "the user's panel id",
    "user_created": "the time when the user was made",
    "key": "the key's text",
    "key_owner": "the key's owner",
    "pack_definition": "the pack's definition",
    "pack_created": "the time when the pack was made",
    "block_added": "the time when the traffic block was added",
    "ip_block_created": "the time when the IP block was made",
}
"""What each fact is, in the words of a message."""

PROOFS = frozenset({"server_uuid", "user_id", "key"})
"""Facts without which the others prove nothing: an owner has many keys, and many things are made at one time."""


@dataclass(frozen=True)
class Subject:
    """An object that others hang on: `server` 5, `user` 7 (by the panel's id), `relation` 1001, `pack` 3."""

    kind: str
    key: int | str

    def __str__(self) -> str:
        words = {"relation": "user {!r}", "pack": "resource pack {}"}
        return words.get(self.kind, self.kind + " {}").format(self.key)


SUBJECTS = {"server_id": "server", "user_id": "user", "relation": "relation", "resource_pack_id": "pack"}
"""The arguments that name an object of the panel, and what kind it is."""
FACTS_OF = {
    "server": ("server_uuid",),
    "relation": ("user_id", "user_created"),
    "pack": ("pack_definition", "pack_created"),
}
"""What the identity of something says of the object that it hangs on."""


class Another(Refused):
    """The panel has another object than the one that the state knows."""


def of_server(server: Any) -> Identity:
    """Who a server is, from its record."""
    return {"server_uuid": server.uuid, OWNER: str(server.user_id)}


def of_user(user: Any) -> Identity:
    """Who a user is, from its record; another e-mail address makes nobody else of it."""
    return {"user_id": str(user.user_id), "user_created": uniform(user.created) if user.created else ""}


def who_is_server(context: Context, server_id: int) -> Identity:
    """Who the server is, which all that hangs on it may share (`GET /servers/{id}`)."""
    return context.run.shared(Subject("server", server_id), lambda: of_server(context.panel.servers.get(server_id)))


def who_is_user(context: Context, relation: int | str) -> Identity:
    """Who the user is, which all that hangs on it may share (`GET /users/{ext}/byExtRelation`)."""
    return context.run.shared(Subject("relation", relation), lambda: of_user(context.panel.users.get(relation)))


def of_pack(pack: Any) -> Identity:
    """Who a resource pack is, from its record; not every panel tells when it was made."""
    created = str(getattr(pack, "created", None) or "")
    return {"pack_definition": str(pack.pack_id or ""), "pack_created": uniform(created) if created else ""}


def who_is_pack(context: Context, pack: int) -> Identity:
    """What a pack tells of itself, which an action on it may share (`GET /selfService/resourcePack/{packId}`)."""
    packs = context.panel.self_service
    return context.run.shared(Subject("pack", pack), lambda: of_pack(packs.get_resource_pack(pack)))


def who_is(context: Context, subject: Subject) -> Identity:
    """Who the object is at the panel; `NotFound` when it is gone."""
    ask: Callable[[Context, Any], Identity] = {
        "server": who_is_server,
        "relation": who_is_user,
        "pack": who_is_pack,
    }[subject.kind]
    return ask(context, subject.key)


def server(context: Context, server_id: int, *, remote_state: bool = False) -> Any:
    """The server's record, read now (`GET /servers/{id}`); what hangs on it need not ask again who it is."""
    record = context.run.read(
        ("server", server_id, remote_state),
        lambda: context.panel.servers.get(server_id, remote_state=remote_state),
    )
    context.run.saw(Subject("server", record.server_id), of_server(record))
    return record


def user(context: Context, relation: int | str) -> Any:
    """The user's record, read now (`GET /users/{ext}/byExtRelation`); what hangs on it need not ask again who it is."""
    record = context.run.read(("user", relation), lambda: context.panel.users.get(relation))
    context.run.saw(Subject("relation", relation), of_user(record))
    return record


def differences(known: Identity, seen: Identity) -> list[str]:
    """Names of the facts that say that it is another object; a fact that either side lacks says nothing."""
    return [name for name, fact in known.items() if fact and seen.get(name) and seen[name] != fact]


def refuse_another(deed: str, known: Identity, seen: Identity) -> None:
    """Raise `Another` where the panel's object is not the one that the state knows; `deed` says what was not done."""
    if differences(known, seen):
        raise Another(f"{deed}: {explained(known, seen)} Nothing was sent. {WAYS_OUT}")
    facts = [name for name, fact in known.items() if fact]
    untold = [name for name in facts if not seen.get(name)]
    if PROOFS.intersection(untold) or (facts and untold == facts):
        raise Another(
            f"{deed}: the panel does not tell {', '.join(FACTS[name] for name in untold)} any more, which alone proves "
            "that the object is the one that this stack knows. Nothing was sent."
        )


def explained(known: Identity, seen: Identity) -> str:
    """Why it is another object: which facts differ."""
    facts = "; ".join(
        f"{FACTS[name]} is {seen[name]} at the panel and {known[name]} in the state"
        for name in differences(known, seen)
    )
    return f"the panel has another object there than this stack knows: {facts}."


WAYS_OUT = (
    "If the panel was restored from a backup, or the address is another panel's, mend that first. If not, `pulumi "
    "refresh` takes what is gone out of the state, and the next `pulumi up` makes it anew."
)


def panel_address(endpoint: str) -> str:
    """A panel's address in one spelling: no trailing slash, default port, `/api/v1`, or upper case in the host."""
    parts = urlsplit(endpoint.strip())
    if not parts.hostname:
        return ""
    host = parts.hostname.rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    if port is not None and port != {"https": 443, "http": 80}.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    path = parts.path.rstrip("/").removesuffix("/api/v1").rstrip("/")
    return f"{parts.scheme.lower()}://{host}{path}"


def stack_of(urn: str) -> str:
    """What the URNs of one stack have in common."""
    return urn.partition("::")[0]


def panel_of(outputs: Values, inputs: Values | None) -> str:
    """The panel that a state says an object is of; "" where it is of a version that did not say."""
    return str((inputs or {}).get(PANEL) or outputs.get(PANEL) or "")


def panel_now(context: Context, panel: str) -> str:
    """The panel of a state, by its new address where the settings say that it has moved."""
    moved_from = context.settings.moved_from
    has_moved = panel and moved_from and panel == panel_address(moved_from)
    return panel_address(context.settings.endpoint) if has_moved else panel


def refuse_another_panel(context: Context, what: str, panel: str) -> None:
    """Raise `Refused` where a state's object is of another panel than the one that this run talks to."""
    here = panel_address(context.settings.endpoint)
    if not panel or panel_now(context, panel) == here:
        return
    # A run without a preview may be about to make something new here as well.
    context.run.astray.add(stack_of(context.urn))
    raise Refused(
        f"{what} belongs to the panel {panel}, but this run talks to {here}. Nothing was sent. Set virtfusion:endpoint "
        "(or the resource's provider) to the panel that the state was made at. If that panel has moved here, say so "
        f"once: `pulumi config set virtfusion:movedFrom {panel}`."
    )
