"""Backups."""

from __future__ import annotations

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import each
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class Backups(Section):
    """Backups."""

    @operation("GET", "/backups/server/{serverId}")
    def of_server(self, server_id: int) -> list[records.Backup]:
        """List all backups of a server (`GET /backups/server/{serverId}`)."""
        return self._ask(Backups.of_server, each(records.Backup), server_id)
