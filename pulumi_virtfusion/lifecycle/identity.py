"""The identity of an object: proof, before each write, that the panel still has the object that the state knows.

An id is a number at some panel, given to some object, and both can change: a panel is restored from a backup and gives
its numbers again, an address names another panel, a relation is handed to somebody else. A state therefore remembers
which panel an object is of and facts about it that no operation changes. Before a write or a deletion, the panel's
object is compared with them. A create, an import or a recovery writes these facts. An update and a refresh only add
them to a state that has none, or that lacks the owner of an object which was imported by its number alone. As long as
the owner is lacking, nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..schema.timestamps import uniform
from .contract import Context, Refused, Values

PANEL = "__panel"
"""The input that holds the panel's address; a state of an earlier version lacks it.

It is an input because an unchanged `up` stores inputs: after a move of the panel, `movedFrom` is needed once, and no
resource changes.
"""
IDENTITY = "__identity"
"""The output that holds an object's `Identity`."""
HINTS = "__of"
"""The input with the identities of the program's own resources that arguments name; the check removes it.

In an update with `--target`, no other source gives their identities.
"""

Identity = Mapping[str, str]
"""Facts about an object by their names in `FACTS`; an empty text is a fact that the panel does not report."""

OWNER = "server_owner"
"""A server's owner, which is read with the server but is no fact of its identity: an owner can change."""

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
"""The names of the facts, each with the words of a message."""

PROOFS = frozenset({"server_uuid", "user_id", "key"})
"""Facts without which the others prove nothing: an owner has many keys, and many objects are made at one time."""

OWNERS = {
    "pack_definition": "user_id",
    "pack_created": "user_id",
    "key": "key_owner",
    "block_added": "server_uuid",
}
"""Facts that objects of several owners share, each with the fact on the owner that must stand beside it."""


@dataclass(frozen=True)
class Subject:
    """An object that others belong to: `server` 5, `user` 7 (by the panel's id), `relation` 1001, `pack` 3."""

    kind: str
    key: int | str

    def __str__(self) -> str:
        words = {"relation": "user {!r}", "pack": "resource pack {}"}
        return words.get(self.kind, self.kind + " {}").format(self.key)


SUBJECTS = {"server_id": "server", "user_id": "user", "relation": "relation", "resource_pack_id": "pack"}
"""The arguments that name an object of the panel, each with the kind of its `Subject`."""
FACTS_OF = {
    "server": ("server_uuid",),
    "relation": ("user_id", "user_created"),
    "pack": ("pack_definition", "pack_created"),
}
"""By kind of `Subject`, the facts in another object's identity that identify the subject it belongs to."""


class Another(Refused):
    """The panel has a different object than the one that the state knows; no write was sent."""


def of_server(server: Any) -> Identity:
    """Return the identity in a server's record, with its owner."""
    return {"server_uuid": server.uuid, OWNER: str(server.user_id)}


def of_user(user: Any) -> Identity:
    """Return the identity in a user's record; the e-mail address is no part of it, since it can change."""
    return {"user_id": str(user.user_id), "user_created": uniform(user.created) if user.created else ""}


def who_is_server(context: Context, server_id: int) -> Identity:
    """Return the server's identity, from a read that the resources of that server share (`GET /servers/{id}`)."""
    return context.run.shared(Subject("server", server_id), lambda: of_server(context.panel.servers.get(server_id)))


def who_is_user(context: Context, relation: int | str) -> Identity:
    """Return the user's identity, from a read that its resources share (`GET /users/{ext}/byExtRelation`)."""
    return context.run.shared(Subject("relation", relation), lambda: of_user(context.panel.users.get(relation)))


def of_pack(pack: Any) -> Identity:
    """Return the identity in a resource pack's record; not every panel reports the time of its creation."""
    created = str(getattr(pack, "created", None) or "")
    return {"pack_definition": str(pack.pack_id or ""), "pack_created": uniform(created) if created else ""}


def who_is_pack(context: Context, pack: int) -> Identity:
    """Return the pack's identity, from a read that its actions share (`GET /selfService/resourcePack/{packId}`)."""
    packs = context.panel.self_service
    return context.run.shared(Subject("pack", pack), lambda: of_pack(packs.get_resource_pack(pack)))


def who_is(context: Context, subject: Subject) -> Identity:
    """Return the subject's identity at the panel; raise `NotFound` when the object is gone."""
    ask: Callable[[Context, Any], Identity] = {
        "server": who_is_server,
        "relation": who_is_user,
        "pack": who_is_pack,
    }[subject.kind]
    return ask(context, subject.key)


def server(context: Context, server_id: int, *, remote_state: bool = False) -> Any:
    """Read the server's record (`GET /servers/{id}`), and share its identity with the resources of the server."""
    record = context.run.read(
        ("server", server_id, remote_state),
        lambda: context.panel.servers.get(server_id, remote_state=remote_state),
    )
    context.run.saw(Subject("server", record.server_id), of_server(record))
    return record


def user(context: Context, relation: int | str) -> Any:
    """Read the user's record (`GET /users/{ext}/byExtRelation`), and share its identity with the user's resources."""
    record = context.run.read(("user", relation), lambda: context.panel.users.get(relation))
    context.run.saw(Subject("relation", relation), of_user(record))
    return record


def differences(known: Identity, seen: Identity) -> list[str]:
    """Return the names of the facts that differ; a fact that either side lacks does not count."""
    return [name for name, fact in known.items() if fact and seen.get(name) and seen[name] != fact]


def lacking(known: Identity) -> set[str]:
    """Return the names of the facts on the owner without which the known facts prove nothing."""
    return {owner for fact, owner in OWNERS.items() if known.get(fact) and not known.get(owner)}


def facts_kept(seen: Identity) -> Identity:
    """Return the facts that a state remembers: those that no operation changes."""
    return {name: fact for name, fact in seen.items() if name in FACTS and fact}


def refuse_another(deed: str, known: Identity, seen: Identity) -> None:
    """Raise `Another` unless the panel's object is provably the one that the state knows; `deed` begins the message."""
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
    """Return the sentence of a message that lists the facts that differ."""
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
    """Normalise a panel's address: no trailing slash, default port, `/api/v1`, or upper case in the host."""
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
    """Return the part of a URN that all resources of its stack share."""
    return urn.partition("::")[0]


def panel_of(outputs: Values, inputs: Values | None) -> str:
    """Return the address of the panel that a state names; "" for a state of an earlier version, which names none."""
    return str((inputs or {}).get(PANEL) or outputs.get(PANEL) or "")


def panel_now(context: Context, panel: str) -> str:
    """Return the address of a state's panel now: the new one where `movedFrom` names the old one."""
    moved_from = context.settings.moved_from
    has_moved = panel and moved_from and panel == panel_address(moved_from)
    return panel_address(context.settings.endpoint) if has_moved else panel


def refuse_another_panel(context: Context, what: str, panel: str) -> None:
    """Raise `Refused` where the state's object belongs to another panel than this run's."""
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
