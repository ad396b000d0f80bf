"""VNC access: `enabled` is false whatever the request, as on the panel."""

from __future__ import annotations

import secrets
import uuid
from typing import Literal

from ..bodies import Body
from ..panel.panel import Panel
from ..panel.store import Document


class Toggle(Body):
    action: Literal["enable", "disable"]


def toggle(panel: Panel, server_id: int, body: Toggle) -> Document:
    """Answer `POST .../vnc`; every call makes a new token."""
    server = panel.require("servers", server_id)
    vnc = _with_secrets(server)
    vnc |= {"wanted": body.action == "enable", "token": str(uuid.uuid4())}
    panel.save("servers", server)
    return {"vnc": _details(server), "queueId": None}


def retrieve(panel: Panel, server_id: int) -> Document:
    server = panel.require("servers", server_id)
    _with_secrets(server)
    panel.store.put("servers", server)
    return {"vnc": _details(server)}


def _with_secrets(server: Document) -> Document:
    vnc: Document = server["hidden"]["vnc"]
    vnc["password"] = vnc["password"] or secrets.token_urlsafe(6)
    vnc["token"] = vnc["token"] or str(uuid.uuid4())
    return vnc


def _details(server: Document) -> Document:
    vnc = server["hidden"]["vnc"]
    return {
        "ip": server["vnc"]["ip"],
        "hostname": None,
        "port": server["vnc"]["port"],
        "password": vnc["password"],
        "wss": {"token": vnc["token"], "url": f"/vnc/?token={vnc['token']}"},
        "enabled": False,
    }
