"""Which panel a command asks: the stack's of this folder, the selected one's by default, else the environment's."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_virtfusion.commands import main
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.commands.conftest import Beside, Program
from tests.commands.test_from_terraform import STATE
from tests.engine.panel_stack import PanelStack

ASKS_NO_PANEL = {"new", "review", "sandbox"}
ASKING = [["import"], ["login-url", "1"], ["from-terraform", "-"], ["orphans", "--every-owner"], ["doctor"]]
"""Every command that asks a panel, but for `recover`, which does more than that."""


@pytest.fixture
def elsewhere() -> Iterator[RunningPanel]:
    """The panel that the environment names."""
    with running(token="marked-token-elsewhere", build_seconds=0.1) as panel:
        yield panel


@pytest.fixture
def stack(program: Program, elsewhere: RunningPanel) -> PanelStack:
    """A stack whose configuration names one panel, and an environment that names another."""
    stack = program("")
    stack.configure()
    stack.environment.update(VIRTFUSION_ENDPOINT=elsewhere.origin, VIRTFUSION_TOKEN=elsewhere.sandbox.token)
    return stack


def asked(stack: PanelStack, elsewhere: RunningPanel) -> tuple[bool, bool]:
    """Whether the stack's panel was asked since the last time, and whether the environment's was."""
    both = bool(stack.panel.requests()), bool(elsewhere.requests())
    stack.panel.clear_requests()
    elsewhere.clear_requests()
    return both


def test_every_command_that_asks_a_panel_takes_a_stack() -> None:
    takes = {
        command.name: "stack" in inspect.signature(command.callback).parameters
        for command in main.registered_commands
        if command.callback
    }
    assert {name for name, has in takes.items() if not has} == ASKS_NO_PANEL
    assert {arguments[0] for arguments in ASKING} == takes.keys() - ASKS_NO_PANEL - {"recover"}


@pytest.mark.long
def test_the_selected_stack_says_which(beside: Beside, stack: PanelStack, elsewhere: RunningPanel) -> None:
    below = stack.project / "below"
    below.mkdir()
    for arguments in ASKING:
        done = beside(stack, *arguments, input=json.dumps(STATE))
        assert "This is a bug" not in done.stderr
        assert (arguments, *asked(stack, elsewhere)) == (arguments, True, False)
    stack.run("stack", "init", "other")
    for arguments in ASKING:
        beside(stack, *arguments, "--stack", "dev", input=json.dumps(STATE))
        assert (arguments, *asked(stack, elsewhere)) == (arguments, True, False)
        done = beside(stack, *arguments, "--stack", "nonsuch", input=json.dumps(STATE))
        assert done.returncode == (1 if arguments == ["doctor"] else 2)
        assert "no stack named 'nonsuch' found" in done.stdout + done.stderr
        assert (arguments, *asked(stack, elsewhere)) == (arguments, False, False)


def test_where_no_stack_is_selected_the_environment_says_so(
    beside: Beside, stack: PanelStack, elsewhere: RunningPanel
) -> None:
    stack.run("stack", "unselect")
    for arguments in (["import"], ["login-url", "1"], ["doctor"]):
        done = beside(stack, *arguments)
        assert "No stack is selected in this folder" in done.stdout + done.stderr
        assert "The environment says which panel is asked." in done.stdout + done.stderr
        assert (arguments, *asked(stack, elsewhere)) == (arguments, False, True)
    done = beside(stack, "orphans")
    assert (done.returncode, done.stderr.count("No stack is selected")) == (2, 1)


def test_a_stack_that_cannot_be_read_is_not_passed_over(
    beside: Beside, stack: PanelStack, elsewhere: RunningPanel
) -> None:
    stack.environment["PULUMI_CONFIG_PASSPHRASE"] = "another"
    for arguments in ASKING:
        done = beside(stack, *arguments, input=json.dumps(STATE))
        assert done.returncode == (1 if arguments == ["doctor"] else 2)
        assert "incorrect passphrase" in done.stdout + done.stderr
        assert (arguments, *asked(stack, elsewhere)) == (arguments, False, False)


def test_a_misspelt_setting_of_the_stack_is_named_by_each(
    beside: Beside, stack: PanelStack, elsewhere: RunningPanel
) -> None:
    stack.run("config", "rm", "virtfusion:endpoint")
    stack.config("virtfusion:endpont", stack.panel.origin)
    for arguments in [*ASKING, ["recover", "--yes"]]:
        if arguments == ["doctor"]:
            continue  # which looks at the panel all the same, and says so at the end
        done = beside(stack, *arguments, input=json.dumps(STATE))
        assert done.returncode == 2
        assert "virtfusion:endpont is no setting: virtfusion:endpoint is." in done.stderr
        assert (arguments, *asked(stack, elsewhere)) == (arguments, False, False)


def test_a_state_from_a_file_and_a_stack_that_says_where(
    beside: Beside, stack: PanelStack, elsewhere: RunningPanel, tmp_path: Path
) -> None:
    file = tmp_path / "state.json"
    file.write_text(stack.run("stack", "export").stdout)
    stack.panel.clear_requests()
    made = {"type": "pulumi-python:dynamic/virtfusion:User", "custom": True, "id": "1"}
    outputs = {"user_id": 1, "relation": 1}
    state = json.loads(file.read_text())
    state["deployment"]["resources"] = [{**made, "urn": "urn:pulumi:dev::program::x::ada", "outputs": outputs}]
    file.write_text(json.dumps(state))
    assert beside(stack, "orphans", "--state", str(file)).returncode == 0
    assert asked(stack, elsewhere) == (False, True)
    assert beside(stack, "orphans", "--state", str(file), "--stack", "dev").returncode == 0
    assert asked(stack, elsewhere) == (True, False)


def test_a_stack_outside_of_a_project_is_a_sentence(beside: Beside, stack: PanelStack) -> None:
    (stack.project / "Pulumi.yaml").unlink()
    for arguments in (["import", "--stack", "dev"], ["orphans"], ["orphans", "--stack", "dev"], ["recover", "--yes"]):
        done = beside(stack, *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        said = "There is no Pulumi project here: run this in the folder that has its Pulumi.yaml.\n"
        assert (arguments, done.stderr) == (arguments, said)
