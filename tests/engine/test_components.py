"""The components on the real engine: their parts, their order, and programs that move into them."""

from __future__ import annotations

import re

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program

HEAD = """
import pulumi
import pulumi_virtfusion as virtfusion

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"
"""

SINGLE = f"""{HEAD}
ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001, self_service=3)
laptop = virtfusion.SshKey("laptop", user_id=ada.user_id, name="laptop", public_key=KEY)
virtfusion.HourlyGroupProfile("hourly", relation=ada.relation, profile_id=1)
virtfusion.ResourceGroupProfile("packs", relation=ada.relation, profile_id=2)
virtfusion.ResourcePack("starter", relation=ada.relation, pack_id=1)
virtfusion.UserCredit("welcome", relation=ada.relation, tokens=50)
web = virtfusion.Server(
    "web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="web-1", memory=2048, backup_plan_id=1
)
virtfusion.ServerIpv4Addresses("more", server_id=web.id, interface="primary", quantity=2)
virtfusion.ServerBuild(
    "system", server_id=web.id, operating_system_id=1, hostname="web.example.com", ssh_keys=[laptop.ssh_key_id]
)
virtfusion.ServerFirewall("wall", server_id=web.id, interface="primary", enabled=True, rulesets=[1])
pulumi.export("address", web.primary_ipv4)
"""

COMPONENTS = f"""{HEAD}
ada = virtfusion.Customer(
    "ada",
    name="Ada",
    email="ada@example.com",
    ext_relation_id=1001,
    self_service=3,
    public_keys={{"laptop": KEY}},
    hourly_group_profiles=[1],
    resource_group_profiles=[2],
    pack_id=1,
    credit_tokens=50,
    formerly={{
        "user": "ada", "key-laptop": "laptop", "hourly-profile-1": "hourly", "resource-profile-2": "packs",
        "pack": "starter", "credit": "welcome",
    }},
)
web = virtfusion.Vps(
    "web",
    package_id=1,
    user_id=ada.user_id,
    hypervisor_group_id=1,
    operating_system_id=1,
    name="web-1",
    hostname="web.example.com",
    memory=2048,
    ssh_keys=[ada.keys["laptop"].ssh_key_id],
    firewall_rulesets=[1],
    extra_ipv4=2,
    backup_plan_id=1,
    formerly={{"server": "web", "build": "system", "firewall": "wall", "addresses": "more"}},
)
pulumi.export("address", web.address)
"""


@pytest.mark.long
def test_single_resources_move_into_components_as_they_are(program: Program, panel: RunningPanel) -> None:
    stack = program(SINGLE)
    assert stack.counts(stack.up()) == {"created": 11}
    before, address = panel.state(), stack.outputs()["address"]
    ids = {resource["id"] for resource in stack.resources().values()}

    stack.write(COMPONENTS)
    assert sorted((step.op, step.name) for step in stack.preview_steps()) == [("create", "ada"), ("create", "web")]
    assert stack.asked == []
    moved = stack.up()
    assert (stack.counts(moved), stack.asked) == ({"created": 2, "unchanged": 11}, [])
    assert panel.state() == before
    assert stack.outputs()["address"] == address
    resources = stack.resources()
    assert {resource["id"] for resource in resources.values() if "id" in resource} == ids
    assert "ada-hourly-profile-1" in resources

    # Once moved, the old names may be forgotten, and drift is put back as it ever was.
    stack.replace(('formerly={"server": "web", "build": "system", "firewall": "wall", "addresses": "more"},', ""))
    stack.up("--expect-no-changes")
    panel.mutate("servers", 1, {"name": "drifted"})
    stack.up("--refresh")
    assert stack.changed == ["PUT /servers/1/modify/name"]

    stack.destroy()
    assert (stack.resources(), panel.state()["servers"], len(panel.state()["users"])) == ({}, [], 1)


VPS = f"""{HEAD}
ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
web = virtfusion.Vps(
    "web",
    package_id=1,
    user_id=ada.user_id,
    hypervisor_group_id="1",
    operating_system_id=1,
    memory=4096,
    public_keys={{"laptop": KEY}},
    firewall_rulesets=[1],
    extra_ipv4=1,
)
pulumi.export("held", web.extra_addresses.addresses)
"""


def test_a_vps_is_made_in_order_and_changes_in_place(program: Program, panel: RunningPanel) -> None:
    stack = program(VPS)
    stack.up()
    order = [
        "POST /users",
        "POST /ssh_keys",
        "POST /servers",
        "POST /servers/1/ipv4Qty",
        "POST /servers/1/build",
        "POST /servers/1/firewall/primary/rules",
        "POST /servers/1/firewall/primary/enable",
    ]
    assert sorted(stack.changed) == sorted([*order, "PUT /servers/1/modify/name"])
    assert [asked for asked in stack.changed if asked in order[2:]] == order[2:]
    (server,) = panel.state()["servers"]
    assert (server["name"], server["settings"]["resources"]["memory"]) == ("web", 4096)

    # A package change keeps the memory that the program sets.
    stack.replace(("package_id=1", "package_id=2"), ("extra_ipv4=1", "extra_ipv4=2"), ("rulesets=[1]", "rulesets=[2]"))
    assert {(step.op, step.name) for step in stack.preview_steps()} == {
        ("update", "web-server"), ("update", "web-addresses"), ("update", "web-firewall"),
    }  # fmt: skip
    stack.up()
    assert sorted(stack.changed) == [
        "POST /servers/1/firewall/primary/rules",
        "POST /servers/1/ipv4Qty",
        "PUT /servers/1/modify/memory",
        "PUT /servers/1/package/2",
    ]
    assert panel.state()["servers"][0]["settings"]["resources"]["memory"] == 4096
    assert len(stack.outputs()["held"]) == 2

    # What belongs to a server goes with it, without a call of its own.
    stack.destroy()
    assert sorted(stack.changed) == ["DELETE /servers/1", "DELETE /ssh_keys/1", "DELETE /users/1001/byExtRelation"]
    assert panel.state()["addresses"] == []


