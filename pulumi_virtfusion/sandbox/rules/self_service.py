"""Self-service of a user: credit, group profiles, the hourly pack, and the figures about them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..bodies import LARGEST, Body, Flag, Id
from ..panel.panel import Panel
from ..panel.refusals import Invalid, NotFound
from ..panel.store import Document
from .users import find_user


class Credit(Body):
    tokens: Annotated[float, Field(gt=0, le=1e15)]
    reference_1: Annotated[int, Field(ge=1, le=LARGEST)] | None = Field(None, alias="reference_1")
    reference_2: Annotated[str, Field(max_length=1000)] | None = Field(None, alias="reference_2")


class Profile(Body):
    profile_id: Id


class Pack(Body):
    pack_id: Id


class Access(Body):
    sync_to_profiles: bool


def add_credit(panel: Panel, ext_relation_id: str, body: Credit, rel_str: Flag = False) -> Document:
    """Add credit; no call reads an entry back, and only the balance shows it."""
    user = find_user(panel, ext_relation_id, rel_str)
    entry = {"userId": user["id"], "added": panel.stamp(), **body.model_dump(by_alias=True)}
    return {"id": panel.store.add("credits", entry)["id"]}


def cancel_credit(panel: Panel, credit_id: int) -> None:
    panel.require("credits", credit_id)
    panel.store.delete("credits", credit_id)


def balance(panel: Panel, user: Document) -> float:
    total = sum(entry["tokens"] for entry in panel.store.find("credits", owner=user["id"]))
    return int(total) if total == int(total) else total


def add_hourly_profile(panel: Panel, ext_relation_id: str, body: Profile, rel_str: Flag = False) -> None:
    _attach(panel, find_user(panel, ext_relation_id, rel_str), "hourly", body.profile_id)


def add_resource_profile(panel: Panel, ext_relation_id: str, body: Profile, rel_str: Flag = False) -> None:
    _attach(panel, find_user(panel, ext_relation_id, rel_str), "resource", body.profile_id)


def _attach(panel: Panel, user: Document, family: str, profile_id: int) -> None:
    """Attach a profile once, however often it is requested; refuse an unknown one with 422."""
    if panel.store.get(f"{family}_group_profiles", profile_id) is None:
        raise Invalid("Invalid group profile")
    attached = user[_list_of(family)]
    if profile_id not in attached:
        attached.append(profile_id)
        panel.save("users", user)


def remove_hourly_profile(panel: Panel, profile_id: int, ext_relation_id: str, rel_str: Flag = False) -> None:
    _detach(panel, find_user(panel, ext_relation_id, rel_str), "hourly", profile_id)


def remove_resource_profile(panel: Panel, profile_id: int, ext_relation_id: str, rel_str: Flag = False) -> None:
    _detach(panel, find_user(panel, ext_relation_id, rel_str), "resource", profile_id)


def _detach(panel: Panel, user: Document, family: str, profile_id: int) -> None:
    attached = user[_list_of(family)]
    if profile_id not in attached:
        raise NotFound("group profile")
    attached.remove(profile_id)
    panel.save("users", user)


def _list_of(family: str) -> str:
    return f"selfService{family.title()}GroupProfiles"


def set_hourly_pack(panel: Panel, ext_relation_id: str, body: Pack, rel_str: Flag = False) -> None:
    user = find_user(panel, ext_relation_id, rel_str)
    if panel.store.get("hourly_packs", body.pack_id) is None:
        raise Invalid("Invalid hourly resource pack")
    user["selfServiceHourlyResourcePack"] = body.pack_id
    panel.save("users", user)


def modify_access(panel: Panel, ext_relation_id: str, body: Access, rel_str: Flag = False) -> None:
    """Set the level by the kinds of the attached profiles where `syncToProfiles` is true; else change nothing."""
    user = find_user(panel, ext_relation_id, rel_str)
    if body.sync_to_profiles:
        hourly = bool(user["selfServiceHourlyGroupProfiles"])
        resource = bool(user["selfServiceResourceGroupProfiles"])
        user["selfService"] = hourly + 2 * resource
        panel.save("users", user)
