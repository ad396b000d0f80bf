"""The hourly resource pack of a user."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from ..api.errors import NotFound
from ..api.sections.self_service import SelfService
from ..api.sections.users import Users
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Values
from ..lifecycle.identity import Identity, user, who_is_user
from ..lifecycle.lost_answers import Before, Candidate, in_its_place
from ..program.resource import Resource
from ..schema.fields import Arg, Id, in_place, replaces
from ..schema.plain_values import reported
from ..schema.types import Relation
from .user import HOURLY_PACK
from .user_relation import relation_in_use, relation_of, spelled


@dataclass(frozen=True)
class Choice:
    """The pack that a user has."""

    relation: int | str
    pack_id: int


class HourlyResourcePackBehaviour(Behaviour):
    section = "self_service"
    noun = "hourly resource pack of user"
    repeatable = True
    made_by = SelfService.set_hourly_resource_pack
    found_by = (Users.get,)

    def key(self, id_: str, known: Values) -> int | str:  # noqa: ARG002
        return relation_of(id_)

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_user(context, relation_of(id_))

    def shared_settings(self, inputs: Values) -> Iterable[tuple[Hashable, Any, str]]:
        yield (HOURLY_PACK, inputs.get("relation")), inputs.get("pack_id"), "pack_id"

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        return in_its_place(self.find, context, spelled(arguments["relation"]), {}, before)

    def make(self, context: Context, arguments: Values) -> tuple[str, Choice]:
        chosen = Choice(arguments["relation"], arguments["pack_id"])
        context.panel.self_service.set_hourly_resource_pack(chosen.relation, chosen.pack_id)
        return spelled(chosen.relation), chosen

    def find(self, context: Context, id_: str, known: Values) -> Choice:
        relation = relation_in_use(id_)
        pack_id = reported(user(context, relation), "self_service_hourly_resource_pack")
        if pack_id is None:
            pack_id = known.get("pack_id")
        if not pack_id:
            raise NotFound(f"User {relation} has no hourly resource pack.")
        return Choice(relation, pack_id)

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        context.warn(
            f"user {id_} keeps hourly resource pack {outputs.get('pack_id')}: no operation of the panel takes it away. "
            "It is no longer in this stack."
        )


class HourlyResourcePack(Resource, behaviour=HourlyResourcePackBehaviour):
    """The pack that prices a user's hourly servers; a user has one, and keeps it when this is deleted.

    `PUT /selfService/hourlyResourcePack/byUserExtRelationId/{ext}`; do not set it in the `User` as well.
    """

    relation: Arg[Relation] = replaces()
    """The user: a number is an `ext_relation_id`, a string a `rel_str`; `user.relation` fits."""

    pack_id: Id = in_place(SelfService.set_hourly_resource_pack)
    """The hourly resource pack."""
