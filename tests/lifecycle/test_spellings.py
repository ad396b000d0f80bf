"""What a panel spells otherwise than the program is no drift, is not put back, and is sent as the program wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"

RESPELT: list[tuple[str, dict[str, Any], str, str, dict[str, Any]]] = [
    ("SshKey", {"user_id": 1, "name": "laptop ", "public_key": KEY}, "name", "ssh_keys", {"name": "laptop"}),
    (
        "SshKey",
        {"user_id": 1, "name": "laptop", "public_key": f"{KEY} ada@laptop"},
        "public_key",
        "ssh_keys",
        {"publicKey": f"{KEY} of Ada"},
    ),
    (
        "Server",
        {"package_id": 1, "user_id": 1, "hypervisor_group_id": 1, "name": " web"},
        "name",
        "servers",
        {"name": "web"},
    ),
    ("User", {"name": "Ada ", "email": "ada@example.com", "ext_relation_id": 42}, "name", "users", {"name": "Ada"}),
    (
        "User",
        {"name": "Ada", "email": "Ada@Example.COM", "ext_relation_id": 42},
        "email",
        "users",
        {"email": "ada@example.com"},
    ),
]
"""A resource, the argument, and what a panel makes of it."""


@pytest.mark.parametrize(("kind", "arguments", "argument", "objects", "respelt"), RESPELT)
def test_another_spelling_is_no_drift(
    life: Life,
    panel: Panel,
    kind: str,
    arguments: dict[str, Any],
    argument: str,
    objects: str,
    respelt: dict[str, Any],
) -> None:
    made = life(kind, **arguments).create()
    number = max(found["id"] for found in panel.all(objects))
    written = panel.object(objects, number)
    assert arguments[argument] in (written.get(argument), written.get("publicKey"))
    panel.mutate(objects, number, **respelt)
    panel.forget()
    made.refresh()
    plan = made.change()
    assert (plan.changed, plan.replaces, panel.writes()) == ([], [], [])


def test_a_host_name_of_another_case_is_no_drift(life: Life, server: LivingResource, panel: Panel) -> None:
    build = life("ServerBuild", server_id=server.id, operating_system_id=1, hostname="Web.Example.com.").create()
    panel.mutate("servers", server.id, hostname="web.example.com")
    build.refresh()
    assert build.change().replaces == []


def test_other_line_ends_are_no_drift(life: Life, server: LivingResource, panel: Panel) -> None:
    xml = life("ServerCustomXml", server_id=server.id, devices="<a>\n<b/>\n</a>\n", devices_enabled=True).create()
    panel.mutate("servers", server.id, **{"customXML.devices.xml": "<a>\r\n<b/>\r\n</a>"})
    panel.forget()
    xml.refresh()
    assert xml.change().changed == []
    assert panel.writes() == []


def test_what_is_sent_is_the_programs_own_spelling(life: Life, server: LivingResource, panel: Panel) -> None:
    """All sections are sent at once, also those that did not change."""
    xml = life("ServerCustomXml", server_id=server.id, devices="<a>\r\n</a>\n", os="<b/>").create()
    panel.mutate("servers", server.id, **{"customXML.devices.xml": "<a>\n</a>"})
    xml.refresh()
    panel.forget()
    xml.change(os="<c/>")
    assert panel.body(f"POST /servers/{server.id}/customXML")["devices"] == "<a>\r\n</a>\n"
