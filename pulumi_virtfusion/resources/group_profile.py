"""The group profiles of self-service on a user: two lists of the user, with an operation to add and one to remove."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ..api.errors import NotFound, OutcomeUnknown
from ..api.sections.self_service import SelfService
from ..api.sections.users import Users
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Values
from ..lifecycle.identity import Identity, user, who_is_user
from ..lifecycle.lost_answers import Before, Candidate, in_its_place, reconciling, with_advice
from ..program.resource import Resource
from ..schema.fields import Arg, Id, replaces
from ..schema.plain_values import id_number, reported
from ..schema.types import Relation
from .user_relation import relation_in_use, spelled


@dataclass(frozen=True)
class Attachment:
    """A profile on a user."""

    relation: int | str
    profile_id: int

    @classmethod
    def of(cls, id_: str) -> Attachment:
        """Parse an id such as `1001/3`; raise ValueError for any other text."""
        relation, _, profile_id = id_.rpartition("/")
        return cls(relation_in_use(relation), id_number(profile_id))

    def __str__(self) -> str:
        return f"{spelled(self.relation)}/{self.profile_id}"


class GroupProfileBehaviour(Behaviour):
    section = "self_service"
    is_a_place = True
    when_deleted = "taken away from the user"
    found_by = (Users.get,)
    named_with = ("profile_id",)
    repeatable = True

    list_name: ClassVar[str]
    """The field of a user's record that lists the profiles of this kind."""

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        id_ = str(Attachment(arguments["relation"], int(arguments["profile_id"])))
        return in_its_place(self.find, context, id_, {}, before)

    def make(self, context: Context, arguments: Values) -> tuple[str, Attachment]:
        wanted = Attachment(arguments["relation"], arguments["profile_id"])
        if self._is_there(context, wanted):
            context.warn(
                f"user {wanted.relation} had {self.noun} {wanted.profile_id} already. This resource owns it from now "
                "on, and takes it away when it is deleted."
            )
            return str(wanted), wanted
        try:
            type(self).made_by(context.panel.self_service, wanted.relation, wanted.profile_id)
        except OutcomeUnknown as error:
            with reconciling(error):
                made = self._is_there(context, wanted)
            if not made:
                raise with_advice(
                    error, f"User {wanted.relation} does not have it: it is safe to run it again."
                ) from None
        return str(wanted), wanted

    def _is_there(self, context: Context, attachment: Attachment) -> bool:
        return attachment.profile_id in getattr(user(context, attachment.relation), self.list_name)

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_user(context, Attachment.of(id_).relation)

    def find(self, context: Context, id_: str, known: Values) -> Attachment:
        attachment = Attachment.of(id_)
        listed = reported(user(context, attachment.relation), self.list_name)
        # An answer without the list does not tell that a profile, which the state has, was taken away.
        if attachment.profile_id not in (listed or ()) and not (listed is None and known):
            raise NotFound(f"User {attachment.relation} does not have {self.noun} {attachment.profile_id}.")
        return attachment

    def remove(self, context: Context, id_: str, outputs: Values) -> None:  # noqa: ARG002
        attachment = Attachment.of(id_)
        (take_away,) = self.removed_by
        take_away(context.panel.self_service, attachment.relation, attachment.profile_id)


class HourlyGroupProfileBehaviour(GroupProfileBehaviour):
    noun = "hourly group profile"
    list_name = "self_service_hourly_group_profiles"
    made_by = SelfService.add_hourly_group_profile
    removed_by = (SelfService.remove_hourly_group_profile,)


class ResourceGroupProfileBehaviour(GroupProfileBehaviour):
    noun = "resource group profile"
    list_name = "self_service_resource_group_profiles"
    made_by = SelfService.add_resource_group_profile
    removed_by = (SelfService.remove_resource_group_profile,)


class HourlyGroupProfile(Resource, behaviour=HourlyGroupProfileBehaviour):
    """One profile that a user may order hourly servers from, beside those that its `User` lists.

    `POST /selfService/hourlyGroupProfile/byUserExtRelationId/{ext}`; one that the user has already is taken over.
    """

    relation: Arg[Relation] = replaces()
    """The user: a number is an `ext_relation_id`, a string a `rel_str`; `user.relation` fits."""

    profile_id: Id = replaces()
    """The hourly group profile."""


class ResourceGroupProfile(Resource, behaviour=ResourceGroupProfileBehaviour):
    """One profile that a user may use resource packs with, beside those that its `User` lists.

    `POST /selfService/resourceGroupProfile/byUserExtRelationId/{ext}`; one that the user has already is taken over.
    """

    relation: Arg[Relation] = replaces()
    """The user: a number is an `ext_relation_id`, a string a `rel_str`; `user.relation` fits."""

    profile_id: Id = replaces()
    """The resource group profile."""
