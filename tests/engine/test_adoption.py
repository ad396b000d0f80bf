"""Taking over what the panel has, and looking at it without owning it."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"

ADOPTING = f"""
import pulumi
import pulumi_virtfusion as virtfusion


def adopt(id: str) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(import_=id)


ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001, opts=adopt("1001"))
key = virtfusion.SshKey("key", user_id=ada.user_id, name="laptop", public_key="{KEY}", opts=adopt("1"))
pack = virtfusion.ResourcePack("pack", relation=1001, pack_id=1, opts=adopt("1"))
web = virtfusion.Server(
    "web", package_id=1, user_id=2, hypervisor_group_id=1, name="web", memory=1024, vnc=False, opts=adopt("1")
)
system = virtfusion.ServerBuild(
    "system", server_id=1, operating_system_id=1, hostname="web.example.com", opts=adopt("1")
)
"""

LOOKING = """
import pulumi
import pulumi_virtfusion as virtfusion

web = virtfusion.Server.get("web", "1")
ada = virtfusion.User.get("ada", "1001")
pulumi.export("address", web.primary_ipv4)
pulumi.export("name", web.name)
pulumi.export("id", web.server_id)
pulumi.export("email", ada.email)
pulumi.export("relation", ada.relation)
"""


@pytest.fixture
def address(panel: RunningPanel) -> str:
    """The address of an installed server that no stack knows, with its owner, a key and a pack."""
    client = VirtFusion(panel.origin, panel.token)
    ada = client.users.create(name="Ada", email="ada@example.com", ext_relation_id=1001)
    client.ssh_keys.create(user_id=ada.user_id, name="laptop", public_key=KEY)
    client.self_service.add_resource_pack(relation=1001, pack_id=1)
    server = client.servers.create(package_id=1, user_id=ada.user_id, hypervisor_group_id=1)
    client.servers.rename(server.server_id, "web")
    client.servers.build(server.server_id, operating_system_id=1, hostname="web.example.com")
    panel.advance(60)
    return server.primary_ipv4


@pytest.mark.usefixtures("address")
def test_what_exists_is_adopted_without_a_change(program: Program, panel: RunningPanel) -> None:
    before = panel.state()
    stack = program(ADOPTING)
    stack.preview()
    assert stack.counts(stack.up()) == {"created": 6}
    assert stack.changed == []
    assert panel.state() == before

    # The option may stay or go, at once or later.
    assert stack.preview_steps() == []
    stack.replace(("import_=id", ""))
    assert stack.preview_steps() == []
    stack.up()
    assert stack.asked == []
    stack.replace(('name="web"', 'name="web-1"'))
    (step,) = stack.preview_steps()
    assert (step.op, step.diff_reasons) == ("update", ["name"])
    stack.up()
    assert stack.changed == ["PUT /servers/1/modify/name"]
    stack.refresh("--expect-no-changes")
    assert stack.preview_steps() == []


@pytest.mark.usefixtures("address")
def test_what_the_program_describes_differently_is_refused_with_the_differences(
    program: Program, panel: RunningPanel
) -> None:
    before = panel.state()
    stack = program(ADOPTING)
    stack.replace(('name="web", memory=1024', 'name="shop", memory=4096'))
    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        text = str(stack.run(*command, fails=True))
        assert "server 1 differs from the program: " in text
        assert "name is 'web' at the panel and 'shop' in the program" in text
        assert "memory is 1024 at the panel and 4096 in the program" in text
    assert stack.changed == []
    assert panel.state() == before
    stack.write(ADOPTING.replace('vnc=False, opts=adopt("1")', 'opts=adopt("77")'))
    assert "names server 77, which the panel does not have" in str(stack.preview(fails=True))


def test_a_look_is_known_in_a_preview_and_never_owns(program: Program, panel: RunningPanel, address: str) -> None:
    stack = program(LOOKING)
    shown = stack.preview().stdout
    for line in (f'address : "{address}"', 'name    : "web"', "id      : 1", 'email   : "ada@example.com"',
                 "relation: 1001"):  # fmt: skip
        assert line in shown
    stack.up()
    assert stack.changed == []
    assert stack.outputs()["address"] == address

    stack.replace(('get("web", "1")', 'get("web", "77")'))
    missing = str(stack.preview(fails=True))
    assert "GET /servers/77 answered 404" in missing
    assert "dynamic_provider.py" not in missing
    stack.destroy()
    assert len(panel.state()["servers"]) == 1


THE_REST = """
import pulumi
import pulumi_virtfusion as virtfusion


