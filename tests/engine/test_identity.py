"""On the real engine nothing is touched that is not the stack's: a panel back from a backup, another panel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.engine.begun import TOKEN, Begun, begun

LAPTOP = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"
PHONE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUVDgwDyLGWOBBsYvPuTtJ1iVTfI4YQnJMIkZjGVGAn eve@phone"
PROGRAM = f"""
import pulumi
import pulumi_virtfusion as virtfusion

LAPTOP = "{LAPTOP}"

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001, self_service=3)
key = virtfusion.SshKey("key", user_id=ada.user_id, name="laptop", public_key=LAPTOP)
pack = virtfusion.ResourcePack("pack", relation=ada.relation, pack_id=1, delete_servers=True)
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="web-1")
system = virtfusion.ServerBuild("system", server_id=web.id, operating_system_id=1)
on = {{"server_id": web.id, "interface": "primary", "opts": pulumi.ResourceOptions(depends_on=[system])}}
virtfusion.ServerFirewall("firewall", enabled=True, **on)
virtfusion.ServerIpv4Addresses("addresses", quantity=1, **on)
virtfusion.NetworkWhitelistEntry("whitelist", ip="203.0.113.7", cidr=32, **on)
virtfusion.TrafficBlock("traffic", server_id=web.id, month=1, amount=10)
virtfusion.ServerCustomXml("xml", server_id=web.id, features="<a/>", features_enabled=True)
virtfusion.UserCredit("credit", relation=ada.relation, tokens=5)
"""
NEW = """
new = {
    "b": virtfusion.ServerBuild("b", server_id=web.id, operating_system_id=2),
    "f": virtfusion.ServerFirewall("f", server_id=web.id, interface="primary", rulesets=[1]),
    "a": virtfusion.ServerIpv4Addresses("a", server_id=web.id, interface="primary", quantity=1),
    "w": virtfusion.NetworkWhitelistEntry("w", server_id=web.id, interface="primary", ip="203.0.113.9", cidr=32),
    "t": virtfusion.TrafficBlock("t", server_id=web.id, month=1, amount=20),
    "x": virtfusion.ServerCustomXml("x", server_id=system.server_id, features="<a/>", features_enabled=True),
    "r": virtfusion.ServerAction("r", server_id=web.id, action="restart"),
    "k": virtfusion.SshKey("k", user_id=ada.user_id, name="k", public_key=LAPTOP),
    "s": virtfusion.Server("s", package_id=1, user_id=ada.user_id, hypervisor_group_id=1),
    "c": virtfusion.UserCredit("c", relation=ada.relation, tokens=1),
    "p": virtfusion.ResourcePack("p", relation=ada.relation, pack_id=1),
    "d": virtfusion.ResourcePackAction("d", resource_pack_id=pack.id, action="delete_servers"),
}
"""
KINDS = {"b": "ServerBuild", "f": "ServerFirewall", "a": "ServerIpv4Addresses", "w": "NetworkWhitelistEntry",
         "t": "TrafficBlock", "x": "ServerCustomXml", "r": "ServerAction", "k": "SshKey", "s": "Server",
         "c": "UserCredit", "p": "ResourcePack", "d": "ResourcePackAction"}  # fmt: skip
OTHER = "the panel has another object there than this stack knows: "


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, pulumi_home: Any) -> Iterator[tuple[Begun, RunningPanel]]:
    """The program's stack, at a panel that came back from a backup and gave every number again, to Eve."""
    with begun(PROGRAM, tmp_path_factory.mktemp("identity"), pulumi_home) as (stack, panel):
        numbers = taken(panel)
        panel.restore("empty")
        settle(VirtFusion(panel.url, panel.token), panel)
        assert taken(panel) == numbers
        stack.keep()
        yield stack, panel


def taken(panel: RunningPanel) -> dict[str, list[int]]:
    kinds = ("users", "servers", "ssh_keys", "resource_packs", "credits", "traffic_blocks")
    return {kind: [one["id"] for one in panel.state()[kind]] for kind in kinds}


def settle(client: VirtFusion, panel: RunningPanel) -> None:
    """Eve has one of everything."""
    eve = client.users.create(name="Eve", email="eve@example.com", ext_relation_id=2002, self_service=3)
    client.ssh_keys.create(user_id=eve.user_id, name="laptop", public_key=PHONE)
    pack = client.self_service.add_resource_pack(2002, pack_id=1)
    server = client.servers.create(package_id=1, user_id=eve.user_id, hypervisor_group_id=1).server_id
    client.servers.build(server, operating_system_id=1)
    panel.advance(60)
    client.servers.enable_firewall(server, "primary")
    client.servers.add_ipv4_quantity(server, interface="primary", quantity=1)
    client.servers.add_whitelist_entry(server, interface="primary", ip="203.0.113.7", cidr=32)
    client.servers.add_traffic_block(server, month=1, amount=10)
    client.servers.set_custom_xml(server, features="<a/>", features_enabled=True)
    client.self_service.add_credit(2002, tokens=5)
    panel.mutate("servers", server, {"resourcePackId": pack})


@pytest.fixture
def stack(made: tuple[Begun, RunningPanel]) -> Begun:
    made[0].begin_again()
    return made[0]


@pytest.fixture
def panel(made: tuple[Begun, RunningPanel]) -> RunningPanel:
    return made[1]


@pytest.fixture
def elsewhere() -> Iterator[RunningPanel]:
    """Another panel with a user and a server of the same numbers; nothing may be asked of it."""
    with running(token=TOKEN, build_seconds=0.1) as panel:
        settle(VirtFusion(panel.url, panel.token), panel)
        panel.clear_requests()
        yield panel


