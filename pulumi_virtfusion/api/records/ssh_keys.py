"""An SSH key."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pulumi_virtfusion.api.record import At, Count, Flag, Record, Text


class SshKey(Record):
    """A public key; the answer to `create` leaves out the key itself, and only a server's rows name the owner."""

    at_times: ClassVar[frozenset[str]] = frozenset({"updated", "user_id"})

    ssh_key_id: Annotated[int, At("id")]
    name: Text = ""
    public_key: Annotated[Text, At("publicKey"), At("public")] = ""
    key_type: Annotated[Text, At("type")] = ""
    user_id: Annotated[Count, At("ownerId")] = 0
    """0 where the panel does not report the id."""
    enabled: Flag = True
    created: Annotated[Text, At("created"), At("createdAt")] = ""
    updated: Text = ""
