"""A public key of a user."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..api.errors import NotFound, OutcomeUnknown
from ..api.sections.ssh_keys import SshKeys
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Made, Values
from ..lifecycle.identity import Identity
from ..lifecycle.lost_answers import (
    NOTHING_YET,
    Before,
    Candidate,
    listed_before,
    newest,
    not_the_new_one,
    proven,
    read_note,
    reconciling,
    with_advice,
    with_doubts,
)
from ..program.resource import Resource
from ..schema.fields import Arg, Computed, Id, computed, from_id, replaces
from ..schema.plain_values import id_number
from ..schema.timestamps import now
from ..schema.types import Name, PublicKey, key_material

if TYPE_CHECKING:
    from ..api.records import SshKey as Record


class SshKeyBehaviour(Behaviour):
    section = "ssh_keys"
    noun = "SSH key"
    when_deleted = "deleted; servers keep it until they are built anew"
    made_by = SshKeys.create
    found_by = (SshKeys.get, SshKeys.list_of_user)
    removed_by = (SshKeys.delete,)
    named_with = ("public_key",)
    owned_by = ("user_id",)

    def make(self, context: Context, arguments: Values) -> tuple[str, Record]:
        natural_key = (arguments["user_id"], str(arguments["name"]).strip(), key_material(arguments["public_key"]))
        # Two equal keys made at once could not be told apart after a lost answer.
        with context.run.one_at_a_time("ssh_key", *natural_key):
            before = Before(
                now(), read_note(arguments)[0], is_free=lambda id_: not context.run.is_claimed(self.noun, id_)
            )
            try:
                record = context.panel.ssh_keys.create(**self.making(arguments))
                if before.had(record.ssh_key_id) or not before.is_free(str(record.ssh_key_id)):
                    raise not_the_new_one("POST /ssh_keys", f"key {record.ssh_key_id} was there before")
            except OutcomeUnknown as error:
                record = self._after_lost_answer(context, error, arguments, before)
            context.run.claim(self.noun, record.ssh_key_id)
            context.run.forget(("keys", arguments["user_id"]))
        # The answer to a create leaves out the key and its owner.
        return str(record.ssh_key_id), record.model_copy(update=self.making(arguments))

    def _after_lost_answer(self, context: Context, error: OutcomeUnknown, arguments: Values, before: Before) -> Record:
        with reconciling(error):
            candidates = list(self.candidates(context, arguments, before))
        if (one := proven(candidates)) is not None:
            record: Record = one.record
            return record
        advice = f"To take one over, add {with_doubts(candidates)}." if candidates else ""
        raise with_advice(error, advice or f"The user has no such key: {NOTHING_YET}")

    def noted_before(self, context: Context, olds: Values, arguments: Values) -> Any:
        """Return the number of the owner's newest key; None for an update, and where the read fails."""
        if olds:
            return None
        keys, owner = context.panel.ssh_keys, int(arguments["user_id"])
        return listed_before(
            context,
            ("keys", owner),
            lambda: keys.list_of_user(owner),
            lambda listed: newest(key.ssh_key_id for key in listed),
        )

    def lookalikes(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        return self.candidates(context, arguments, before)

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        """Yield the owner's keys of that name and text which were not there before."""
        owner, material = int(arguments["user_id"]), key_material(arguments["public_key"])
        for key in before.once(("keys", owner), lambda: context.panel.ssh_keys.list_of_user(owner)):
            equal = self.fields["name"].same(key.name, arguments["name"]) and key_material(key.public_key) == material
            was_there = before.had(key.ssh_key_id)
            if equal and not was_there and before.is_free(str(key.ssh_key_id)):
                record = key.model_copy(update={"user_id": owner})
                doubt = before.doubt(key.created, was_there=was_there)
                yield Candidate(str(key.ssh_key_id), record, doubt, key.name)

    def named(self, text: str) -> tuple[str, dict[str, Any]]:
        """Split `13` or `13/6` into the key and its owner: the panel never reports that key 13 belongs to user 6."""
        key, _, owner = text.partition("/")
        return key, {"user_id": id_number(owner)} if owner else {}

    def find(self, context: Context, id_: str, known: Values) -> Record:
        """Return the key from the list of its owner's keys, which resources share; without an owner, read it alone."""
        key_id, user_id = id_number(id_), known.get("user_id")
        if user_id is not None:
            for key in self._keys_of(context, int(user_id)):
                if key.ssh_key_id == key_id:
                    return key.model_copy(update={"user_id": int(user_id)})
        record: Record = context.panel.ssh_keys.get(key_id)
        return record if user_id is None else record.model_copy(update={"user_id": 0})

    @staticmethod
    def _keys_of(context: Context, user_id: int) -> list[Record]:
        def listed() -> list[Record]:
            try:
                return context.panel.ssh_keys.list_of_user(user_id)
            except NotFound:
                return []

        return context.run.shared(("keys", user_id), listed)

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:
        """Return the key's owner and the digest of its text, from the list of the owner's keys if the key is in it."""
        if "user_id" not in known:  # it was imported by its number alone
            return _facts(self.find(context, id_, known).public_key, "")
        key_id, owner = id_number(id_), int(known["user_id"])
        key = next((key for key in self._keys_of(context, owner) if key.ssh_key_id == key_id), None)
        if key is None:
            context.run.forget(("keys", owner))  # it may be newer than the list
            record = self.find(context, id_, known)
            return _facts(record.public_key, record.user_id or ELSEWHERE)
        return _facts(key.public_key, owner)

    def identity_when_made(self, context: Context, made: Made, record: Record, known: Values) -> Identity:  # noqa: ARG002
        return _facts(record.public_key, record.user_id or "")

    def identity_in_state(self, outputs: Values) -> Identity:
        return _facts(outputs.get("public_key", ""), outputs.get("user_id", ""))

    def is_gone(self, context: Context, id_: str, outputs: Values) -> bool:  # noqa: ARG002
        """Read the key itself, since the list of its owner's keys is shared; a key that is gone raises `NotFound`."""
        context.panel.ssh_keys.get(id_number(id_))
        return False

    def remove(self, context: Context, id_: str, outputs: Values) -> None:  # noqa: ARG002
        context.panel.ssh_keys.delete(id_number(id_))


ELSEWHERE = "another user"


def _facts(public_key: str, owner: object) -> Identity:
    """Return the key's owner, and a short digest of its text without the comment."""
    material = key_material(public_key)
    digest = f"sha256:{hashlib.sha256(material.encode()).hexdigest()[:32]}" if material else ""
    return {"key_owner": str(owner), "key": digest}


class SshKey(Resource, behaviour=SshKeyBehaviour):
    """A public key (`POST /ssh_keys`) that builds can install; servers keep it when it is deleted."""

    user_id: Id = replaces()
    """Owner, by the panel's user id."""

    name: Arg[Name] = replaces()
    """Label in the panel."""

    public_key: Arg[PublicKey] = replaces()
    """One line of an OpenSSH public key; a change of its comment alone is none."""

    ssh_key_id: Computed[int] = from_id(int)
    """The panel's id."""

    key_type: Computed[str] = computed(stable=True)
    """Format of the key, as the panel calls it."""

    created: Computed[str] = computed(stable=True)
    """The time at which the panel stored the key."""
