"""One program, two stacks that differ in their settings only."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import TOKEN, Program
from tests.engine.panel_stack import PanelStack
from tests.stack import ROOT


@pytest.fixture
def environments(program: Program) -> PanelStack:
    """Both stacks with the token as a secret of their own settings, and the sandbox for a panel; `prod` selected."""
    stack = program(ROOT / "examples" / "environments", environment={})
    stack.run("stack", "init", "prod")
    for name in ("dev", "prod"):
        stack.run(
            "config", "set-all", "--stack", name,
            "--plaintext", f"virtfusion:endpoint={stack.panel.url}", "--secret", f"virtfusion:token={TOKEN}",
        )  # fmt: skip
    return stack


def test_each_stack_is_what_its_settings_say(environments: PanelStack, panel: RunningPanel) -> None:
    stack = environments
    stack.up("--stack", "dev")
    assert [server["name"] for server in panel.state()["servers"]] == ["web-1 (dev)"]
    assert stack.counts(stack.up("--stack", "prod")) == {"created": 11}
    servers = panel.state()["servers"]
    assert sorted(server["name"] for server in servers) == [
        "web-1 (dev)", "web-1 (prod)", "web-2 (prod)", "web-3 (prod)",
    ]  # fmt: skip
    assert sorted(server["settings"]["resources"]["memory"] for server in servers) == [1024, 2048, 2048, 2048]
    assert stack.outputs()["hostnames"] == ["web-1.example.com", "web-2.example.com", "web-3.example.com"]

    for name in ("dev", "prod"):
        stack.up("--expect-no-changes", "--stack", name)
        assert stack.asked == []

    # A larger prod is one number, and its package one other.
    stack.run("config", "set-all", "--plaintext", "servers=4", "--plaintext", "package=3")
    assert sorted((step.op, step.name) for step in stack.preview_steps()) == [
        ("create", "web-4"), ("create", "web-4"), ("create", "web-4"),
        ("update", "web-1"), ("update", "web-2"), ("update", "web-3"),
    ]  # fmt: skip

    # What is protected does not go away, what is not does.
    assert "protected" in str(stack.destroy("--stack", "prod", fails=True))
    assert stack.changed == []
    stack.destroy("--stack", "dev")
    assert len(panel.state()["servers"]) == 3

    stack.run("config", "set", "protect", "false")
    stack.up()
    assert sorted(server["settings"]["resources"]["memory"] for server in panel.state()["servers"]) == [8192] * 4
    stack.destroy("--stack", "prod")
    assert (panel.state()["servers"], panel.state()["addresses"]) == ([], [])
