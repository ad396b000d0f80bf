"""Users, which the API addresses by a relation that their creator chose."""

from __future__ import annotations

import secrets
from typing import Annotated

from pydantic import Field

from ..bodies import LARGEST, Body, Flag, Id, IdOrNone, Text
from ..panel.clock import offset_form, zulu_form
from ..panel.panel import Panel
from ..panel.refusals import Conflict, NotFound
from ..panel.store import Document

Email = Annotated[str, Field(max_length=255, pattern=r"^[^@\s]+@[^@\s]+$")]
SelfService = Annotated[int, Field(ge=0, le=3)]
"""0 off, 1 hourly, 2 resource packs, 3 both."""
ProfileIds = Annotated[list[Id], Field(max_length=1000)]

_PROFILES = {
    "selfServiceHourlyGroupProfiles": "hourly_group_profiles",
    "selfServiceResourceGroupProfiles": "resource_group_profiles",
}


class NewUser(Body):
    name: Text
    email: Email
    ext_relation_id: Annotated[int, Field(ge=0, le=LARGEST)] | None = None
    rel_str: Text | None = None
    self_service: SelfService = 0
    self_service_hourly_credit: bool = False
    self_service_hourly_group_profiles: ProfileIds | None = None
    self_service_resource_group_profiles: ProfileIds | None = None
    self_service_hourly_resource_pack: IdOrNone | None = None
    send_mail: bool = False


class UserChange(Body):
    """The body of a change: a missing field changes nothing."""

    name: Text | None = None
    email: Email | None = None
    self_service: SelfService | None = None
    self_service_hourly_credit: bool | None = None
    self_service_hourly_group_profiles: ProfileIds | None = None
    self_service_resource_group_profiles: ProfileIds | None = None
    self_service_hourly_resource_pack: IdOrNone | None = None
    enabled: bool | None = None


def find_user(panel: Panel, ext_relation_id: str, rel_str: bool) -> Document:
    """Return the user of a `relStr` where `rel_str`, else of an `extRelationId`; refuse with 404 without one."""
    found = None
    if rel_str:
        found = panel.store.first("users", rel_str=ext_relation_id)
    elif ext_relation_id.isascii() and ext_relation_id.isdigit() and len(ext_relation_id) < 20:
        number = int(ext_relation_id)
        found = panel.store.first("users", ext_relation=number) if number <= LARGEST else None
    if found is None:
        raise NotFound("user")
    return found


def answer(user: Document) -> Document:
    shown = {name: value for name, value in user.items() if name != "hidden"}
    return shown | {"created": zulu_form(user["created"]), "updated": zulu_form(user["updated"])}


def create(panel: Panel, body: NewUser) -> Document:
    """Answer `POST /users` with the password, which no later answer has; refuse a taken e-mail or relation with 409."""
    _refuse_taken(panel, body)
    now = panel.stamp()
    user: Document = {
        "admin": False,
        "extRelationId": body.ext_relation_id,
        "selfService": body.self_service,
        "selfServiceHourlyGroupProfiles": [],
        "selfServiceResourceGroupProfiles": [],
        "selfServiceHourlyResourcePack": None,
        "name": body.name,
        "email": body.email,
        "timezone": "Europe/London",
        "suspended": False,
        "twoFactorAuth": False,
        "created": now,
        "updated": now,
        "hidden": {"relStr": body.rel_str, "selfServiceHourlyCredit": body.self_service_hourly_credit},
    }
    _set_profiles(panel, user, body.model_dump(by_alias=True))
    return answer(panel.store.add("users", user)) | {"password": secrets.token_urlsafe(22)}


def _refuse_taken(panel: Panel, body: NewUser) -> None:
    _refuse_email(panel, body.email)
    if body.ext_relation_id is not None and panel.store.first("users", ext_relation=body.ext_relation_id):
        raise Conflict("The extRelationId has already been taken.")
    if body.rel_str is not None and panel.store.first("users", rel_str=body.rel_str):
        raise Conflict("The relStr has already been taken.")


