"""A customer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..api.errors import Conflict, NotFound, OutcomeUnknown
from ..api.sections.users import Users
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Diff, Problem, Refused, Values
from ..lifecycle.identity import Identity, Subject, of_user, user, who_is_user
from ..lifecycle.lost_answers import (
    Before,
    Candidate,
    import_line,
    knows_before,
    not_the_new_one,
    proven,
    reconciling,
    with_advice,
)
from ..lifecycle.planning import DIFFERING_INPUTS, NOTHING
from ..program.resource import Resource
from ..schema.fields import Arg, Computed, OptionalArg, OptionalId, OptionalIds, computed, in_place, note, replaces
from ..schema.plain_values import is_known
from ..schema.timestamps import now
from ..schema.types import Email, Flag, Identifier, Name, RelationText, SelfService, UnorderedIds
from .user_conflict import explained, of_the_relation
from .user_relation import MOST_RELATIONS, relation_in_use, relation_of, relations_sought, spelled

if TYPE_CHECKING:
    from ..api.records import User as Record


HOURLY_PACK = "hourly resource pack"


class UserBehaviour(Behaviour):
    section = "users"
    noun = "user"
    made_by = Users.create
    found_by = (Users.get,)
    removed_by = (Users.delete,)
    named_with = ("ext_relation_id",)
    unique_by = ("email",)
    named_by = ("relation", "user_id")
    found_with = ("ext_relation_id", "rel_str")

    def key(self, id_: str, known: Values) -> int | str:
        """Return the relation of the user: from the state, from the arguments, or from an id of an earlier version."""
        given: list[int | str | None] = [known.get(name) for name in ("relation", "ext_relation_id", "rel_str")]
        return next((one for one in given if one), relation_of(id_))

    def validate(self, arguments: Values) -> Iterable[Problem]:
        if "ext_relation_id" in arguments and "rel_str" in arguments:
            yield Problem("rel_str", "excludes ext_relation_id: a user is addressed by one of them")

    def make(self, context: Context, arguments: Values) -> tuple[str, Record]:
        making = self.making(arguments)
        relation, *others = relations_sought(arguments)
        if others:  # a user with neither relation could never be addressed again
            relation = self._free_relation(context, [relation, *others], making["email"])
            making["rel_str"] = relation
        with context.run.one_at_a_time("user", relation):
            record = self._made(context, relation, making)
            context.run.claim(self.noun, record.user_id)
        context.run.saw(Subject("relation", relation), of_user(record))
        _has_nothing_yet(context, record.user_id)
        return str(record.user_id), record.model_copy(update={"relation": relation})

    def remember(self, context: Context, id_: str, outputs: Values, *, is_new: bool) -> None:  # noqa: ARG002
        if is_new and isinstance(outputs.get("user_id"), int | float):
            _has_nothing_yet(context, int(outputs["user_id"]))

    def _free_relation(self, context: Context, relations: Iterable[int | str], email: str) -> int | str:
        for relation in relations:
            record = self._of_relation(context, relation)
            if record is None or _has_address(record, email):  # the panel refuses its own e-mail again
                return relation
        raise Refused(f"email: {email} was the address of {MOST_RELATIONS} users before; give a relation.")

    @staticmethod
    def _of_relation(context: Context, relation: int | str) -> Record | None:
        try:
            return context.panel.users.get(relation)
        except NotFound:
            return None

    def _made(self, context: Context, relation: int | str, making: Values) -> Record:
        before = Before(now(), is_free=lambda id_: self._is_free(context, relation, id_))
        try:
            record: Record = context.panel.users.create(**making)
            has_email = bool(record.email)
            if not record.is_what_was_asked_for(relation) or (has_email and not _has_address(record, making["email"])):
                raise not_the_new_one("POST /users", f"it is user {record.user_id}, of another relation or address")
            return record
        except OutcomeUnknown as error:
            return self._after_lost_answer(context, error, relation, making, before)
        except Conflict as error:
            raise explained(context, error, relation, making["email"]) from None

    def _is_free(self, context: Context, relation: int | str, id_: str) -> bool:
        expected = context.run.expected(Subject("relation", relation))
        known = "" if expected is None else expected.identity.get("user_id")
        return known != id_ and not context.run.is_claimed(self.noun, id_)

    def _after_lost_answer(
        self, context: Context, error: OutcomeUnknown, relation: int | str, making: Values, before: Before
    ) -> Record:
        """Return the user of the relation if it provably is the new one: no two users can have the same relation."""
        with reconciling(error):
            candidates = list(self.candidates(context, making, before))
            there = self._of_relation(context, relation) if not candidates else None
        if (one := proven(candidates)) is not None:
            context.warn(f"user {relation} was made; the answer that told the generated password was lost.")
            record: Record = one.record
            return record
        if candidates:
            (doubtful,) = candidates
            if not _has_address(doubtful.record, making["email"]):
                raise with_advice(error, of_the_relation(doubtful.record, relation, making["email"]))
            advice = f"A user with the relation {relation!r} is there, but {doubtful.doubt}: to take it over, add "
            raise with_advice(error, f"{advice}{import_line(doubtful)}.")
        if there is not None:
            raise with_advice(error, of_the_relation(there, relation, making["email"]))
        raise with_advice(
            error, f"No user has the relation {relation!r} now, and two cannot have it: it is safe to run it again."
        )

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        """Yield the user of the relation; with a generated relation, only a user with the same e-mail address."""
        is_given = bool(arguments.get("ext_relation_id") or arguments.get("rel_str"))
        for relation in relations_sought(arguments):
            record = self._of_relation(context, relation)
            if record is None:
                return
            if not (is_given or _has_address(record, arguments["email"])):
                continue  # it had this address once, or never
            if before.is_free(str(record.user_id)):
                user_id, made = str(record.user_id), record.model_copy(update={"relation": relation})
                doubt = before.doubt(record.created or "") or self.differences(record, self.making(arguments))
                yield Candidate(user_id, made, doubt, record.name, spelled(relation))
            return

    def find(self, context: Context, id_: str, known: Values) -> Record:
        relation = self.key(id_, known)
        record: Record = user(context, relation)
        return record.model_copy(update={"relation": relation})

    def look_in_preview(self, context: Context, id_: str, given: Values) -> Any:
        """Return the record by the relation that the program gives; without one, a record of the panel's id alone."""
        if not given and id_.isdecimal():
            return SimpleNamespace(user_id=int(id_))
        return self.find(context, id_, given)

    def look_up(self, context: Context, text: str, arguments: Values) -> tuple[str, Record]:  # noqa: ARG002
        """Return the id and record of the user with this relation, by which the API addresses users."""
        record = self.find(context, text, {"relation": relation_in_use(text)})
        return str(record.user_id), record

    def id_of(self, id_: str, outputs: Values) -> str:  # noqa: ARG002
        """Return the panel's id, in place of the relation that states of earlier versions have."""
        return str(outputs["user_id"])

    def id_in_outputs(self, context: Context, outputs: Values) -> str:  # noqa: ARG002
        return str(outputs.get("user_id", ""))

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:
        return who_is_user(context, self.key(id_, known))

    def identity_in_state(self, outputs: Values) -> Identity:
        return {"user_id": str(outputs.get("user_id", "")), "user_created": str(outputs.get("created", ""))}

    def subjects(self, id_: str, outputs: Values) -> Iterable[Subject]:
        yield Subject("relation", self.key(id_, outputs))
        if outputs.get("user_id"):
            yield Subject("user", int(outputs["user_id"]))

    def described(self, id_: str, outputs: Values) -> str:
        return f"user {self.key(id_, outputs)!r} ({outputs.get('name', '')}, {outputs.get('email', '')})"

    def losses(self, context: Context, id_: str, outputs: Values) -> str:  # noqa: ARG002
        return f"deletes {self.described(id_, outputs)} with its password and credit; another user is made."

    def shared_settings(self, inputs: Values) -> Iterable[tuple[Hashable, Any, str]]:
        pack = inputs.get("self_service_hourly_resource_pack")
        given = [inputs.get(name) for name in ("email", "ext_relation_id", "rel_str")]
        if pack is not None and is_known(given):
            yield (HOURLY_PACK, next(relations_sought(inputs))), pack, "self_service_hourly_resource_pack"

    def plan(self, context: Context, id_: str, olds: Values, news: Values, diff: Diff) -> Diff:  # noqa: ARG002
        """Refuse a replacement with the same e-mail address for an owner of servers: the panel deletes no owner."""
        if diff.replaces and diff.delete_first and olds.get("user_id"):
            try:
                servers = context.panel.servers.list_of_user(int(olds["user_id"]))
            except NotFound:
                servers = []
            if servers:
                raise Refused(
                    f"{', '.join(diff.replaces)}: {self.described(id_, olds)} owns {len(servers)} servers (such as "
                    f"{servers[0].server_id}), and its successor has the same e-mail address: the old user would have "
                    "to be deleted first, which the panel refuses. Give another e-mail in the same change, and the "
                    "servers are handed over before the old user goes; or keep the relation."
                )
        return diff

    def removal(self, id_: str, known: Values) -> str:  # noqa: ARG002
        relation = relation_of(id_)
        return f"DELETE /users/{relation}/byExtRelation{'?relStr=true' if isinstance(relation, str) else ''}"

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        context.panel.users.delete(self.key(id_, outputs))

    # -- lists of profiles: a list owns the profiles that it names, and leaves those alone that are attached singly --

    def outputs(self, record: Any, inputs: Values, previous: Values, failed: Iterable[str] = ()) -> dict[str, Any]:
        outputs = super().outputs(record, inputs, previous, failed)
        return {**outputs, **_named(inputs, outputs, previous.get(DIFFERING_INPUTS, {}))}

    def owned(self, olds: Values, news: Values, before: Values) -> Values:
        """Keep of each profile list the entries that the program names or named before: others own the rest."""
        named = {
            name: [one for one in olds.get(name, ()) if one in news[name] or one in _listed_before(name, olds, before)]
            for name in LISTS
            if name in news and is_known(news[name])
        }
        return {**olds, **named}

    def sent(self, context: Context, id_: str, olds: Values, news: Values, before: Values) -> Values:
        """Return each profile list as a whole: the program's entries, and those that others have added."""
        whole = {}
        for name in LISTS:
            if name in news:
                present: list[int] = getattr(user(context, self.key(id_, olds)), name)
                known = (*news[name], *_listed_before(name, olds, before))
                whole[name] = [*news[name], *(one for one in present if one not in known)]
        return {**news, **whole}

    def kept_of_a_failure(
        self, record: Any, outputs: dict[str, Any], olds: Values, news: Values, before: Values
    ) -> dict[str, Any]:
        """Record the program's lists in the outputs, since after the failure the inputs lack the entries to remove."""
        listed = {name: _listed_before(name, olds, before) for name in LISTS if name in news}
        there = outputs if record is None else {name: getattr(record, name) for name in LISTS}
        owned = _named(news, there, listed)
        return {**outputs, **owned, DIFFERING_INPUTS: {**olds.get(DIFFERING_INPUTS, {}), **listed, **owned}}

    def differences(self, record: Any, inputs: Values) -> str:
        """Compare each profile list by the entries that the program names: only a missing one is a difference."""
        there = _named(inputs, {name: getattr(record, name) for name in LISTS})
        return super().differences(record.model_copy(update=there), inputs)


