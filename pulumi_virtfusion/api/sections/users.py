"""Users, addressed by their external relation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.relation import Relation, relation_query
from pulumi_virtfusion.api.sections.section import Section, wire, with_arguments_of


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
    """Return the body of `POST /users`."""
    return wire(locals())


class Users(Section):
    """Users."""

    @operation("POST", "/users")
    @with_arguments_of(new_user)
    def create(self, **arguments: Any) -> records.User:
        """Create a user; only this answer has the password (`POST /users`).

        Give `ext_relation_id` or `rel_str`: a user with neither cannot be addressed. `Conflict` when one is in use.
        """
        return self._ask(Users.create, one(records.User), body=new_user(**arguments))

    @operation("GET", "/users/{extRelationId}/byExtRelation")
    def get(self, relation: Relation) -> records.User:
        """Read one user (`GET /users/{extRelationId}/byExtRelation`)."""
        return self._ask(Users.get, one(records.User), relation, query=relation_query(relation))

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
        """Change the given values alone (`PUT /users/{extRelationId}/byExtRelation`)."""
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
        """Delete a user; raise `Conflict` for an owner of servers (`DELETE /users/{extRelationId}/byExtRelation`)."""
        self._tell(Users.delete, relation, query=relation_query(relation))

    @operation("POST", "/users/{extRelationId}/byExtRelation/resetPassword")
    def reset_password(self, relation: Relation) -> records.UserPassword:
        """Set a new password at once (`POST /users/{extRelationId}/byExtRelation/resetPassword`)."""
        return self._ask(Users.reset_password, one(records.UserPassword), relation, query=relation_query(relation))

    @operation("POST", "/users/{extRelationId}/authenticationTokens")
    def create_login_tokens(self, relation: Relation) -> records.LoginTokens:
        """Create a login to the panel for one use (`POST /users/{extRelationId}/authenticationTokens`)."""
        return self._ask(Users.create_login_tokens, one(records.LoginTokens), relation, query=relation_query(relation))

    @operation("POST", "/users/{extRelationId}/serverAuthenticationTokens/{serverId}")
    def create_server_login_tokens(self, relation: Relation, server_id: int) -> records.LoginTokens:
        """Create a login to a server's page (`POST /users/{extRelationId}/serverAuthenticationTokens/{serverId}`)."""
        return self._ask(
            Users.create_server_login_tokens,
            one(records.LoginTokens),
            relation,
            server_id,
            query=relation_query(relation),
        )