def _refuse_email(panel: Panel, email: str) -> None:
    # The panel's database compares e-mail addresses without regard to case.
    if panel.store.first("users", email=email.encode().lower().decode()):
        raise Conflict("The email has already been taken.")


def _set_profiles(panel: Panel, user: Document, given: Document) -> None:
    """Set profiles and hourly pack; unknown ids are dropped without an error, as on the panel."""
    for name, kind in _PROFILES.items():
        if given.get(name) is not None:
            user[name] = [id_ for id_ in dict.fromkeys(given[name]) if panel.store.get(kind, id_)]
    if "selfServiceHourlyResourcePack" in given:
        pack = given["selfServiceHourlyResourcePack"]
        user["selfServiceHourlyResourcePack"] = pack if pack and panel.store.get("hourly_packs", pack) else None


def retrieve(panel: Panel, ext_relation_id: str, rel_str: Flag = False) -> Document:
    return answer(find_user(panel, ext_relation_id, rel_str))


def change(panel: Panel, ext_relation_id: str, body: UserChange, rel_str: Flag = False) -> Document:
    """Answer `PUT /users/{extRelationId}/byExtRelation` with four of the user's values, and no id."""
    user = find_user(panel, ext_relation_id, rel_str)
    given = body.model_dump(by_alias=True, exclude_unset=True)
    if body.email is not None and body.email != user["email"]:
        _refuse_email(panel, body.email)
    user |= {name: given[name] for name in ("name", "email", "selfService") if given.get(name) is not None}
    if body.self_service_hourly_credit is not None:
        user["hidden"]["selfServiceHourlyCredit"] = body.self_service_hourly_credit
    if body.enabled is not None:
        user["suspended"] = not body.enabled
    _set_profiles(panel, user, given)
    panel.save("users", user)
    return {**{name: user[name] for name in ("name", "email", "selfService")}, "enabled": not user["suspended"]}


def delete(panel: Panel, ext_relation_id: str, rel_str: Flag = False) -> None:
    """Delete a user with keys, packs and credit; refuse an administrator, and an owner of servers, with 409."""
    user = find_user(panel, ext_relation_id, rel_str)
    if user["admin"]:
        raise Conflict("An administrator can not be deleted")
    if panel.store.count("servers", owner=user["id"]):
        raise Conflict("The user owns servers")
    for kind in ("ssh_keys", "resource_packs", "credits"):
        for document in panel.store.find(kind, owner=user["id"]):
            panel.store.delete(kind, document["id"])
    panel.store.delete("users", user["id"])


def reset_password(panel: Panel, ext_relation_id: str, rel_str: Flag = False) -> Document:
    user = find_user(panel, ext_relation_id, rel_str)
    panel.save("users", user)
    return {"email": user["email"], "password": secrets.token_urlsafe(15)}


def login_tokens(panel: Panel, ext_relation_id: str, rel_str: Flag = False) -> Document:
    """Return two tokens that open a session for a minute."""
    find_user(panel, ext_relation_id, rel_str)
    first, second = secrets.token_hex(50), secrets.token_hex(50)
    expires = offset_form(panel.clock.now() + 60)
    return {
        "authentication": {
            "tokens": {"1": first, "2": second},
            "endpoint": "/token_authenticate",
            "endpoint_complete": f"/token_authenticate/?1={first}&2={second}",
            "expiry": {"ttl": 60, "expires": zulu_form(expires)},
        }
    }


def server_login_tokens(panel: Panel, ext_relation_id: str, server_id: int, rel_str: Flag = False) -> Document:
    """Return two tokens that open the page of a server that the user owns, for a minute."""
    user = find_user(panel, ext_relation_id, rel_str)
    if panel.require("servers", server_id)["ownerId"] != user["id"]:
        raise NotFound("server")
    return login_tokens(panel, ext_relation_id, rel_str)
