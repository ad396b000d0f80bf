"""A token in plain, a misspelt key, a wrong setting: what a program says of its configuration, and how often."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.doors import both_doors
from tests.engine.conftest import Program
from tests.engine.panel_stack import PanelStack

TWO_USERS = """
import pulumi
import pulumi_virtfusion as virtfusion

for name in ("ada", "eve"):
    virtfusion.User(name, name=name, email=f"{name}@example.com", opts=pulumi.ResourceOptions())
"""
THE_STACKS = "marked-token-of-the-stack"
PLAIN = "virtfusion:token is in plain in the stack's configuration"


def configured(stack: PanelStack, panel: RunningPanel, *, secret: bool) -> PanelStack:
    """A stack whose configuration says which panel, and not the environment."""
    del stack.environment["VIRTFUSION_ENDPOINT"], stack.environment["VIRTFUSION_TOKEN"]
    stack.config("virtfusion:endpoint", panel.origin)
    panel.add_token(THE_STACKS)
    stack.config("virtfusion:token", THE_STACKS, secret=secret)
    return stack


def diagnostics(text: str) -> str:
    """What is said at the end; while the preview runs, the last line of it is shown too."""
    return text.rpartition("Diagnostics:")[2]


@both_doors
def test_a_token_in_plain_is_warned_of_once_in_every_preview(program: Program, panel: RunningPanel) -> None:
    stack = configured(program(TWO_USERS), panel, secret=False)
    for _ in range(2):
        assert diagnostics(stack.preview().stdout).count(PLAIN) == 1
    stack.config("virtfusion:token", THE_STACKS, secret=True)
    assert PLAIN not in stack.preview().stdout


@both_doors
def test_a_key_that_is_nearly_a_setting_stops_the_program_once(program: Program, panel: RunningPanel) -> None:
    stack = configured(program(TWO_USERS), panel, secret=True)
    stack.config("virtfusion:region", "eu")
    stack.config("virtfusion:request_timeout", "20")
    said = stack.preview(fails=True).stdout
    assert diagnostics(said).count("virtfusion:request_timeout is no setting: virtfusion:requestTimeout is.") == 1
    assert "Traceback" not in said
    assert "region" not in said
    stack.run("config", "rm", "virtfusion:request_timeout")
    stack.preview()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('endpoint="panel"', "endpoint= of Provider 'eu': The panel's endpoint must be an address such as"),
        ('endpoint=pulumi.Output.from_input("panel")', "endpoint= of Provider 'eu': The panel's endpoint must be"),
        ('endpoint="https://a.example", request_timeout=0', "request_timeout= of Provider 'eu': '0' must be a number"),
        ('endpoint="https://a.example", token=" "', "token= of Provider 'eu' is empty."),
    ],
)
def test_a_setting_of_a_provider_is_named_as_the_program_wrote_it(program: Program, given: str, said: str) -> None:
    token = "" if "token" in given else ', token="marked-token-of-eu"'
    stack = program(
        f"import pulumi\nimport pulumi_virtfusion as virtfusion\neu = virtfusion.Provider('eu', {given}{token})\n"
        "virtfusion.User('ada', name='Ada', email='a@example.com', opts=pulumi.ResourceOptions(provider=eu))\n"
    )
    out = stack.preview(fails=True).stdout
    assert said in out
    assert "Traceback" not in out
