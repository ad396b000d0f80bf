"""VNC of a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import data_of, one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class ServerVnc(Section):
    """VNC."""

    @operation("POST", "/servers/{serverId}/vnc", repeatable=True, needs_body=False)
    def set_vnc(self, server_id: int, vnc: bool) -> records.Vnc:
        """Enable or disable VNC (`POST /servers/{serverId}/vnc`)."""
        body = {"action": "enable" if vnc else "disable"}
        return self._ask(ServerVnc.set_vnc, _vnc, server_id, body=body)

    @operation("GET", "/servers/{serverId}/vnc")
    def get_vnc(self, server_id: int) -> records.Vnc:
        """Read the address and password of a server's screen (`GET /servers/{serverId}/vnc`)."""
        return self._ask(ServerVnc.get_vnc, one(records.Vnc), server_id)


def _vnc(body: Any) -> records.Vnc:
    """Read a VNC answer; an unreadable part must not fail the operation, which is done."""
    return records.Vnc.model_validate(data_of(body) if isinstance(body, Mapping) and body else {})
