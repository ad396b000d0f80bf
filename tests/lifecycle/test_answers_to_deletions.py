"""A portal answers a deletion with a page of its own: what can be read is looked at, and nothing else is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_virtfusion.resources import MODULES, resource_class
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

PORTAL = {"status": 200, "headers": {"Content-Type": "text/html"}, "body": "<!-- x --><html>Please log in</html>"}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"

Make = Callable[[Life, LivingResource], LivingResource]


def on_a_server(kind: str, **arguments: Any) -> Make:
    return lambda life, server: life(kind, server_id=server.id, **arguments).create()


def of_the_owner(kind: str, **arguments: Any) -> Make:
    return lambda life, _: life(kind, relation=42, **arguments).create()


MADE: dict[str, Make] = {
    "Server": lambda _, server: server,
    "User": lambda life, _: life("User", "u", name="Eve", email="eve@example.com", ext_relation_id=43).create(),
    "SshKey": lambda life, server: life(
        "SshKey", user_id=server.arguments["user_id"], name="laptop", public_key=KEY
    ).create(),
    "ResourcePack": of_the_owner("ResourcePack", pack_id=1),
    "ServerFirewall": on_a_server("ServerFirewall", interface="primary", enabled=True, rulesets=[1]),
    "ServerIpv4Addresses": on_a_server("ServerIpv4Addresses", interface="primary", quantity=2),
    "NetworkWhitelistEntry": on_a_server("NetworkWhitelistEntry", interface="primary", ip="192.0.2.9", cidr=32),
    "TrafficBlock": on_a_server("TrafficBlock", month=1, amount=10),
    "ServerCustomXml": on_a_server("ServerCustomXml", domain="<a/>", domain_enabled=True),
    "HourlyGroupProfile": of_the_owner("HourlyGroupProfile", profile_id=1),
    "ResourceGroupProfile": of_the_owner("ResourceGroupProfile", profile_id=1),
}
"""The resources whose deletion asks the panel for something, and which can be read."""
BLIND: dict[str, Make] = {"UserCredit": of_the_owner("UserCredit", tokens=5)}
"""Those that cannot be read."""
WRITES = "POST|PUT|DELETE"


def test_these_are_all_that_a_deletion_removes() -> None:
    removed = {kind for kind in MODULES if resource_class(kind).behaviour.removed_by}
    assert removed == MADE.keys() | BLIND.keys()


@pytest.mark.parametrize("kind", [*MADE, *BLIND])
def test_the_page_of_a_portal_deletes_nothing(life: Life, server: LivingResource, panel: Panel, kind: str) -> None:
    resource = {**MADE, **BLIND}[kind](life, server)
    before = [panel.all(one) for one in ("servers", "users", "ssh_keys", "resource_packs")]
    panel.fault(WRITES, ".", times=None, **PORTAL)
    with pytest.raises(HostError, match=r"answered 200 with a web page"):
        resource.delete()
    panel.clear_faults()
    assert [panel.all(one) for one in ("servers", "users", "ssh_keys", "resource_packs")] == before
    assert resource.warnings == []


@pytest.mark.parametrize("kind", [one for one in MADE if one != "Server"])
def test_what_is_gone_all_the_same_is_deleted_with_a_warning(
    life: Life, server: LivingResource, panel: Panel, kind: str
) -> None:
    resource = MADE[kind](life, server)
    id_ = resource.id
    panel.fault(WRITES, ".", when="after", times=None, **PORTAL)
    if kind == "ServerFirewall":  # whose rules are flushed by a second request
        with pytest.raises(HostError, match=r"answered 200 with a web page"):
            resource.delete()
        panel.clear_faults()
        panel.fault(WRITES, "/rules", when="after", times=None, **PORTAL)
    resource.delete()
    (warning,) = resource.warnings
    noun = resource_class(kind).behaviour.noun
    assert warning.startswith(f"{noun} {id_} is deleted: the panel does not have it any more. But ")
    assert "answered 200 with a web page" in warning


def test_a_server_that_is_gone_is_too(server: LivingResource, panel: Panel) -> None:
    gone = {"kind": "servers", "id": int(server.id), "delete": True}
    panel.fault("DELETE", "^/servers/", then=[gone], **PORTAL)
    server.delete()
    assert len(server.warnings) == 1


def test_where_the_portal_answers_the_look_too_nothing_is_known(server: LivingResource, panel: Panel) -> None:
    panel.fault("DELETE", "^/servers/", when="after", **PORTAL)
    panel.fault("GET", "^/servers/")  # who the server is
    panel.fault("GET", "^/servers/", times=None, **PORTAL)
    with pytest.raises(HostError, match=r"DELETE /servers/\d+ answered 200 with a web page"):
        server.delete()


def test_a_refusal_is_believed_without_a_look(server: LivingResource, panel: Panel) -> None:
    panel.refuses("DELETE", "^/servers/", "no")
    panel.forget()
    with pytest.raises(HostError, match="answered 422: no"):
        server.delete()
    asked = panel.requests()
    assert asked[-1].startswith("DELETE ")
