"""A user, and the passwords and logins that the panel reports once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, SecretStr

from pulumi_virtfusion.api.http.envelope import rows_of
from pulumi_virtfusion.api.record import At, Count, Flag, OneOf, Record, Text


def _ids(value: Any) -> Any:
    """Return ids, also from the objects that hold them in some answers."""
    rows = [row["id"] if isinstance(row, Mapping) and "id" in row else row for row in rows_of(value)]
    return [row for row in rows if row is not None]  # a number that no double holds


Ids = Annotated[list[int], BeforeValidator(_ids)]


class User(Record):
    """A user of the panel; the panel never reports `relStr`."""

    at_times: ClassVar[frozenset[str]] = frozenset({"password"})

    user_id: Annotated[int, At("id")]
    """The panel's own id."""
    name: Text = ""
    email: Text = ""
    ext_relation_id: int | None = None
    self_service: Annotated[Count, OneOf(0, 1, 2, 3)] = 0
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

    def is_what_was_asked_for(self, asked: int | str) -> bool:
        """Whether the relation `asked` leads to this user; true for a `relStr`, which the panel does not report."""
        return isinstance(asked, str) or self.ext_relation_id in (None, asked)


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
