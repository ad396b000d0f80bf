"""Power, suspension and the root password."""

from __future__ import annotations

import secrets
from typing import Literal

from ..bodies import Body
from ..panel.clock import offset_form
from ..panel.panel import Panel
from ..panel.refusals import Invalid
from ..panel.store import Document
from .jobs import schedule
from .locks import unlocked_server

_RUNS_AFTER = {"boot": True, "restart": True, "shutdown": False, "poweroff": False}


def boot(panel: Panel, server_id: int) -> Document:
    return _queue(panel, server_id, "boot")


def shutdown(panel: Panel, server_id: int) -> Document:
    return _queue(panel, server_id, "shutdown")


def restart(panel: Panel, server_id: int) -> Document:
    return _queue(panel, server_id, "restart")


def poweroff(panel: Panel, server_id: int) -> Document:
    return _queue(panel, server_id, "poweroff")


def _queue(panel: Panel, server_id: int, action: str) -> Document:
    server = unlocked_server(panel, server_id)
    if server["suspended"]:
        raise Invalid("The server is suspended")
    item = schedule(panel, server, action, {"power": panel.task_seconds})
    return {"queueId": item["id"]}


def carry_out(panel: Panel, item: Document, server: Document, at: float) -> None:
    """End a power event, and with it the work on disks that waited for one."""
    server["hidden"]["running"] = _RUNS_AFTER[item["action"]] and not server["suspended"]
    for disk in server["storage"]:
        disk |= {"status": 3, "enabled": True}
    server["storage"][0]["capacity"] = server["settings"]["resources"]["storage"]
    server["tasks"]["actions"]["pending"] = []
    server["updated"] = offset_form(at)
    panel.store.put("servers", server)


def suspend(panel: Panel, server_id: int) -> None:
    set_suspended(panel, unlocked_server(panel, server_id), suspended=True)


def unsuspend(panel: Panel, server_id: int) -> None:
    set_suspended(panel, unlocked_server(panel, server_id), suspended=False)


def set_suspended(panel: Panel, server: Document, *, suspended: bool) -> None:
    """Suspend or unsuspend a server, which stops or starts the guest; a repetition changes nothing."""
    if server["suspended"] is not suspended:
        server["suspended"] = suspended
        server["hidden"]["running"] = not suspended and server["state"] == "complete"
        panel.save("servers", server)


class NewPassword(Body):
    """The body of `POST /servers/{serverId}/resetPassword`."""

    user: Literal["root", "Administrator"]
    send_mail: bool = True


def reset_password(panel: Panel, server_id: int, body: NewPassword) -> Document:
    """Queue a new password, which is valid once the queue item has succeeded."""
    server = unlocked_server(panel, server_id)
    item = schedule(panel, server, "reset_password", {"password": panel.task_seconds}, **body.model_dump(by_alias=True))
    return {"queueId": item["id"], "expectedPassword": secrets.token_urlsafe(15)}


def set_password(panel: Panel, _item: Document, server: Document, at: float) -> None:
    server["updated"] = offset_form(at)
    panel.store.put("servers", server)
