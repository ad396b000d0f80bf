"""A new root password."""

from __future__ import annotations

from pydantic import SecretStr

from pulumi_virtfusion.api.record import Record


class ServerPassword(Record):
    """A password that becomes valid when the queue item succeeds."""

    queue_id: int | None = None
    expected_password: SecretStr
