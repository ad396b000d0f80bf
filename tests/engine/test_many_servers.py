"""A stack of a hundred servers costs the panel nothing as long as nothing changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.engine.conftest import TOKEN, Program

PROGRAM = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
servers = [
    virtfusion.Server(f"web-{n}", package_id=1, user_id=ada.user_id, hypervisor_group_id=1) for n in range(100)
]
pulumi.export("addresses", [server.primary_ipv4 for server in servers])
"""


@pytest.fixture
def panel() -> Iterator[RunningPanel]:
    with running(token=TOKEN, seed_profile="large") as panel:
        yield panel


@pytest.mark.long
def test_a_hundred_unchanged_servers_are_no_request(program: Program, panel: RunningPanel) -> None:
    stack = program(PROGRAM)
    assert stack.counts(stack.up("--parallel", "16")) == {"created": 102}
    assert len(set(stack.outputs()["addresses"])) == 100
    stack.preview("--expect-no-changes")
    assert stack.asked == []
    assert stack.counts(stack.run("up", "--yes", "--expect-no-changes")) == {"unchanged": 102}
    assert stack.asked == []
    assert len(panel.state()["servers"]) == 100
