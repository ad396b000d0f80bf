"""The deletion of servers: now or after minutes, always in the background."""

from __future__ import annotations

from ..bodies import Delay
from ..panel.panel import Panel
from ..panel.store import Document
from .jobs import abandon, schedule
from .locks import deletable_server

_GRACE = 5
"""Minutes before a deletion where the request names none."""


def delete(panel: Panel, server_id: int, delay: Delay = _GRACE) -> None:
    """Answer `DELETE /servers/{serverId}`: the server stays readable until the job has removed it."""
    delete_server(panel, deletable_server(panel, server_id), delay)


def delete_server(panel: Panel, server: Document, delay: int) -> None:
    """Queue a deletion; of two deletions, the sooner one counts."""
    at = panel.clock.now() + delay * 60
    due = server["hidden"]["deleteAt"]
    if due is None or at < due:
        server["hidden"]["deleteAt"] = at
        panel.save("servers", server)
        schedule(panel, server, "delete_server", {"delete": panel.task_seconds}, delay=delay * 60)


def remove(panel: Panel, _item: Document, server: Document, at: float) -> None:
    """Remove the server; its addresses return to their blocks, its traffic blocks and backups are lost."""
    abandon(panel, server["id"], at)
    panel.addresses.release_all(server["id"])
    for kind in ("traffic_blocks", "backups"):
        for document in panel.store.find(kind, server=server["id"]):
            panel.store.delete(kind, document["id"])
    panel.store.delete("servers", server["id"])
