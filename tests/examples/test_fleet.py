"""The example of thirty servers: two groups, look-ups by name, and three things attached to each server."""

from __future__ import annotations

from collections import Counter

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program
from tests.stack import ROOT

RESOURCES = 1 + 1 + 30 * 5
"""The stack, the owner, and for each server itself, its system, firewall, whitelist entry and traffic block."""


def test_thirty_servers_come_up_and_go_away(program: Program, panel: RunningPanel) -> None:
    stack = program(ROOT / "examples" / "fleet")
    made = stack.up("--parallel", "16")
    assert stack.counts(made) == {"created": RESOURCES}
    # Each question is put once, however many servers ask it.
    looked_up = Counter(asked for asked in stack.asked if "/packages" in asked or "/groups" in asked or "Spec" in asked)
    assert set(looked_up.values()) == {1}
    servers = panel.state()["servers"]
    assert {server["state"] for server in servers} == {"complete"}
    assert Counter(server["settings"]["resources"]["memory"] for server in servers) == {1024: 20, 2048: 10}
    outputs = stack.outputs()
    assert len(set(outputs.values())) == len(outputs) == 30

    assert stack.preview_steps() == []
    assert stack.changed == []
    unchanged = stack.up("--expect-no-changes")
    assert (stack.counts(unchanged), stack.changed) == ({"unchanged": RESOURCES}, [])

    stack.destroy("--parallel", "16")
    assert stack.resources() == {}
    assert (panel.state()["servers"], panel.state()["addresses"], len(panel.state()["users"])) == ([], [], 1)
