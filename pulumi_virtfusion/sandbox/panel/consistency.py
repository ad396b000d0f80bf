"""Consistency after a change by hand: the facts that follow from another, and the values that a fact cannot have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..bodies import LARGEST
from ..rules.server_answers import server_detail, simple_row, user_row
from ..rules.users import answer as show_user
from ..wire.request import UNREADABLE
from .clock import offset_form, parse
from .panel import Panel
from .refusals import Invalid
from .store import Document

Follow = Callable[[Panel, Document], None]
"""A function that completes or refuses an object with its new value, before the object is stored."""

_INSTANT = re.compile(r"(?:.*\.)?(?:created|updated|built|added)\Z")


def with_one_form(path: str, value: Any) -> Any:
    """Convert an instant from any form of an answer to the form that the panel keeps; return other values unchanged."""
    if value is None or not _INSTANT.match(path):
        return value
    instant = parse(value) if isinstance(value, str) else None
    if instant is None:
        raise Invalid(f"{path}: {value!r} is no instant; write it as in an answer, 2024-03-12T22:21:32+00:00.")
    return offset_form(instant)


def host_of_group(panel: Panel, server: Document, group_id: Any) -> int:
    """Return the hypervisor of a server in this group: the server's own, or the group's first."""
    hosts = [host["id"] for host in panel.store.find("hypervisors", group_id=_number("hypervisor.groupId", group_id))]
    if not hosts:
        raise Invalid(f"hypervisor.groupId: no hypervisor is in group {group_id}.")
    return int(server["hypervisorId"] if server["hypervisorId"] in hosts else hosts[0])


def _number(name: str, value: Any, what: str = "id") -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise Invalid(f"{name}: {value!r} is no {what}.")
    return value


def _require(panel: Panel, kind: str, name: str, id_: Any) -> Document:
    found = panel.store.get(kind, _number(name, id_))
    if found is None:
        raise Invalid(f"{name}: there is no {id_} among the {kind}.")
    return found


def _disks_have_the_uuid(_panel: Panel, server: Document) -> None:
    if not isinstance(server["uuid"], str):
        raise Invalid("uuid: it is a text.")
    for disk in server["storage"]:
        disk["name"] = f"{server['uuid']}_{disk['id']}"
        disk["filename"] = f"{disk['name']}.img"


def _has_owner(panel: Panel, server: Document) -> None:
    _require(panel, "users", "ownerId", server["ownerId"])


def _is_on_host(panel: Panel, server: Document) -> None:
    server["vnc"]["ip"] = _require(panel, "hypervisors", "hypervisorId", server["hypervisorId"])["ip"]


def _resources_have_the_disk(_panel: Panel, server: Document) -> None:
    server["settings"]["resources"]["storage"] = server["storage"][0]["capacity"]


def _disk_has_the_storage(_panel: Panel, server: Document) -> None:
    server["storage"][0]["capacity"] = server["settings"]["resources"]["storage"]


def _settings_have_the_plan(panel: Panel, server: Document) -> None:
    _set_plan(panel, server, server["backupPlan"]["id"])


def _plan_has_the_setting(panel: Panel, server: Document) -> None:
    _set_plan(panel, server, server["settings"]["backupPlan"])


def _set_plan(panel: Panel, server: Document, plan_id: int | None) -> None:
    plan = panel.store.get("backup_plans", plan_id or 0)
    server["backupPlan"] = {"id": plan_id or None, "name": plan["name"] if plan else None}
    server["settings"]["backupPlan"] = plan_id or None


def _key_of_a_user(panel: Panel, key: Document) -> None:
    _require(panel, "users", "userId", key["hidden"]["userId"])


def _pack_of_a_user(panel: Panel, pack: Document) -> None:
    _require(panel, "users", "userId", pack["hidden"]["userId"])


def _pack_has_the_definition(panel: Panel, pack: Document) -> None:
    definition = _require(panel, "pack_definitions", "pid", pack["pid"])
    pack |= {"name": definition["name"], "limits": definition["limits"]}


def _relation_is_free(panel: Panel, user: Document) -> None:
    if (relation := user["extRelationId"]) is not None:
        _refuse_taken(panel, user, "extRelationId", ext_relation=_number("extRelationId", relation))


def _rel_str_is_free(panel: Panel, user: Document) -> None:
    if (rel_str := user["hidden"]["relStr"]) is not None:
        _refuse_taken(panel, user, "relStr", rel_str=_text("relStr", rel_str))


def _email_is_free(panel: Panel, user: Document) -> None:
    _refuse_taken(panel, user, "email", email=_text("email", user["email"]).encode().lower().decode())


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or UNREADABLE.search(value):
        raise Invalid(f"{name}: {value!r} is no text that the panel can look up.")
    return value


def _refuse_taken(panel: Panel, user: Document, name: str, **fact: int | str) -> None:
    other = panel.store.first("users", **fact)
    if other and other["id"] != user["id"]:
        raise Invalid(f"{name}: user {other['id']} has it already.")


FOLLOW: dict[str, dict[str, Follow]] = {
    "servers": {
        "uuid": _disks_have_the_uuid,
        "ownerId": _has_owner,
        "hypervisorId": _is_on_host,
        "storage.0.capacity": _resources_have_the_disk,
        "settings.resources.storage": _disk_has_the_storage,
        "backupPlan.id": _settings_have_the_plan,
        "settings.backupPlan": _plan_has_the_setting,
    },
    "ssh_keys": {"hidden.userId": _key_of_a_user},
    "resource_packs": {"hidden.userId": _pack_of_a_user, "pid": _pack_has_the_definition},
    "users": {"extRelationId": _relation_is_free, "hidden.relStr": _rel_str_is_free, "email": _email_is_free},
}
"""By kind, and by the path at which the panel keeps a fact, the function that follows its change."""


def refuse_unshowable(panel: Panel, kind: str, document: Document) -> None:
    """Refuse an object that the API's answers could not show, or whose amounts could not be summed."""
    try:
        if kind == "servers":
            _refuse_uncountable(document)
            server_detail(panel, document)
            user_row(panel, document)
            simple_row(document)
        elif kind == "users":
            show_user(document)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(f"No answer could show that ({error!r}); a fault's `set` puts anything into an answer.") from None


def _refuse_uncountable(server: Document) -> None:
    """Refuse a server without a number for each amount, since the panel sums the usage of its servers."""
    amounts = {f"settings.resources.{name}": value for name, value in server["settings"]["resources"].items()}
    amounts |= {f"storage.{place}.capacity": disk["capacity"] for place, disk in enumerate(server["storage"])}
    for name, value in amounts.items():
        _number(name, value, "amount; a fault's `set` puts anything into an answer")


def show_on_servers(panel: Panel, before: Document, key: Document) -> None:
    """Update a changed key on the servers that have it installed; another key of the same number is left alone."""
    now = {
        "name": key["name"],
        "public": key["publicKey"],
        "ownerId": key["hidden"]["userId"],
        **{name: key[name] for name in ("type", "enabled", "created")},
    }
    for server in panel.store.find("servers"):
        rows = [row for row in server["sshKeys"] if (row["id"], row["created"]) == (key["id"], before["created"])]
        for row in rows:
            row |= now
        if rows:
            panel.store.put("servers", server)
