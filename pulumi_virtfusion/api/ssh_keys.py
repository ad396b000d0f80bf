"""SSH keys."""

from __future__ import annotations

from typing import Annotated

from pulumi_virtfusion.api.operation import operation
from pulumi_virtfusion.api.record import At, Count, Flag, Record, Text, each, one
from pulumi_virtfusion.api.section import Section, wire


class SshKey(Record):
    """A public key; the answer to `create` leaves out the key itself, and only a server's rows name the owner."""

    ssh_key_id: Annotated[int, At("id")]
    name: Text = ""
    public_key: Annotated[Text, At("publicKey"), At("public")] = ""
    key_type: Annotated[Text, At("type")] = ""
    user_id: Annotated[Count, At("ownerId")] = 0
    """0 where the panel does not say."""
    enabled: Flag = True
    created: Annotated[Text, At("created"), At("createdAt")] = ""
    updated: Text = ""


class SshKeys(Section):
    """SSH keys."""

    @operation("POST", "/ssh_keys")
    def create(self, *, user_id: int, name: str, public_key: str) -> SshKey:
        """Gives a user a key (`POST /ssh_keys`); `user_id` is the panel's own id."""
        body = wire({"user_id": user_id, "name": name, "public_key": public_key})
        return self._ask(SshKeys.create, one(SshKey), body=body)

    @operation("GET", "/ssh_keys/{keyId}")
    def get(self, ssh_key_id: int) -> SshKey:
        """One key (`GET /ssh_keys/{keyId}`), without its owner."""
        return self._ask(SshKeys.get, one(SshKey), ssh_key_id)

    @operation("DELETE", "/ssh_keys/{keyId}")
    def delete(self, ssh_key_id: int) -> None:
        """Deletes a key; built servers keep it (`DELETE /ssh_keys/{keyId}`)."""
        self._tell(SshKeys.delete, ssh_key_id)

    @operation("GET", "/ssh_keys/user/{userId}")
    def list_of_user(self, user_id: int) -> list[SshKey]:
        """All keys of a user (`GET /ssh_keys/user/{userId}`); `user_id` is the panel's own id."""
        return self._ask(SshKeys.list_of_user, each(SshKey), user_id)
