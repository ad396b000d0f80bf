"""Backups."""

from __future__ import annotations

from typing import Annotated

from pulumi_virtfusion.api.operation import operation
from pulumi_virtfusion.api.record import At, Count, Flag, Number, Record, Text, each
from pulumi_virtfusion.api.section import Section


class Backup(Record):
    """One backup of a server."""

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


class Backups(Section):
    """Backups."""

    @operation("GET", "/backups/server/{serverId}")
    def of_server(self, server_id: int) -> list[Backup]:
        """All backups of a server (`GET /backups/server/{serverId}`)."""
        return self._ask(Backups.of_server, each(Backup), server_id)
