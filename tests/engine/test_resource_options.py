"""Pulumi's own resource options mean the same for these resources as for any other."""

from __future__ import annotations

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program

HEAD = """
import pulumi
import pulumi_virtfusion as virtfusion
from pulumi import ResourceOptions
"""

PROGRAM = f"""{HEAD}
ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
kept = virtfusion.Server(
    "kept", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="kept", opts=ResourceOptions(protect=True)
)
loose = virtfusion.Server(
    "loose", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="loose", memory=2048,
    opts=ResourceOptions(
        ignore_changes=["memory"], additional_secret_outputs=["primary_ipv4"], depends_on=[kept], protect=False,
        custom_timeouts=pulumi.CustomTimeouts(create="3m"),
    ),
)
system = virtfusion.ServerBuild(
    "system", server_id=loose.id, operating_system_id=1, opts=ResourceOptions(deleted_with=loose)
)
key = virtfusion.SshKey(
    "key", user_id=ada.user_id, name="laptop",
    public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp",
    opts=ResourceOptions(deleted_with=ada),
)
pulumi.export("hidden", loose.primary_ipv4)
"""


def test_options_are_heeded(program: Program, panel: RunningPanel) -> None:
    stack = program(PROGRAM)
    made = stack.up()
    assert [asked for asked in stack.changed if "name" in asked] == [
        "PUT /servers/1/modify/name", "PUT /servers/2/modify/name",
    ]  # fmt: skip
    assert [server["name"] for server in panel.state()["servers"]] == ["kept", "loose"]
    # additional_secret_outputs
    assert "hidden: [secret]" in made.stdout
    address = stack.outputs()["hidden"]
    assert address in [held["address"] for held in panel.state()["addresses"]]
    assert stack.resources()["loose"]["outputs"]["primary_ipv4"].keys() >= {"ciphertext"}

    # ignore_changes
    stack.replace(("memory=2048", "memory=4096"))
    assert stack.preview_steps() == []

    # aliases: another name in the program is no other object.
    stack.replace(
        ('"loose", package_id', '"renamed", package_id'), ("protect=False", 'aliases=[pulumi.Alias("loose")]')
    )
    assert stack.preview_steps() == []
    assert stack.counts(stack.up()) == {"unchanged": 6}
    assert stack.asked == []
    assert "renamed" in stack.resources()

    # protect
    assert "protected" in str(stack.destroy(fails=True))
    assert stack.changed == []
    stack.replace(("protect=True", "protect=False"))
    stack.up()
    assert stack.asked == []

    # deleted_with: the key goes with its user, without a call of its own.
    stack.destroy()
    assert sorted(stack.changed) == ["DELETE /servers/1", "DELETE /servers/2", "DELETE /users/1001/byExtRelation"]
    assert stack.resources() == {}
    assert panel.state()["servers"] == []


def test_a_custom_timeout_bounds_the_wait(program: Program, panel: RunningPanel) -> None:
    panel.sandbox.panel.build_seconds = 60
    stack = program(f"""{HEAD}
ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1)
system = virtfusion.ServerBuild(
    "system", server_id=web.id, operating_system_id=1,
    opts=ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="2s", update="2s")),
)
""")
    text = str(stack.up(fails=True))
    assert "s for the build of server 1: " in text
    assert "custom timeout" in text
    assert stack.resources()["system"]["initErrors"]

    # The build went on at the panel; the next up sees its end instead of beginning another.
    panel.advance(120)
    stack.up()
    assert stack.changed == []
    assert "initErrors" not in stack.resources()["system"]
    assert stack.preview_steps() == []
