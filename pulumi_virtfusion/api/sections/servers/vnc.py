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
        """Enables or disables VNC (`POST /servers/{serverId}/vnc`)."""
        body = {"action": "enable" if vnc else "disable"}
        return self._ask(ServerVnc.set_vnc, _vnc, server_id, body=body)

    @operation("GET", "/servers/{serverId}/vnc")
    def get_vnc(self, server_id: int) -> records.Vnc:
        """How to reach it (`GET /servers/{serverId}/vnc`)."""
        return self._ask(ServerVnc.get_vnc, one(records.Vnc), server_id)


def _vnc(body: Any) -> records.Vnc:
    """Lenient where the rest of the answer is not worth failing for: the deed is done."""
    return records.Vnc.model_validate(data_of(body) if isinstance(body, Mapping) and body else {})