def take(id: str) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(import_=id)


bob = virtfusion.User("bob", name="Bob", email="bob@example.com", rel_str="42", self_service=3, opts=take("rel_str:42"))
on = {"server_id": 1, "interface": "primary"}
virtfusion.ServerFirewall("firewall", enabled=True, opts=take("1/primary"), **on)
virtfusion.ServerIpv4Addresses("addresses", quantity=1, opts=take("1/primary/ADDED"), **on)
virtfusion.NetworkWhitelistEntry("whitelist", ip="203.0.113.7", cidr=32, opts=take("1/primary/203.0.113.7"), **on)
virtfusion.TrafficBlock("traffic", server_id=1, month=1, amount=10, opts=take("1/1"))
virtfusion.ServerCustomXml("xml", server_id=1, features="<a/>", features_enabled=True, opts=take("1"))
virtfusion.HourlyGroupProfile("hourly", relation=bob.relation, profile_id=1, opts=take("rel_str:42/1"))
virtfusion.ResourceGroupProfile("packs", relation=bob.relation, profile_id=2, opts=take("rel_str:42/2"))
virtfusion.HourlyResourcePack("pack", relation=bob.relation, pack_id=1, opts=take("rel_str:42"))
virtfusion.Server("web", package_id=1, user_id=2, hypervisor_group_id=1, name="web", opts=take("1"))
seen = {
    "user": virtfusion.User.get("user", "rel_str:42").email,
    "firewall": virtfusion.ServerFirewall.get("f", "1/primary").enabled,
    "addresses": virtfusion.ServerIpv4Addresses.get("a", "1/primary/ADDED").addresses,
    "whitelist": virtfusion.NetworkWhitelistEntry.get("w", "1/primary/203.0.113.7").cidr,
    "traffic": virtfusion.TrafficBlock.get("t", "1/1").amount,
    "xml": virtfusion.ServerCustomXml.get("x", "1").features,
    "hourly": virtfusion.HourlyGroupProfile.get("h", "rel_str:42/1").profile_id,
    "packs": virtfusion.ResourceGroupProfile.get("p", "rel_str:42/2").profile_id,
    "pack": virtfusion.HourlyResourcePack.get("hp", "rel_str:42").pack_id,
    "key": virtfusion.SshKey.get("k", "1").name,
    "own pack": virtfusion.ResourcePack.get("rp", "1").name,
    "build": virtfusion.ServerBuild.get("b", "1").hostname,
}
pulumi.export("seen", seen)
"""


@pytest.mark.usefixtures("address")
def test_every_kind_that_the_panel_tells_of_is_taken_over_and_looked_at(program: Program, panel: RunningPanel) -> None:
    client = VirtFusion(panel.origin, panel.token)
    client.users.create(name="Bob", email="bob@example.com", rel_str="42", self_service=3)
    client.self_service.add_hourly_group_profile("42", 1)
    client.self_service.add_resource_group_profile("42", 2)
    client.self_service.set_hourly_resource_pack("42", 1)
    client.servers.enable_firewall(1, "primary")
    client.servers.add_ipv4_quantity(1, interface="primary", quantity=1)
    added = client.servers.get(1).ipv4_addresses[-1]
    client.servers.add_whitelist_entry(1, interface="primary", ip="203.0.113.7", cidr=32)
    client.servers.add_traffic_block(1, month=1, amount=10)
    client.servers.set_custom_xml(1, features="<a/>", features_enabled=True)
    before = panel.state()
    stack = program(THE_REST.replace("ADDED", added))
    shown = stack.preview()
    takeovers = {name: stack.said_of(name, shown) for name in (
        "bob", "firewall", "addresses", "whitelist", "traffic", "xml", "hourly", "packs", "pack", "web",
    )}  # fmt: skip
    assert [name for name, said in takeovers.items() if "takes over" not in str(said)] == []
    stack.up()
    assert stack.changed == []
    assert panel.state() == before
    assert stack.outputs()["seen"] == {
        "user": "bob@example.com", "firewall": True, "addresses": [added], "whitelist": 32, "traffic": 10,
        "xml": "<a/>", "hourly": 1, "packs": 2, "pack": 1, "key": "laptop",
        "own pack": panel.state()["resource_packs"][0]["name"], "build": "web.example.com",
    }  # fmt: skip
    identities = [name for name in takeovers if not stack.resources()[name]["outputs"]["__identity"]]
    assert identities == []
    stack.refresh("--expect-no-changes")
    stack.preview("--expect-no-changes")
