"""What somebody changed at the panel is seen by a refresh and put back by the next `up`."""

from __future__ import annotations

import re

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program
from tests.engine.panel_stack import PanelStack

PROGRAM = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
web = virtfusion.Server(
    "web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, memory=2048, name="web", backup_access="full"
)
pulumi.export("traffic", web.traffic)
pulumi.export("hypervisor", web.hypervisor_id)
"""


@pytest.fixture
def stack(program: Program) -> PanelStack:
    stack = program(PROGRAM)
    stack.up()
    return stack


def test_drift_shows_and_the_next_up_puts_it_back(stack: PanelStack, panel: RunningPanel) -> None:
    stack.refresh()
    assert stack.preview_steps() == []
    panel.mutate("servers", 1, {"settings.resources.memory": 4096, "name": "renamed", "settings.resources.traffic": 7})
    panel.mutate("users", 2, {"name": "Eve"})

    shown = stack.preview("--refresh", "--diff").stdout
    lines = [re.sub(r"\s+", " ", line).strip().replace(" :", ":") for line in shown.splitlines()]
    for seen, put_back in (
        ("~ memory: 2048 => 4096", "~ memory: 4096 => 2048"),
        ('~ name: "web" => "renamed"', '~ name: "renamed" => "web"'),
        ('~ name: "Ada" => "Eve"', '~ name: "Eve" => "Ada"'),
    ):
        assert seen in lines
        assert put_back in lines

    stack.refresh()
    assert stack.changed == []
    assert stack.resources()["web"]["inputs"]["memory"] == 4096
    assert {step.name: step.diff_reasons for step in stack.preview_steps()} == {
        "ada": ["name"],
        "web": ["memory", "name"],
    }
    stack.up()
    assert sorted(stack.changed) == [
        "PUT /servers/1/modify/memory", "PUT /servers/1/modify/name", "PUT /users/1001/byExtRelation",
    ]  # fmt: skip
    # What the program does not say was never its own: it is read, and left as it is.
    assert stack.outputs()["traffic"] == 7
    stack.refresh("--expect-no-changes")
    assert stack.preview_steps() == []
    # What the panel cannot tell stays as the program gave it.
    assert stack.resources()["web"]["outputs"]["backup_access"] == "full"


@pytest.mark.long
def test_what_is_gone_is_made_again_and_what_is_only_unreadable_is_kept(stack: PanelStack, panel: RunningPanel) -> None:
    for status, body in ((404, "<html>no such route</html>"), (403, {"message": "This action is unauthorized."})):
        panel.fault(method="GET", path="^/servers/1$", status=status, body=body, times=None)
        text = str(stack.refresh(fails=True))
        assert str(status) in text
        assert "Traceback" not in text
        panel.clear_faults()
        assert set(stack.resources()) == {"ada", "web"}

    panel.mutate("servers", 1, delete=True)
    stack.refresh()
    assert set(stack.resources()) == {"ada"}
    assert [(step.op, step.name) for step in stack.preview_steps()] == [("create", "web")]
    stack.up()
    assert stack.changed[0] == "POST /servers"
    panel.mutate("servers", 2, delete=True)
    stack.destroy()
    assert [user["id"] for user in panel.state()["users"]] == [1]
