"""Builds: an operating system installed in the background."""

from __future__ import annotations

import secrets
from typing import Annotated

from pydantic import Field

from ..bodies import Body, Id, Text
from ..panel.clock import offset_form
from ..panel.panel import Panel
from ..panel.refusals import Invalid
from ..panel.store import Document
from .jobs import JobFailed, schedule
from .locks import unlocked_server
from .new_server import encrypted
from .server_answers import server_detail

_SWAP = (256, 512, 768, 1, 1.5, 2, 3, 4, 5, 6, 8)
"""The sizes of a swap, in MB for the first three, in GB for the rest."""


class Build(Body):
    """The body of `POST /servers/{serverId}/build`."""

    operating_system_id: Id
    name: Text | None = None
    hostname: Text | None = None
    ssh_keys: Annotated[list[Id], Field(default_factory=list, max_length=100)]
    vnc: bool = False
    ipv6: bool = False
    email: bool = False
    swap: float | None = None


def build(panel: Panel, server_id: int, body: Build) -> Document:
    """Queue the build; only this answer has the new password in plain text."""
    server = unlocked_server(panel, server_id)
    _check(panel, server, body)
    if body.name is not None:
        server["name"] = body.name
    if body.hostname is not None:
        server["hostname"] = body.hostname
    server |= {"state": "queued", "commissionStatus": 1, "configLevel": 1, "buildFailed": False, "sshKeys": []}
    settings = server["settings"]
    settings["osTemplateInstallId"] = body.operating_system_id
    settings["encryptedPassword"] = encrypted()
    server["hidden"]["build"] = body.model_dump(by_alias=True)
    panel.save("servers", server)
    steps = {"start_build": 0.2, "number_ipv6": 0.5, "end_build": 1.0}
    schedule(panel, server, "build_server", {name: share * panel.build_seconds for name, share in steps.items()})
    answer = server_detail(panel, server)
    answer["settings"] = settings | {"decryptedPassword": secrets.token_urlsafe(15)}
    return answer


def _check(panel: Panel, server: Document, body: Build) -> None:
    template = panel.store.get("templates", body.operating_system_id)
    if template is None or template["arch"] != server["arch"]:
        raise Invalid("Invalid operating system template")
    if body.swap is not None and body.swap not in _SWAP:
        raise Invalid(f"The swap field must be one of {', '.join(map(str, _SWAP))}.")
    for id_ in body.ssh_keys:
        key = panel.store.get("ssh_keys", id_)
        if key is None or key["hidden"]["userId"] != server["ownerId"]:
            raise Invalid(f"SSH key {id_} does not belong to the owner of the server")


def start(panel: Panel, _item: Document, server: Document, at: float) -> None:
    server |= {"state": "building", "commissionStatus": 2, "updated": offset_form(at)}
    panel.store.put("servers", server)


def number_ipv6(panel: Panel, _item: Document, server: Document, _at: float) -> None:
    """Give the first interface a subnet, once, when the build asked for IPv6."""
    nic = server["network"]["interfaces"][0]
    if server["hidden"]["build"]["ipv6"] and not nic["ipv6"]:
        nic["ipv6"] = _next_subnet(panel, server["hypervisorId"])
        panel.store.put("servers", server)


def _next_subnet(panel: Panel, hypervisor_id: int) -> list[Document]:
    """Return a whole subnet of the first IPv6 block that the hypervisor may use; none without such a block."""
    for block in panel.store.find("ip_blocks"):
        if block["type"] == 6 and block["enabled"] and hypervisor_id in block["hidden"]["hypervisors"]:
            return [_subnet(panel, block)]
    return []


def _subnet(panel: Panel, block: Document) -> Document:
    ipv6 = block["ipv6"]
    number = panel.store.next_id(f"subnets_of_{block['id']}")
    return {
        "id": panel.store.next_id("subnets"),
        "block": {"id": block["id"], "name": block["name"]},
        "order": 1,
        "enabled": True,
        "addresses": [],
        "addressesDetailed": [],
        "subnet": f"{ipv6['subnet'].removesuffix('::')}:{number:x}::",
        "cidr": ipv6["to"],
        "exhausted": False,
        "gateway": ipv6["gateway"],
        "resolver1": ipv6["resolvers"]["primary"],
        "resolver2": ipv6["resolvers"]["secondary"],
        "routeNet": False,
    }


def end(panel: Panel, _item: Document, server: Document, at: float) -> None:
    """Complete the build, or fail it when the template is marked `failing`; `buildFailed` stays false then too."""
    template = panel.store.get("templates", server["settings"]["osTemplateInstallId"])
    server["configLevel"] = 0
    if template is None or template["hidden"]["failing"]:
        server |= {"state": "failed", "commissionStatus": 2, "updated": offset_form(at)}
        panel.store.put("servers", server)
        raise JobFailed("The operating system image could not be installed")
    server |= {"state": "complete", "commissionStatus": 3, "built": offset_form(at), "updated": offset_form(at)}
    server["sshKeys"] = _installed_keys(panel, server["hidden"]["build"]["sshKeys"])
    server["hidden"]["running"] = not server["suspended"]
    panel.store.put("servers", server)
    if server["backupPlan"]["id"]:
        panel.store.add("backups", _first_backup(server))


def _first_backup(server: Document) -> Document:
    """Return the first backup, which a backup plan makes after the first build."""
    return {
        "serverId": server["id"],
        "storage": {"id": 1, "name": "Backup Server 1", "enabled": True},
        "deleting": False,
        "restoring": False,
        "progress": False,
        "complete": True,
        "deleteAfter": None,
        "created": server["built"],
        "updated": server["built"],
    }


def _installed_keys(panel: Panel, ids: list[int]) -> list[Document]:
    keys = (panel.store.get("ssh_keys", id_) for id_ in ids)
    return [
        {
            "id": key["id"],
            "ownerId": key["hidden"]["userId"],
            "type": key["type"],
            "name": key["name"],
            "public": key["publicKey"],
            "enabled": key["enabled"],
            "created": key["created"],
        }
        for key in keys
        if key
    ]
