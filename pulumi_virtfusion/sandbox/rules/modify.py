"""Single values of a server that one call sets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..bodies import Body, Cores, Count, Flag, IdOrNone, Text
from ..panel.panel import Panel
from ..panel.refusals import Invalid, NotFound
from .capacity import Use, refuse_lack
from .locks import unlocked_server
from .new_server import XML_SECTIONS


class Name(Body):
    name: Text


class Memory(Body):
    memory: Annotated[int, Field(ge=256, le=99_999_999)]


class CpuCores(Body):
    cores: Cores


class Traffic(Body):
    traffic: Count | Annotated[str, Field(pattern=r"^[0-9]{1,9}$")]
    """GB; a string in the vendor's schema, but a number in its example."""


class Throttle(Body):
    percent: Annotated[int, Field(ge=0, le=99)]


class BackupAccess(Body):
    type: Literal["inherit", "disabled", "scheduled", "view_restore", "full", "manual"]


def rename(panel: Panel, server_id: int, body: Name) -> None:
    server = panel.require("servers", server_id)
    server["name"] = body.name
    panel.save("servers", server)


def set_memory(panel: Panel, server_id: int, body: Memory) -> None:
    """Set the memory; refuse with 422 when the hypervisor has too little."""
    server = unlocked_server(panel, server_id)
    resources = server["settings"]["resources"]
    refuse_lack(panel, server, Use(memory=body.memory - resources["memory"]))
    resources["memory"] = body.memory
    panel.save("servers", server)


def set_cpu_cores(panel: Panel, server_id: int, body: CpuCores) -> None:
    """Set the cores; refuse with 422 when the hypervisor has too few free."""
    server = unlocked_server(panel, server_id)
    resources = server["settings"]["resources"]
    refuse_lack(panel, server, Use(cores=body.cores - resources["cpuCores"]))
    resources["cpuCores"] = body.cores
    panel.save("servers", server)


def set_traffic(panel: Panel, server_id: int, body: Traffic) -> None:
    server = panel.require("servers", server_id)
    server["settings"]["resources"]["traffic"] = int(body.traffic)
    panel.save("servers", server)


def set_throttle(panel: Panel, server_id: int, body: Throttle, sync: Flag = False) -> None:
    server = panel.require("servers", server_id)
    server["cpu"]["throttle"] = body.percent
    server["hidden"]["throttleSynced"] = sync
    panel.save("servers", server)


def set_backup_plan(panel: Panel, server_id: int, plan_id: IdOrNone) -> None:
    """Set the backup plan; 0 removes the plan, and an unknown one is refused with 422."""
    server = panel.require("servers", server_id)
    plan = panel.store.get("backup_plans", plan_id)
    if plan is None and plan_id != 0:
        raise Invalid("Invalid backup plan")
    server["backupPlan"] = {"id": plan["id"], "name": plan["name"]} if plan else {"id": None, "name": None}
    server["settings"]["backupPlan"] = plan["id"] if plan else None
    panel.save("servers", server)


def set_backup_access(panel: Panel, server_id: int, body: BackupAccess) -> None:
    """Set the owner's rights on backups, which no answer ever shows."""
    server = panel.require("servers", server_id)
    server["hidden"]["backupAccess"] = body.type
    panel.save("servers", server)


def change_owner(panel: Panel, server_id: int, new_owner_id: int) -> None:
    """Set the owner; refuse with 422 when that user owns the server already."""
    server = panel.require("servers", server_id)
    if panel.store.get("users", new_owner_id) is None:
        raise NotFound("user")
    if server["ownerId"] == new_owner_id:
        raise Invalid("The new owner is the same as the existing owner")
    server["ownerId"] = new_owner_id
    panel.save("servers", server)


class CustomXml(Body):
    """The body of a change of custom XML: a missing section keeps its text, and null empties a section."""

    domain: str | None = None
    os: str | None = None
    devices: str | None = None
    features: str | None = None
    clock: str | None = None
    cpu_tune: str | None = None
    domain_enabled: bool | None = None
    os_enabled: bool | None = None
    devices_enabled: bool | None = None
    features_enabled: bool | None = None
    clock_enabled: bool | None = None
    cpu_tune_enabled: bool | None = None


def set_custom_xml(panel: Panel, server_id: int, body: CustomXml) -> str:
    server = panel.require("servers", server_id)
    given = body.model_dump(by_alias=True, exclude_unset=True)
    for section in XML_SECTIONS:
        stored = server["customXML"][section]
        stored["xml"] = given.get(section, stored["xml"])
        if (enabled := given.get(f"{section}Enabled")) is not None:
            stored["enabled"] = enabled
    panel.save("servers", server)
    return ""
