"""Drift: objects changed or deleted behind the API's back, by paths as in the API's answers."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from .bodies import LARGEST, Interface
from .panel.consistency import FOLLOW, host_of_group, refuse_unshowable, show_on_servers, with_one_form
from .panel.panel import Panel
from .panel.refusals import Invalid
from .panel.store import KINDS, Document
from .rules import deletion
from .rules.firewall import interface_of

_SAME_AS = {
    "servers": {
        "cpu.cores": "settings.resources.cpuCores",
        "traffic.public.currentPeriod.limit": "settings.resources.traffic",
        "owner": "ownerId",
        "owner.id": "ownerId",
        "hypervisor.id": "hypervisorId",
        "commissioned": "commissionStatus",
    },
    "ssh_keys": {"userId": "hidden.userId", "ownerId": "hidden.userId", "public": "publicKey", "createdAt": "created"},
    "resource_packs": {"userId": "hidden.userId", "enabled": "hidden.enabled", "packId": "pid"},
    "users": {"relStr": "hidden.relStr"},
}
"""By kind, facts that answers show at other paths than the panel keeps them."""

_ADDRESSES = re.compile(r"network\.(interfaces|secondaryInterfaces)\.0\.ipv4\Z")


class Mutation(BaseModel):
    """A change of one object: values by dotted paths as in the panel's answers, or the object's deletion."""

    model_config = ConfigDict(extra="forbid")
    kind: str
    id: Annotated[int, Field(ge=0, le=LARGEST)]
    set: dict[str, Any] = {}
    delete: bool = False


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise Invalid(f"Unknown kind {kind!r}; there are {', '.join(KINDS)}.")
    return kind


def delete_object(panel: Panel, kind: str, id_: int) -> None:
    """Delete an object at once, without the API's rules; the addresses of a server become free."""
    document = panel.require(_known(kind), id_)
    if kind == "servers":
        deletion.remove(panel, {}, document, panel.clock.now())
    panel.store.delete(kind, id_)


def set_values(panel: Panel, kind: str, id_: int, values: dict[str, Any]) -> Document:
    """Set values by dotted paths, list positions as numbers; a hidden fact is set by its name."""
    before = panel.require(_known(kind), id_)
    document = deepcopy(before)
    for path, value in values.items():
        path = _dotted(path)
        path = _SAME_AS.get(kind, {}).get(path, path)
        if path in ("id", "hidden"):
            raise Invalid(f"{path}: an object keeps it.")
        if kind == "servers" and (match := _ADDRESSES.match(path)):
            _replace_addresses(panel, document, match[1], value)
            continue
        if kind == "servers" and path == "hypervisor.groupId":
            path, value = "hypervisorId", host_of_group(panel, document, value)
        set_value(document, path, with_one_form(path, value))
        if follow := FOLLOW.get(kind, {}).get(path):
            follow(panel, document)
    refuse_unshowable(panel, kind, document)
    if "updated" in values:
        panel.store.put(kind, document)
    else:
        panel.save(kind, document)
    if kind == "ssh_keys":
        show_on_servers(panel, before, document)
    return panel.require(kind, id_)


def _dotted(path: str) -> str:
    """Convert a path such as `interfaces[0].ipv4` to `interfaces.0.ipv4`."""
    return re.sub(r"\[(\d+)\]", r".\1", path)


def set_value(document: Any, path: str, value: Any) -> None:
    """Replace the value at a dotted path; raise `Invalid` for a missing path."""
    *way, last = _dotted(path).split(".")
    holder: Any = document
    try:
        if not way and last not in document and last in document.get("hidden", {}):
            holder = document["hidden"]
        for name in way:
            holder = holder[int(name)] if isinstance(holder, list) else holder[name]
        key: Any = int(last) if isinstance(holder, list) else last
        _ = holder[key]
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        raise Invalid(f"There is no {path!r} to set.") from None
    holder[key] = value


def _replace_addresses(panel: Panel, server: Document, where: str, rows: Any) -> None:
    """Give the interface exactly these addresses: texts, or rows with an `address`."""
    interface: Interface = "primary" if where == "interfaces" else "secondary"
    interface_of(server, interface)
    wanted = [row["address"] if isinstance(row, dict) else row for row in rows]
    panel.addresses.replace(server["id"], interface, wanted)
