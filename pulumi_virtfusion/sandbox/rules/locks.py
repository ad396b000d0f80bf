"""Locks of servers: the panel's 423."""

from __future__ import annotations

from ..panel.panel import Panel
from ..panel.refusals import Locked
from ..panel.store import Document

_BUILDING = ("queued", "building")


def unlocked_server(panel: Panel, server_id: int) -> Document:
    """Return the server; refuse with 423 while a build or a lock is active."""
    server = panel.require("servers", server_id)
    if server["state"] in _BUILDING:
        raise Locked("server is locked while a build is in progress")
    if server["hidden"]["locked"]:
        raise Locked("server is locked")
    return server


def deletable_server(panel: Panel, server_id: int) -> Document:
    """Return the server; refuse with 423 while Do Not Disturb or protection is active. A build is no obstacle."""
    server = panel.require("servers", server_id)
    if server["hidden"]["locked"]:
        raise Locked("server is locked")
    if server["hidden"]["doNotDisturb"]:
        raise Locked("server has Do Not Disturb enabled")
    if server["protected"]:
        raise Locked("server is protected")
    return server
