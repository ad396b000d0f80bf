"""Resource packs: resources for a user's servers, by a definition, and the servers built from them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..bodies import Body, Delay, Flag, Id
from ..panel.panel import Panel
from ..panel.refusals import Conflict, Invalid
from ..panel.store import Document
from .deletion import delete_server
from .locks import deletable_server, unlocked_server
from .power import set_suspended
from .server_answers import simple_row
from .users import find_user

_USED = {"memory": "memory", "storage": "storage", "cpu": "cpuCores", "traffic": "traffic"}


class NewPack(Body):
    """The body of a create; `packId` is the definition's; `enabled` defaults to true against the vendor's schema."""

    pack_id: Id
    enabled: bool = True


class PackChange(Body):
    enabled: Annotated[bool, Field()]


def create(panel: Panel, ext_relation_id: str, body: NewPack, rel_str: Flag = False) -> Document:
    user = find_user(panel, ext_relation_id, rel_str)
    definition = panel.store.get("pack_definitions", body.pack_id)
    if definition is None:
        raise Invalid("Invalid resource pack")
    pack: Document = {
        "type": "pack",
        "pid": definition["id"],
        "label": None,
        "name": definition["name"],
        "limits": definition["limits"],
        "hidden": {"userId": user["id"], "enabled": body.enabled},
    }
    return {"id": panel.store.add("resource_packs", pack)["id"]}


def retrieve(panel: Panel, pack_id: int, with_servers: Flag = False) -> Document:
    """Return the pack, without its user and without `enabled`."""
    pack = panel.require("resource_packs", pack_id)
    servers = _servers(panel, pack_id)
    used = _used(servers)
    limits = pack["limits"]
    names = ("type", "id", "pid", "label", "name", "limits")
    shown = {
        **{name: pack[name] for name in names},
        "used": used,
        "usage": {name: _share(limits[f"total_{name}"], count) for name, count in used.items()},
    }
    return shown | {"servers": [simple_row(server) for server in servers]} if with_servers else shown


def _used(servers: list[Document]) -> dict[str, int]:
    sums = {name: sum(s["settings"]["resources"][key] for s in servers) for name, key in _USED.items()}
    return {"servers": len(servers), **sums}


def _share(total: int, used: int) -> Document:
    """Return total, used, free, percent, and whether there is a limit."""
    percent = round(100 * used / total) if total else 0
    return {"t": total, "u": used, "f": total - used, "p": percent, "l": total > 0}


def _servers(panel: Panel, pack_id: int) -> list[Document]:
    return panel.store.find("servers", pack=pack_id)


def change(panel: Panel, pack_id: int, body: PackChange) -> None:
    pack = panel.require("resource_packs", pack_id)
    pack["hidden"]["enabled"] = body.enabled
    panel.store.put("resource_packs", pack)


def delete(panel: Panel, pack_id: int, disable: Flag = False) -> None:
    """Delete a pack; one with servers is refused with 409, or with `disable` only disabled, under the same 204."""
    pack = panel.require("resource_packs", pack_id)
    if not _servers(panel, pack_id):
        panel.store.delete("resource_packs", pack_id)
    elif disable:
        change(panel, pack_id, PackChange(enabled=False))
    else:
        raise Conflict(f"The resource pack {pack['name']} has servers")


def suspend_servers(panel: Panel, pack_id: int) -> None:
    _suspend_servers(panel, pack_id, suspended=True)


def unsuspend_servers(panel: Panel, pack_id: int) -> None:
    _suspend_servers(panel, pack_id, suspended=False)


def _suspend_servers(panel: Panel, pack_id: int, *, suspended: bool) -> None:
    """Suspend or unsuspend all servers of a pack, or refuse with 423 when one is locked."""
    panel.require("resource_packs", pack_id)
    for server in _servers(panel, pack_id):
        set_suspended(panel, unlocked_server(panel, server["id"]), suspended=suspended)


def delete_servers(panel: Panel, pack_id: int, delay: Delay = 30) -> None:
    panel.require("resource_packs", pack_id)
    for server in _servers(panel, pack_id):
        delete_server(panel, deletable_server(panel, server["id"]), delay)
