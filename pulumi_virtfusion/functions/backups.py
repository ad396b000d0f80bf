"""Backups."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import Backup
from ..api.sections.backups import Backups
from .later import later
from .question import ask


def get_server_backups(server_id: int | str, *, client: VirtFusion | None = None) -> list[Backup]:
    """List all backups of a server (`GET /backups/server/{serverId}`)."""
    return ask(Backups.of_server, client, server_id)


def get_server_backups_output(
    server_id: Input[int | str], *, opts: InvokeOptions | None = None
) -> Output[list[Backup]]:
    """Return an output of `get_server_backups`."""
    return later(get_server_backups, opts, server_id)
