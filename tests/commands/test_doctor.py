"""`virtfusion doctor`: what it looks at, and what it says of each thing that can be wrong."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.commands.conftest import Beside, Command, Program

AREAS = [
    "connection and token",
    "packages",
    "hypervisor groups",
    "hypervisors",
    "servers",
    "users",
    "SSH keys",
    "IP blocks",
    "self-service",
]


def test_a_panel_that_answers_is_well(virtfusion: Command, panel: RunningPanel) -> None:
    result = virtfusion("doctor")
    assert result.exit_code == 0
    assert [
        line.split("   ")[1].rpartition(" (")[0] for line in result.stdout.splitlines() if line[:2] == "ok"
    ] == AREAS
    assert f"panel {panel.origin}" in result.stdout
    assert {request["method"] for request in panel.requests()} == {"GET"}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"VIRTFUSION_ENDPOINT": ""}, "virtfusion:endpoint is not set: run `pulumi config set virtfusion:endpoint"),
        ({"VIRTFUSION_TOKEN": ""}, "virtfusion:token is not set: run `pulumi config set --secret virtfusion:token"),
        ({"VIRTFUSION_ENDPOINT": "panel"}, "must be an address such as https://panel.example.com"),
        ({"VIRTFUSION_REQUEST_TIMEOUT": "soon"}, "VIRTFUSION_REQUEST_TIMEOUT: 'soon' must be a number of seconds"),
    ],
)
def test_a_setting_that_is_missing_or_wrong_is_named_before_anything_is_asked(
    virtfusion: Command, panel: RunningPanel, environment: dict[str, str], said: str
) -> None:
    result = virtfusion("doctor", **environment)
    assert result.exit_code == 1
    assert said in result.stdout
    assert panel.requests() == []


def test_a_wrong_token_is_said_once_and_not_asked_for_everywhere(virtfusion: Command, panel: RunningPanel) -> None:
    result = virtfusion("doctor", VIRTFUSION_TOKEN="another")
    assert result.exit_code == 1
    assert result.stdout.count("BAD") == 1
    assert "BAD  connection and token: GET /connect answered 401" in result.stdout
    assert len(panel.requests()) == 1


def test_an_area_that_the_token_does_not_reach_is_named(virtfusion: Command, panel: RunningPanel) -> None:
    panel.add_token("narrow", scope=["/servers", "/users", "/packages"])
    result = virtfusion("doctor", VIRTFUSION_TOKEN="narrow")
    assert result.exit_code == 1
    bad = [line.partition(":")[0] for line in result.stdout.splitlines() if line.startswith("BAD")]
    assert bad == ["BAD  hypervisor groups", "BAD  hypervisors", "BAD  SSH keys", "BAD  IP blocks", "BAD  self-service"]
    assert "scope does not cover this operation" in result.stdout


def test_a_panel_that_is_not_there_is_said_once(virtfusion: Command) -> None:
    result = virtfusion("doctor", VIRTFUSION_ENDPOINT="http://127.0.0.1:9")
    assert result.exit_code == 1
    assert result.stdout.count("BAD") == 1
    assert "127.0.0.1:9" in result.stdout


def test_a_stack_says_itself_which_panel(beside: Beside, program: Program, panel: RunningPanel) -> None:
    stack = program("")
    del stack.environment["VIRTFUSION_ENDPOINT"], stack.environment["VIRTFUSION_TOKEN"]
    assert beside(stack, "doctor").returncode == 1
    stack.config("virtfusion:endpoint", panel.origin)
    stack.config("virtfusion:token", panel.token, secret=True)
    assert beside(stack, "doctor").returncode == 1
    assert beside(stack, "doctor", "--stack", "dev").returncode == 0
    stack.config("virtfusion:endpont", panel.origin)
    stack.config("virtfusion:token", panel.token)
    wrong = beside(stack, "doctor", "--stack", "dev")
    assert wrong.returncode == 1
    assert wrong.stdout.count("BAD") == 2
    assert "BAD  virtfusion:endpont is no setting: virtfusion:endpoint is." in wrong.stdout
    assert "BAD  virtfusion:token is in plain in the stack's configuration" in wrong.stdout
    assert "ok   connection and token" in wrong.stdout
    unknown = beside(stack, "doctor", "--stack", "prod")
    assert unknown.returncode == 1
    assert "no stack named 'prod' found" in unknown.stdout
