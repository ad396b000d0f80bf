"""VNC of a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import SecretStr

from pulumi_virtfusion.api.operation import operation
from pulumi_virtfusion.api.record import At, Count, Flag, Record, Text, data_of, one
from pulumi_virtfusion.api.section import Section


class Vnc(Record):
    """How to reach a server's screen."""

    ip: Annotated[Text, At("vnc", "ip")] = ""
    hostname: Annotated[Text, At("vnc", "hostname")] = ""
    port: Annotated[Count, At("vnc", "port")] = 0
    password: Annotated[SecretStr | None, At("vnc", "password")] = None
    token: Annotated[SecretStr | None, At("vnc", "wss", "token")] = None
    url: Annotated[SecretStr | None, At("vnc", "wss", "url")] = None
    """A path on the panel's root, token included."""
    enabled: Annotated[Flag, At("vnc", "enabled")] = False
    """Does not follow what was asked for."""
    queue_id: int | None = None


class ServerVnc(Section):
    """VNC."""

    @operation("POST", "/servers/{serverId}/vnc", repeatable=True, needs_body=False)
    def set_vnc(self, server_id: int, vnc: bool) -> Vnc:
        """Enables or disables VNC (`POST /servers/{serverId}/vnc`)."""
        body = {"action": "enable" if vnc else "disable"}
        return self._ask(ServerVnc.set_vnc, _vnc, server_id, body=body)

    @operation("GET", "/servers/{serverId}/vnc")
    def get_vnc(self, server_id: int) -> Vnc:
        """How to reach it (`GET /servers/{serverId}/vnc`)."""
        return self._ask(ServerVnc.get_vnc, one(Vnc), server_id)


def _vnc(body: Any) -> Vnc:
    """Lenient where the rest of the answer is not worth failing for: the deed is done."""
    return Vnc.model_validate(data_of(body) if isinstance(body, Mapping) and body else {})
