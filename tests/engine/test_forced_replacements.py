"""What is the same thing at the panel before and after a forced replacement outlives the deletion of the old one."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.doors import both_doors
from tests.engine.conftest import Program
from tests.engine.panel_stack import PanelStack

PROGRAM = """
import pulumi_virtfusion as virtfusion
from pulumi import ResourceOptions

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001, self_service=3)
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1)
system = virtfusion.ServerBuild("system", server_id=web.id, operating_system_id=1)
virtfusion.ServerFirewall(
    "firewall", server_id=web.id, interface="primary", enabled=True, rulesets=[1],
    opts=ResourceOptions(depends_on=[system], replace_on_changes=["rulesets"]),
)
virtfusion.ServerCustomXml("xml", server_id=web.id, domain="<a/>", domain_enabled=True)
virtfusion.HourlyGroupProfile("hourly", relation=ada.relation, profile_id=1)
virtfusion.ResourceGroupProfile("packs", relation=ada.relation, profile_id=2)
"""
SUCCESSIVE = ("ServerBuild::system", "ServerFirewall::firewall", "ServerCustomXml::xml", "HourlyGroupProfile::hourly",
              "ResourceGroupProfile::packs")  # fmt: skip


@pytest.fixture
def stack(program: Program) -> PanelStack:
    stack = program(PROGRAM)
    stack.up()
    return stack


def what_there_is(panel: RunningPanel) -> dict[str, Any]:
    (server,) = panel.state()["servers"]
    user = next(user for user in panel.state()["users"] if user["extRelationId"] == 1001)
    return {
        "firewall": (
            server["network"]["interfaces"][0]["firewallEnabled"],
            server["hidden"]["firewallRulesets"]["primary"],
        ),
        "xml": server["customXML"]["domain"],
        "hourly": user["selfServiceHourlyGroupProfiles"],
        "packs": user["selfServiceResourceGroupProfiles"],
    }


def targets(stack: PanelStack) -> list[str]:
    urns = [resource["urn"] for resource in stack.export()["deployment"]["resources"]]
    found = [f"--target-replace={urn}" for urn in urns if urn.endswith(SUCCESSIVE)]
    assert len(found) == len(SUCCESSIVE)
    return found


def test_a_targeted_replacement_leaves_what_the_new_resource_has_made(stack: PanelStack, panel: RunningPanel) -> None:
    before = what_there_is(panel)
    panel.advance(60)
    assert stack.counts(stack.up(*targets(stack)))["replaced"] == len(SUCCESSIVE)
    assert what_there_is(panel) == before
    assert stack.changed.count("POST /servers/1/build") == 1
    stack.run("refresh", "--yes", "--expect-no-changes")
    assert stack.preview_steps() == []


def test_the_old_ones_may_be_deleted_by_a_later_run(stack: PanelStack, panel: RunningPanel) -> None:
    before = what_there_is(panel)
    panel.advance(60)
    panel.fault(method="POST", path="/build$", status=422, body={"errors": ["no"]}, delay=1)
    stack.up(*targets(stack), fails=True)
    doomed = [resource["urn"] for resource in stack.export()["deployment"]["resources"] if resource.get("delete")]
    assert {urn.rpartition("::")[2] for urn in doomed} == {"xml", "hourly", "packs"}
    stack.up()
    assert what_there_is(panel) == before
    assert stack.preview_steps() == []


def test_replace_on_changes_and_a_rename_do_so_too(stack: PanelStack, panel: RunningPanel) -> None:
    before = what_there_is(panel)
    stack.replace(("rulesets=[1]", "rulesets=[2]"), ('"xml"', '"renamed"'), ('"hourly"', '"renamed too"'))
    assert stack.counts(stack.up()) == {"created": 2, "deleted": 2, "replaced": 1}
    assert what_there_is(panel) == before | {"firewall": (True, [2])}
    assert stack.preview_steps() == []
    stack.destroy()
    assert panel.state()["servers"] == []


@pytest.mark.long
def test_after_a_replacement_that_another_resource_broke_off_a_destroy_asks_for_a_refresh(
    stack: PanelStack, panel: RunningPanel
) -> None:
    """The build before the last is still to be forgotten; without its successor's word it looks like a stranger's."""
    panel.advance(60)
    panel.fault(method="POST", path="/firewall/", status=422, body={"errors": ["no"]})
    stack.up(*targets(stack), fails=True)
    doomed = [resource["urn"] for resource in stack.export()["deployment"]["resources"] if resource.get("delete")]
    assert "system" in {urn.rpartition("::")[2] for urn in doomed}
    (said,) = [line for line in stack.said_of("system", stack.destroy(fails=True)) if "was not deleted" in line]
    assert "`pulumi refresh` shows and accepts what it is now" in said
    assert len(panel.state()["servers"]) == 1
    stack.refresh()
    stack.destroy()
    assert panel.state()["servers"] == []


OF_ANOTHER_KIND = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001, self_service=3)
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="web-1")
hush = virtfusion.Server(
    "hush", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name=pulumi.Output.secret("hush-hush")
)
pack = virtfusion.ResourcePack("pack", relation=ada.relation, pack_id=1, delete_servers=True)
"""


@both_doors
def test_a_preview_says_what_it_destroys_and_refuses_what_a_planned_one_refuses(
    program: Program, panel: RunningPanel
) -> None:
    """The engine tells a provider nothing of it: no old inputs, no diff."""
    stack = program(OF_ANOTHER_KIND)
    stack.up()
    urns = {name: resource["urn"] for name, resource in stack.resources().items()}
    panel.clear_requests()
    said = stack.preview(f"--target-replace={urns['web']}", f"--target-replace={urns['hush']}")
    assert any("destroys server" in line and "'web-1', 198.51.100." in line for line in stack.said_of("web", said))
    assert any("destroys server" in line for line in stack.said_of("hush", said))
    assert "hush-hush" not in said.stdout + said.stderr
    owned = next(server["id"] for server in panel.state()["servers"])
    panel.mutate("servers", owned, {"resourcePackId": 1})
    stack.run("state", "taint", urns["pack"], "--yes")
    refused = stack.run("preview", fails=True)
    assert "cannot be replaced" in refused.stdout + refused.stderr
    assert stack.changed == []
