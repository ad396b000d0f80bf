"""What `virtfusion new` writes comes up on a sandbox and goes away; `production` says what it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pulumi_virtfusion.commands import main
from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import TOKEN, Program
from tests.engine.panel_stack import PanelStack

PLACEHOLDER = (
    "virtfusion:endpoint of the stack: The panel's endpoint must be an address such as https://panel.example.com"
)


@pytest.fixture
def project(tmp_path: Path, program: Program, panel: RunningPanel) -> PanelStack:
    """A new project as it stands, but for the port of the sandbox; its token is in the environment alone."""
    assert CliRunner().invoke(main, ["new", str(tmp_path / "shop")]).exit_code == 0
    stack = program(tmp_path / "shop", environment={"VIRTFUSION_TOKEN": TOKEN})
    stack.config("virtfusion:endpoint", panel.origin)
    return stack


@pytest.mark.long
def test_a_new_project_comes_up_stays_unchanged_and_goes_away(project: PanelStack, panel: RunningPanel) -> None:
    stack = project
    assert [step.op for step in stack.preview_steps()] == ["create"] * 5
    stack.up()
    (server,) = panel.state()["servers"]
    assert (server["state"], server["hostname"]) == ("complete", "web-1.dev.example.com")
    outputs = stack.outputs()
    assert outputs["address"] in [held["address"] for held in panel.state()["addresses"]]
    assert outputs["root_password"]
    assert stack.preview_steps() == []

    stack.run("stack", "init", "production")
    refused = stack.preview("--stack", "production", fails=True)
    assert PLACEHOLDER in refused.stdout
    assert stack.asked == []

    # On a panel that calls things otherwise, the preview lists what there is.
    stack.config("virtfusion:endpoint", panel.origin)
    stack.config("package", "Tiny")
    unknown = stack.preview("--stack", "production", fails=True)
    assert "There is no package named 'Tiny'. What there is:" in unknown.stdout
    assert "'Medium'" in unknown.stdout

    stack.destroy("--stack", "dev")
    state = panel.state()
    assert (state["servers"], state["ssh_keys"], [user["id"] for user in state["users"]]) == ([], [], [1])
