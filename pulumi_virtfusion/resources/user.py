"""A customer."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from ..api.errors import Conflict, NotFound, OutcomeUnknown, VirtFusionError
from ..api.users import Users
from ..deletion import refuse_another
from ..fields import Arg, Computed, OptionalArg, OptionalId, OptionalIds, computed, from_id, in_place, note, replaces
from ..lifecycle import Lifecycle
from ..recovery import made_since, settling, with_advice
from ..resource import Resource
from ..terms import Context, Problem, Values
from ..timestamps import now
from ..types import Email, Flag, Identifier, Name, Relation, RelationText, SelfService, UnorderedIds
from ..values import is_known

if TYPE_CHECKING:
    from ..api.records import User as Record


def relation_of(id_: str) -> int | str:
    """How the panel addresses a user: digits are an `ext_relation_id`, anything else a `rel_str`."""
    return int(id_) if id_.isdecimal() else id_


def relation_in_use(id_: str) -> int | str:
    """The same for an id that a person gave; ValueError for one that no user can have."""
    from pydantic import TypeAdapter

    relation: int | str = TypeAdapter(Relation).validate_python(relation_of(id_))
    if str(relation) != id_:
        raise ValueError(f"{id_!r} is no relation")
    return relation


def generated_relation(email: str) -> str:
    """The `rel_str` of a user that was given no relation.

    It follows from the e-mail address, so that a user whose creation was cut short can still be found.
    """
    return f"pulumi-{hashlib.sha256(email.lower().encode()).hexdigest()[:16]}"


class UserLifecycle(Lifecycle):
    section = "users"
    noun = "user"
    made_by = Users.create
    found_by = (Users.get,)
    removed_by = (Users.delete,)
    unique_by = ("email",)

    def key(self, id_: str) -> int | str:
        return relation_of(id_)

    def validate(self, arguments: Values) -> Iterable[Problem]:
        if "ext_relation_id" in arguments and "rel_str" in arguments:
            yield Problem("rel_str", "excludes ext_relation_id: a user is addressed by one of them")
        rel_str = arguments.get("rel_str")
        if is_known(rel_str) and str(rel_str).isdecimal():
            yield Problem("rel_str", "must not be digits only; ext_relation_id takes a number")

    def make(self, context: Context, arguments: Values) -> tuple[str, Record]:
        making = self.making(arguments)
        given: int | str | None = making.get("ext_relation_id") or making.get("rel_str")
        if given is not None:
            return str(given), self._made(context, given, making)
        # A user with neither relation could never be addressed again.
        relation = generated_relation(making["email"])
        if self._had_that_address_once(context, relation, making["email"]):
            relation = f"pulumi-{secrets.token_hex(8)}"
        return relation, self._made(context, relation, {**making, "rel_str": relation})

    def _had_that_address_once(self, context: Context, relation: str, email: str) -> bool:
        record = self._of_relation(context, relation)
        return record is not None and record.email.lower() != email.lower()

    @staticmethod
    def _of_relation(context: Context, relation: int | str) -> Record | None:
        try:
            return context.panel.users.get(relation)
        except NotFound:
            return None

    def _made(self, context: Context, relation: int | str, making: Values) -> Record:
        started = now()
        try:
            return context.panel.users.create(**making)
        except OutcomeUnknown as error:
            return self._settled(context, error, relation, started)
        except Conflict as error:
            raise _explained(context, error, relation, making["email"]) from None

    def _settled(self, context: Context, error: OutcomeUnknown, relation: int | str, started: datetime) -> Record:
        """A relation is unique, so a user that has it now and did not before is the one that was made."""
        with settling(error):
            record = self._of_relation(context, relation)
        if record is None:
            advice = f"No user has the relation {relation!r} now, and two cannot have it: it is safe to run it again."
            raise with_advice(error, advice)
        if not made_since(started, record.created):
            raise with_advice(
                error,
                f"A user with the relation {relation!r} was there already, made {record.created}: to take it "
                f'over, add opts=pulumi.ResourceOptions(import_="{relation}").',
            )
        context.warn(f"user {relation}: the answer was lost, and the generated password with it; it was made.")
        return record

    def find(self, context: Context, id_: str, arguments: Values) -> Record:  # noqa: ARG002
        return context.panel.users.get(relation_in_use(id_))

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        relation = relation_of(id_)
        told = partial(self.told, context.panel.users.get(relation))
        refuse_another(f"User {relation!r}", outputs, told, {"user_id": "panel id (user_id)"})
        context.panel.users.delete(relation)


def _explained(context: Context, conflict: Conflict, relation: int | str, email: str) -> Conflict:
    """The same error, with the user that stands in the way and what can be done about it."""
    try:
        record = context.panel.users.get(relation)
    except NotFound:
        advice = _of_the_email(email)
    except VirtFusionError:
        return conflict
    else:
        advice = _of_the_relation(record, relation, email)
        if record.email.lower() != email.lower() and "mail" in " ".join(conflict.messages).lower():
            advice += f" {_of_the_email(email)}"
    return Conflict(f"{conflict} {advice}", conflict.method, conflict.path, conflict.status, conflict.messages)


def _of_the_relation(record: Record, relation: int | str, email: str) -> str:
    # Digits alone would be read as an ext_relation_id.
    import_id = f"rel_str:{relation}" if isinstance(relation, str) and relation.isdecimal() else str(relation)
    option = f"opts=pulumi.ResourceOptions(import_={json.dumps(import_id, ensure_ascii=False)})"
    if record.email.lower() == email.lower():
        return f"It is user {relation!r}, made {record.created}: to take it over, add {option}."
    return (
        f"The relation {relation!r} belongs to another user, with another e-mail address: panel id {record.user_id}, "
        f"made {record.created}. If that user is meant, add {option}; otherwise give this one another relation."
    )


def _of_the_email(email: str) -> str:
    return (
        f"The e-mail address {email} belongs to another user, and the API cannot look a user up by that: find it in "
        'the panel, and to take it over, add opts=pulumi.ResourceOptions(import_="<its ext_relation_id>"), or '
        'import_="rel_str:<its rel_str>". Otherwise give this one another address.'
    )


class User(Resource, lifecycle=UserLifecycle):
    """A customer (`POST /users`), addressed by its relation to your own system."""

    name: Arg[Name] = in_place(Users.modify)
    """Full name."""

    email: Arg[Email] = in_place(Users.modify)
    """E-mail address, unique in the panel."""

    self_service: OptionalArg[SelfService] = in_place(Users.modify, default=None)
    """Self-service: 0 off, 1 hourly, 2 resource packs, 3 both."""

    self_service_hourly_credit: OptionalArg[Flag] = in_place(Users.modify, default=None, told="never")
    """Whether hourly servers are paid from credit."""

    self_service_hourly_group_profiles: OptionalIds[UnorderedIds] = in_place(Users.modify, default=None)
    """Hourly group profiles; do not manage the same ones as `HourlyGroupProfile` resources."""

    self_service_resource_group_profiles: OptionalIds[UnorderedIds] = in_place(Users.modify, default=None)
    """Resource group profiles; do not manage the same ones as `ResourceGroupProfile` resources."""

    self_service_hourly_resource_pack: OptionalId = in_place(Users.modify, default=None)
    """Hourly resource pack."""

    enabled: OptionalArg[Flag] = in_place(Users.modify, default=None, told="never")
    """Whether the user may log in."""

    ext_relation_id: OptionalArg[Identifier] = replaces(default=None)
    """The user's number in your own system; excludes `rel_str`."""

    rel_str: OptionalArg[RelationText] = replaces(default=None, told="never")
    """The user's key in your own system, not digits only; generated when neither relation is given."""

    send_mail: OptionalArg[Flag] = note(default=False)
    """Whether the panel mails the user when it is made."""

    user_id: Computed[int] = computed(stable=True)
    """The panel's id, which servers and SSH keys ask for."""

    relation: Computed[int | str] = from_id(relation_of)
    """The relation that addresses the user: its `ext_relation_id` or `rel_str`."""

    password: Computed[str] = computed(secret=True)
    """The password that the panel generated; "" when the user was imported."""

    suspended: Computed[bool] = computed()
    """Whether the user is suspended."""

    created: Computed[str] = computed(stable=True)
    """When the panel made the user."""
