"""A backup of a server."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pulumi_virtfusion.api.record import At, Count, Flag, Number, Record, Text, wire_names


class Backup(Record):
    """One backup of a server."""

    unread: ClassVar[frozenset[str]] = wire_names("storage.enabled")

    backup_id: Annotated[int, At("id")]
    server_id: Count = 0
    storage_id: Annotated[Count, At("storage", "id")] = 0
    storage_name: Annotated[Text, At("storage", "name")] = ""
    deleting: Flag = False
    restoring: Flag = False
    progress: Number = 0
    """Percent; 0 when idle."""
    complete: Flag = False
    delete_after: Text = ""
    created: Text = ""
    updated: Text = ""
