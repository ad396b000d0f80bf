"""SSH keys."""

from __future__ import annotations

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import each, one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section, wire


class SshKeys(Section):
    """SSH keys."""

    @operation("POST", "/ssh_keys")
    def create(self, *, user_id: int, name: str, public_key: str) -> records.SshKey:
        """Give a user a key (`POST /ssh_keys`); `user_id` is the panel's own id."""
        body = wire({"user_id": user_id, "name": name, "public_key": public_key})
        return self._ask(SshKeys.create, one(records.SshKey), body=body)

    @operation("GET", "/ssh_keys/{keyId}")
    def get(self, ssh_key_id: int) -> records.SshKey:
        """Read one key (`GET /ssh_keys/{keyId}`), without its owner."""
        return self._ask(SshKeys.get, one(records.SshKey), ssh_key_id)

    @operation("DELETE", "/ssh_keys/{keyId}")
    def delete(self, ssh_key_id: int) -> None:
        """Delete a key; built servers keep it (`DELETE /ssh_keys/{keyId}`)."""
        self._tell(SshKeys.delete, ssh_key_id)

    @operation("GET", "/ssh_keys/user/{userId}")
    def list_of_user(self, user_id: int) -> list[records.SshKey]:
        """List all keys of a user (`GET /ssh_keys/user/{userId}`); `user_id` is the panel's own id."""
        return self._ask(SshKeys.list_of_user, each(records.SshKey), user_id)
