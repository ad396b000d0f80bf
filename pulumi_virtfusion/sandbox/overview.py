"""The overview of a panel for a person: counts, the time, and servers in words instead of ids."""

from __future__ import annotations

from typing import Any

from .panel.clock import LAST, offset_form
from .panel.panel import Panel
from .panel.store import Document
from .rules.jobs import under_way

MOST = 200
"""The most servers that the overview shows: the latest."""

_COUNTED = ("servers", "users", "ssh_keys", "resource_packs")


def overview(panel: Panel) -> dict[str, Any]:
    """Return the panel's overview; the caller holds the panel's lock."""
    total = panel.store.count("servers")
    _, servers = panel.store.slice("servers", MOST, max(0, total - MOST))
    work = {item["serverId"]: item for item in reversed(under_way(panel))}
    return {
        "now": offset_form(panel.clock.now()),
        "ahead": round(panel.clock.ahead),
        "counts": {kind: panel.store.count(kind) for kind in _COUNTED} | {"addresses": panel.addresses.held_count()},
        "servers": [_row(panel, server, work.get(server["id"])) for server in servers],
    }


def _row(panel: Panel, server: Document, item: Document | None) -> dict[str, Any]:
    hidden, resources = server["hidden"], server["settings"]["resources"]
    host = _get(panel, "hypervisors", server["hypervisorId"])
    addresses = [held.address for held in panel.addresses.held(server["id"], "primary")]
    return {
        "id": server["id"],
        "name": server["name"],
        "hostname": server["hostname"],
        "state": server["state"],
        "running": hidden["running"],
        "suspended": server["suspended"],
        "package": _named(panel, "packages", hidden["packageId"]),
        "owner": _named(panel, "users", server["ownerId"]),
        "hypervisor": _named(panel, "hypervisors", server["hypervisorId"]),
        "group": _named(panel, "hypervisor_groups", host["groupId"] if host else None),
        "system": _system(panel, server),
        "addresses": addresses,
        "memory": resources["memory"],
        "cores": resources["cpuCores"],
        "storage": resources["storage"],
        "delete_at": _shown(hidden["deleteAt"]),
        "work": item and _progress(item, panel.clock.now()),
    }


def _named(panel: Panel, kind: str, id_: Any) -> dict[str, Any] | None:
    """Return an object's number and name; the name is None where the object is gone."""
    if id_ is None:
        return None
    found = _get(panel, kind, id_)
    return {"id": id_, "name": found["name"] if found else None}


def _get(panel: Panel, kind: str, id_: Any) -> Document | None:
    """Return the object of an id, or None; drift may have put any value in the id's place."""
    return panel.store.get(kind, id_) if isinstance(id_, int) else None


def _shown(instant: Any) -> str | None:
    return offset_form(instant) if isinstance(instant, (int, float)) and 0 <= instant < LAST else None


def _system(panel: Panel, server: Document) -> str | None:
    template = _get(panel, "templates", server["settings"]["osTemplateInstallId"])
    return f"{template['name']} {template['version']}" if template else None


def _progress(item: Document, now: float) -> dict[str, Any]:
    begins, ends = item["hidden"]["begins"], item["hidden"]["steps"][-1][1]
    share = 1.0 if ends <= begins else (now - begins) / (ends - begins)
    return {
        "action": item["action"],
        "share": round(min(max(share, 0.0), 1.0), 3),
        "seconds": round(max(0.0, ends - now), 1),
    }