def test_the_options_of_a_component_reach_its_parts(program: Program, panel: RunningPanel, eu: RunningPanel) -> None:
    text = VPS.replace(
        "ada = ",
        "from os import environ\n\n"
        'eu = virtfusion.Provider("eu", endpoint=environ["EU_ENDPOINT"], token=environ["EU_TOKEN"])\n'
        "there = pulumi.ResourceOptions(provider=eu, protect=True)\n"
        "ada = ",
    ).replace("extra_ipv4=1,", "extra_ipv4=1, opts=there,")
    stack = program(
        text.replace("ext_relation_id=1001)", "ext_relation_id=1001, opts=pulumi.ResourceOptions(provider=eu))"),
        environment={"EU_ENDPOINT": eu.origin, "EU_TOKEN": eu.token},
    )
    stack.up()
    assert [server["name"] for server in eu.state()["servers"]] == ["web"]
    assert panel.requests() == []
    assert "protected" in str(stack.destroy(fails=True))
    assert len(eu.state()["servers"]) == 1
    stack.run("state", "unprotect", "--all", "--yes")
    stack.destroy()
    assert (eu.state()["servers"], len(eu.state()["users"])) == ([], 1)


KNOWING = VPS.replace(
    'pulumi.export("held"',
    """for name in ("server_id", "address", "ipv4_addresses", "hostname", "state", "password"):
    pulumi.export(name, getattr(web, name))
    getattr(web, name).apply(lambda _, name=name: pulumi.log.info(f"{name} is known"))
pulumi.export("spelled", web.server_id.apply(str))
pulumi.export("held\"""",
).replace("memory=4096,", 'memory=4096, hostname="web.example.com",')


def test_the_outputs_of_a_vps_are_right_before_anybody_refreshes(program: Program, panel: RunningPanel) -> None:
    stack = program(KNOWING)
    made = stack.up()
    assert "password      : [secret]" in made.stdout
    first, own = [held["address"] for held in panel.state()["addresses"]]
    told = stack.outputs()
    assert told.pop("held") == [own]
    assert len(told.pop("password")) > 8
    after = {
        "server_id": 1,
        "spelled": "1",
        "address": first,
        "ipv4_addresses": [first, own],
        "hostname": "web.example.com",
        "state": "complete",
    }
    assert told == after

    # A preview of an update of the server knows what the other parts and the panel know.
    stack.replace(("memory=4096", "memory=8192"))
    known = re.findall(r"(\w+) is known", stack.preview().stdout)
    assert sorted(set(known)) == ["address", "hostname", "password", "server_id", "state"]
    stack.up("--refresh")
    told = stack.outputs()
    assert {name: told[name] for name in after} == after


HEEDING = VPS.replace(
    "extra_ipv4=1,",
    """extra_ipv4=1,
    name="web",
    opts=pulumi.ResourceOptions(
        ignore_changes=["operating_system_id", "public_keys", "firewall_rulesets", "extra_ipv4"],
        replace_on_changes=["name"],
    ),""",
)


def test_options_that_name_an_argument_are_heeded_by_its_part(program: Program) -> None:
    stack = program(HEEDING)
    stack.up()
    stack.replace(
        ("operating_system_id=1", "operating_system_id=2"),
        ("rulesets=[1]", "rulesets=[2]"),
        ("extra_ipv4=1,", "extra_ipv4=2,"),
        ("IP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp", "IP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAq"),
    )
    assert stack.preview_steps() == []
    stack.replace(('    name="web"', '    name="another"'))
    assert ("replace", "web-server") in {(step.op, step.name) for step in stack.preview_steps()}
    stack.replace(('ignore_changes=["op', 'ignore_changes=["package_change.x", "op'))
    assert "package_change.x: x is none of backup_plan, cpu, memory" in str(stack.preview(fails=True))


def test_a_part_of_another_component_moves_by_its_alias(program: Program) -> None:
    nested = f"""{HEAD}
team = pulumi.ComponentResource("app:index:Team", "team")
web = virtfusion.Server(
    "web", package_id=1, user_id=1, hypervisor_group_id=1, name="web", opts=pulumi.ResourceOptions(parent=team)
)
virtfusion.ServerBuild("web", server_id=web.id, operating_system_id=1, opts=pulumi.ResourceOptions(parent=web))
"""
    stack = program(nested)
    stack.up()
    stack.write(f"""{HEAD}
team = pulumi.ComponentResource("app:index:Team", "team")
old = "urn:pulumi:dev::program::app:index:Team$pulumi-python:dynamic/virtfusion:Server"
virtfusion.Vps(
    "web", package_id=1, user_id=1, hypervisor_group_id=1, operating_system_id=1,
    formerly={{
        "server": pulumi.Alias("web", parent=team),
        "build": pulumi.Alias("web", parent=f"{{old}}::web"),
    }},
    opts=pulumi.ResourceOptions(parent=team),
)
""")
    assert [(step.op, step.name) for step in stack.preview_steps()] == [("create", "web")]
    assert (stack.counts(stack.up()), stack.asked) == ({"created": 1, "unchanged": 4}, [])


def test_a_part_that_there_is_not_cannot_have_been_something_else(program: Program) -> None:
    stack = program(COMPONENTS.replace('"build": "system"', '"bild": "system"'))
    refused = str(stack.preview(fails=True))
    assert "formerly: web has no part bild" in refused
