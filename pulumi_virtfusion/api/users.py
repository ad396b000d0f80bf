"""Users, addressed by their external relation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr

from pulumi_virtfusion.api.operation import operation
from pulumi_virtfusion.api.record import At, Count, Flag, Record, Text, one, rows_of
from pulumi_virtfusion.api.relation import Relation, relation_query
from pulumi_virtfusion.api.section import Section, wire, with_arguments_of


def _ids(value: Any) -> Any:
    """Ids, also where the panel answers objects that hold them."""
    return [row["id"] if isinstance(row, Mapping) and "id" in row else row for row in rows_of(value)]


Ids = Annotated[list[int], BeforeValidator(_ids)]


class User(Record):
    """A user of the panel; `relStr` is never told."""

    user_id: Annotated[int, At("id")]
    """The panel's own id."""
    name: Text = ""
    email: Text = ""
    ext_relation_id: int | None = None
    self_service: Count = 0
    """0 off, 1 hourly, 2 resource packs, 3 both."""
    self_service_hourly_group_profiles: Ids = Field(default=[])
    self_service_resource_group_profiles: Ids = Field(default=[])
    self_service_hourly_resource_pack: Count = 0
    """0 is none."""
    admin: Flag = False
    timezone: Text = ""
    suspended: Flag = False
    two_factor_auth: Flag = False
    created: Text = ""
    updated: Text = ""
    password: SecretStr | None = None
    """Only in the answer to `create`."""


class UserPassword(Record):
    """A new password."""

    email: Text = ""
    password: SecretStr


class LoginTokens(Record):
    """A login for one use within `ttl` seconds."""

    tokens: Annotated[dict[str, SecretStr], At("authentication", "tokens")]
    endpoint: Annotated[Text, At("authentication", "endpoint")] = ""
    endpoint_complete: Annotated[SecretStr, At("authentication", "endpoint_complete")]
    """A path on the panel's root, tokens included."""
    ttl: Annotated[Count, At("authentication", "expiry", "ttl")] = 0
    expires: Annotated[Text, At("authentication", "expiry", "expires")] = ""


def new_user(
    *,
    name: str,
    email: str,
    ext_relation_id: int | None = None,
    rel_str: str | None = None,
    self_service: int | None = None,
    self_service_hourly_credit: bool | None = None,
    self_service_hourly_group_profiles: Sequence[int] | None = None,
    self_service_resource_group_profiles: Sequence[int] | None = None,
    self_service_hourly_resource_pack: int | None = None,
    send_mail: bool | None = None,
) -> dict[str, object]:
    """The body of `POST /users`."""
    return wire(locals())


class Users(Section):
    """Users."""

    @operation("POST", "/users")
    @with_arguments_of(new_user)
    def create(self, **arguments: Any) -> User:
        """Creates a user; the answer holds the password, once (`POST /users`).

        Give `ext_relation_id` or `rel_str`: a user with neither cannot be addressed. `Conflict` when one is in use.
        """
        return self._ask(Users.create, one(User), body=new_user(**arguments))

    @operation("GET", "/users/{extRelationId}/byExtRelation")
    def get(self, relation: Relation) -> User:
        """One user (`GET /users/{extRelationId}/byExtRelation`)."""
        return self._ask(Users.get, one(User), relation, query=relation_query(relation))

    @operation("PUT", "/users/{extRelationId}/byExtRelation")
    def modify(
        self,
        relation: Relation,
        *,
        name: str | None = None,
        email: str | None = None,
        self_service: int | None = None,
        self_service_hourly_credit: bool | None = None,
        self_service_hourly_group_profiles: Sequence[int] | None = None,
        self_service_resource_group_profiles: Sequence[int] | None = None,
        self_service_hourly_resource_pack: int | None = None,
        enabled: bool | None = None,
    ) -> None:
        """Changes what is given and nothing else (`PUT /users/{extRelationId}/byExtRelation`)."""
        changes = {
            "name": name,
            "email": email,
            "self_service": self_service,
            "self_service_hourly_credit": self_service_hourly_credit,
            "self_service_hourly_group_profiles": self_service_hourly_group_profiles,
            "self_service_resource_group_profiles": self_service_resource_group_profiles,
            "self_service_hourly_resource_pack": self_service_hourly_resource_pack,
            "enabled": enabled,
        }
        self._tell(Users.modify, relation, query=relation_query(relation), body=wire(changes))

    @operation("DELETE", "/users/{extRelationId}/byExtRelation")
    def delete(self, relation: Relation) -> None:
        """Deletes a user; `Conflict` while servers belong to it (`DELETE /users/{extRelationId}/byExtRelation`)."""
        self._tell(Users.delete, relation, query=relation_query(relation))

    @operation("POST", "/users/{extRelationId}/byExtRelation/resetPassword")
    def reset_password(self, relation: Relation) -> UserPassword:
        """Sets a new password at once (`POST /users/{extRelationId}/byExtRelation/resetPassword`)."""
        return self._ask(Users.reset_password, one(UserPassword), relation, query=relation_query(relation))

    @operation("POST", "/users/{extRelationId}/authenticationTokens")
    def create_login_tokens(self, relation: Relation) -> LoginTokens:
        """A login to the panel for one use (`POST /users/{extRelationId}/authenticationTokens`)."""
        return self._ask(Users.create_login_tokens, one(LoginTokens), relation, query=relation_query(relation))

    @operation("POST", "/users/{extRelationId}/serverAuthenticationTokens/{serverId}")
    def create_server_login_tokens(self, relation: Relation, server_id: int) -> LoginTokens:
        """A login that leads to a server (`POST /users/{extRelationId}/serverAuthenticationTokens/{serverId}`)."""
        return self._ask(
            Users.create_server_login_tokens, one(LoginTokens), relation, server_id, query=relation_query(relation)
        )
