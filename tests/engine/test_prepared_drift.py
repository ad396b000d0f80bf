"""The command that the panel's page names under a drift shows that drift, and does what the page says of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from pulumi_virtfusion.sandbox.prepared_drift import DRIFTS
from tests.engine.panel_stack import PanelStack

PROGRAM = f"""
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
for name in {list(DRIFTS)}:
    server = virtfusion.Server(
        name, package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name=name, memory=2048, suspended=False
    )
    virtfusion.ServerBuild(name, server_id=server.id, operating_system_id=1)
"""

REFRESHED = {
    "rename": '~ name : "rename" => "rename-renamed"',
    "resize": "~ memory : 2048 => 4096",
    "suspend": "~ suspended : false => true",
    "migrate": "~ hypervisor_group_id : 1 => 2",
    "reinstall": "~ operating_system_id: 1 => 2",
    "give-away": "~ user_id : 2 => 1",
    "delete": '- name : "delete"',
}
PLANNED = {
    ("rename", "update"),
    ("resize", "update"),
    ("suspend", "update"),
    ("give-away", "update"),
    ("delete", "create"),
}


@pytest.mark.long
def test_each_is_shown_by_the_command_that_is_named(program: Callable[..., PanelStack], panel: RunningPanel) -> None:
    stack = program(PROGRAM)
    stack.up()
    ids = {server["name"]: server["id"] for server in panel.state()["servers"]}
    for name in DRIFTS:
        panel.drift(name, ids[name])
    (command,) = {drift.command for drift in DRIFTS.values()}
    _, verb, *flags = command.split()
    assert verb == "preview"
    said = " ".join(stack.run(verb, *flags).stdout.split())
    assert {name: text in said for name, text in REFRESHED.items()} == dict.fromkeys(DRIFTS, True)
    assert {(step.name, step.op) for step in stack.preview_steps("--refresh") if step.op != "refresh"} == PLANNED