LISTS = ("self_service_hourly_group_profiles", "self_service_resource_group_profiles")


def _has_nothing_yet(context: Context, user_id: int) -> None:
    for kind in ("servers", "keys"):
        knows_before(context, (kind, user_id), 0)


def _has_address(record: Record, email: Any) -> bool:
    return str(record.email).strip().lower() == str(email).strip().lower()


def _named(inputs: Values, there: Values, before: Values = NOTHING) -> dict[str, list[int]]:
    """Return the profiles that the user has among those that the program lists, or listed `before`."""
    listed = {
        name: dict.fromkeys([*inputs[name], *before.get(name, ())])
        for name in LISTS
        if name in inputs and is_known(inputs[name])
    }
    return {name: [one for one in listed[name] if one in there.get(name, ())] for name in listed}


def _listed_before(name: str, olds: Values, before: Values) -> list[int]:
    """Return the profiles that the program listed at its last update and, where that failed, at the one before."""
    return [*(before.get(name) or ()), *olds.get(DIFFERING_INPUTS, {}).get(name, ())]


class User(Resource, behaviour=UserBehaviour):
    """A customer (`POST /users`), addressed by its relation to your own system.

    `import_` and `get` name it by that: digits are an `ext_relation_id`, anything else a `rel_str`, and `rel_str:42` is
    a `rel_str` of digits. The Pulumi id is the panel's own.
    """

    if not TYPE_CHECKING:

        def _id_of_look_up(self, _id):
            return self.user_id.apply(str)

    name: Arg[Name] = in_place(Users.modify)
    """Full name."""

    email: Arg[Email] = in_place(Users.modify)
    """E-mail address, unique in the panel."""

    self_service: OptionalArg[SelfService] = in_place(Users.modify, default=None)
    """Self-service: 0 off, 1 hourly, 2 resource packs, 3 both."""

    self_service_hourly_credit: OptionalArg[Flag] = in_place(Users.modify, default=None, read_back="never")
    """Whether hourly servers are paid from credit."""

    self_service_hourly_group_profiles: OptionalIds[UnorderedIds] = in_place(Users.modify, default=None)
    """Hourly group profiles that the user has; others that it has, such as those of `HourlyGroupProfile`s, stay."""

    self_service_resource_group_profiles: OptionalIds[UnorderedIds] = in_place(Users.modify, default=None)
    """Resource group profiles that the user has; others that it has, such as those of `ResourceGroupProfile`s, stay."""

    self_service_hourly_resource_pack: OptionalId = in_place(Users.modify, default=None)
    """Hourly resource pack."""

    enabled: OptionalArg[Flag] = in_place(Users.modify, default=None, read_back="never")
    """Whether the user may log in."""

    ext_relation_id: OptionalArg[Identifier] = replaces(default=None)
    """The user's number in your own system; excludes `rel_str`."""

    rel_str: OptionalArg[RelationText] = replaces(default=None, read_back="never")
    """The user's key in your own system; generated when neither relation is given."""

    send_mail: OptionalArg[Flag] = note(default=False)
    """Whether the panel mails the user when it is made."""

    user_id: Computed[int] = computed(stable=True)
    """The panel's id, which servers and SSH keys ask for."""

    relation: Computed[int | str] = computed(
        stable=True, given_as={"ext_relation_id": int, "rel_str": str}, once_from_id=relation_of
    )
    """The relation that addresses the user: its `ext_relation_id` or `rel_str`."""

    password: Computed[str] = computed(secret=True, fed_by=())
    """The password that the panel generated; "" when the user was imported."""

    suspended: Computed[bool] = computed(fed_by=("enabled",))
    """Whether the user is suspended."""

    created: Computed[str] = computed(stable=True)
    """The time at which the panel made the user."""