def test_a_change_is_refused_and_the_state_keeps_its_identity(stack: Begun, panel: RunningPanel) -> None:
    before, known = panel.state(), stack.resources()["web"]["outputs"]["__identity"]
    assert stack.preview_steps() == []
    for name, old, new in (("web", 'name="web-1"', 'name="web-2"'), ("xml", 'features="<a/>"', 'features="<b/>"')):
        stack.replace((old, new))
        (said,) = [line for line in stack.said_of(name, stack.up(fails=True)) if "was not changed" in line]
        stack.replace((new, old))
        assert f"{OTHER}the server's UUID is " in said
        assert said.endswith(
            "Nothing was sent. If the panel was restored from a backup, or the address is another panel's, mend that "
            "first. If not, `pulumi refresh` takes what is gone out of the state, and the next `pulumi up` makes it "
            "anew."
        )
    assert stack.changed == []
    assert stack.resources()["web"]["outputs"]["__identity"] == known
    assert panel.state() == before


@pytest.mark.parametrize("alone", [False, True])
def test_nothing_new_is_hung_on_a_stranger(stack: Begun, panel: RunningPanel, alone: bool) -> None:
    before = panel.state()
    stack.add(NEW)
    targets = [f"--target={stack.urn(kind, name)}" for name, kind in KINDS.items()] if alone else []
    result = stack.up("--continue-on-error", *targets, fails=True)
    assert stack.changed == []
    assert panel.state() == before
    for name in KINDS:
        assert "was not carried out for" in str(stack.said_of(name, result)), name


def test_a_destroy_stops_and_a_refresh_takes_all_of_it_for_gone(stack: Begun, panel: RunningPanel) -> None:
    before = panel.state()
    result = stack.destroy("--continue-on-error", fails=True)
    assert stack.changed == []
    for name in ("firewall", "addresses", "whitelist", "traffic", "xml", "key"):
        assert OTHER in str(stack.said_of(name, result)), name
    stack.begin_again()
    result = stack.refresh()
    assert "is taken for gone" in str(stack.said_of("web", result))
    assert "What is there is left alone." in str(stack.said_of("key", result))
    assert set(stack.resources()) <= {"credit"}
    stack.destroy()
    assert panel.state() == before


def test_a_replacement_does_not_delete_a_stranger(stack: Begun, panel: RunningPanel) -> None:
    before = panel.state()
    stack.replace(("hypervisor_group_id=1", "hypervisor_group_id=2"))
    stack.up("--target", stack.urn("Server", "web"), fails=True)
    stack.replace(("hypervisor_group_id=2", "hypervisor_group_id=1"))
    stack.up("--target-replace", stack.urn("Server", "web"), fails=True)
    assert panel.state()["servers"] == before["servers"]


def test_another_panel_is_refused_before_anything_is_asked_of_it(stack: Begun, elsewhere: RunningPanel) -> None:
    here = stack.environment["VIRTFUSION_ENDPOINT"]
    stack.environment["VIRTFUSION_ENDPOINT"] = elsewhere.url
    stack.replace(('name="web-1"', 'name="web-2"'))
    for command in ("preview", "refresh --yes", "up --yes --skip-preview", "up --refresh --yes", "destroy --yes"):
        text = str(stack.run(*command.split(), fails=True))
        assert f"belongs to the panel {here}, but this run talks to {elsewhere.origin}. Nothing was sent." in text
        assert f"pulumi config set virtfusion:movedFrom {here}" in text
    assert elsewhere.requests() == []


def test_a_panel_that_has_moved_is_told_once(stack: Begun) -> None:
    here = stack.environment["VIRTFUSION_ENDPOINT"]
    stack.environment["VIRTFUSION_ENDPOINT"] = here.replace("127.0.0.1", "LOCALHOST") + "/api/v1/"
    stack.preview(fails=True)
    stack.environment["VIRTFUSION_MOVED_FROM"] = here + "/"
    stack.up()
    assert stack.asked == []
    del stack.environment["VIRTFUSION_MOVED_FROM"]
    stack.preview("--expect-no-changes")


@pytest.mark.long
def test_another_provider_of_a_resource_is_another_panel(
    tmp_path_factory: pytest.TempPathFactory, pulumi_home: Any, elsewhere: RunningPanel
) -> None:
    with running(token=TOKEN, build_seconds=0.1) as eu:
        program = f"""
import pulumi
import pulumi_virtfusion as virtfusion

eu = virtfusion.Provider("eu", endpoint="{eu.origin}", token=pulumi.Output.secret("{TOKEN}"))
us = virtfusion.Provider("us", endpoint="{elsewhere.origin}", token=pulumi.Output.secret("{TOKEN}"))
at = pulumi.ResourceOptions(provider=eu)
ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=2002, opts=at)
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="web-1", opts=at)
"""
        stack = Begun(tmp_path_factory.mktemp("providers"), program, eu, pulumi_home=pulumi_home)
        stack.up()
        before = eu.state()
        stack.replace(("provider=eu", "provider=us"), ('name="web-1"', 'name="web-2"'))
        for command in (
            "preview",
            "up --yes --skip-preview",
            "refresh --yes --run-program",
            "destroy --yes --run-program",
        ):
            text = str(stack.run(*command.split(), fails=True))
            assert (
                f"belongs to the panel {eu.origin}, but this run talks to {elsewhere.origin}. Nothing was sent." in text
            )
        assert (elsewhere.requests(), eu.state()) == ([], before)
        stack.replace(("provider=us", "provider=eu"), ('name="web-2"', 'name="web-1"'))
        stack.preview("--expect-no-changes")
