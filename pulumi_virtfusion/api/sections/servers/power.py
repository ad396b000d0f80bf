"""A server's power, and its root password, which the queue carries out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import is_id, one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class ServerPower(Section):
    """Power, and the root password."""

    # boot, shutdown and poweroff set a state; a restart repeated is a second restart. Older panels answer nothing.
    @operation("POST", "/servers/{serverId}/power/boot", repeatable=True, needs_body=False)
    def boot(self, server_id: int) -> int | None:
        """Boot the server; return the queue item's id (`POST /servers/{serverId}/power/boot`)."""
        return self._ask(ServerPower.boot, _queue_id, server_id)

    @operation("POST", "/servers/{serverId}/power/shutdown", repeatable=True, needs_body=False)
    def shutdown(self, server_id: int) -> int | None:
        """Ask the guest to shut down, which the guest may ignore; return the queue item's id.

        `POST /servers/{serverId}/power/shutdown`
        """
        return self._ask(ServerPower.shutdown, _queue_id, server_id)

    @operation("POST", "/servers/{serverId}/power/restart", needs_body=False)
    def restart(self, server_id: int) -> int | None:
        """Restart the server; return the queue item's id (`POST /servers/{serverId}/power/restart`)."""
        return self._ask(ServerPower.restart, _queue_id, server_id)

    @operation("POST", "/servers/{serverId}/power/poweroff", repeatable=True, needs_body=False)
    def poweroff(self, server_id: int) -> int | None:
        """Cut the server's power; return the queue item's id (`POST /servers/{serverId}/power/poweroff`)."""
        return self._ask(ServerPower.poweroff, _queue_id, server_id)

    @operation("POST", "/servers/{serverId}/resetPassword")
    def reset_password(
        self, server_id: int, *, user: Literal["root", "Administrator"] = "root", send_mail: bool = False
    ) -> records.ServerPassword:
        """Set a new password through the guest's agent (`POST /servers/{serverId}/resetPassword`)."""
        body = {"user": user, "sendMail": send_mail}
        return self._ask(ServerPower.reset_password, one(records.ServerPassword), server_id, body=body)


def _queue_id(body: Any) -> int | None:
    """Return the id of the queue item to wait for; None from older panels."""
    data = body.get("data") if isinstance(body, Mapping) else None
    return int(data["queueId"]) if isinstance(data, Mapping) and is_id(data.get("queueId")) else None
