"""`virtfusion doctor`: what it looks at, and what it says of each thing that can be wrong."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.commands.conftest import TOKEN, Beside, Command, Program
from tests.stack import child_environment

COMMAND = (sys.executable, "-m", "pulumi_virtfusion")
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
    assert re.findall(r"^ok   (.*) \(\d+ ms\)$", result.stdout, re.MULTILINE) == AREAS
    assert f"ok   panel: {panel.origin} (VIRTFUSION_ENDPOINT, VIRTFUSION_TOKEN)" in result.stdout
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
    for well in (beside(stack, "doctor"), beside(stack, "doctor", "--stack", "dev")):
        assert well.returncode == 0
        said = f"ok   panel: {panel.origin} (virtfusion:endpoint of the stack, virtfusion:token of the stack)"
        assert said in well.stdout
        names = re.findall(r"^ok   ([\w -]+)(?:$|: \w)", well.stdout, re.MULTILINE)
        assert names[:5] == ["Python", "Pulumi CLI", "language host", "plug-in pulumi-python", "Python of programs"]
    stack.config("virtfusion:endpont", panel.origin)
    stack.config("virtfusion:token", panel.token)
    wrong = beside(stack, "doctor", "--stack", "dev")
    assert wrong.returncode == 1
    assert wrong.stdout.count("BAD") == 2
    assert "BAD  misspelt: virtfusion:endpont is no setting: virtfusion:endpoint is." in wrong.stdout
    assert "BAD  token in plain: virtfusion:token is in plain in the stack's configuration" in wrong.stdout
    assert "ok   connection and token" in wrong.stdout
    unknown = beside(stack, "doctor", "--stack", "prod")
    assert unknown.returncode == 1
    assert "no stack named 'prod' found" in unknown.stdout


def test_json_says_the_same(virtfusion: Command, panel: RunningPanel) -> None:
    panel.add_token("narrow", scope=["/servers", "/users", "/packages"])
    for environment, code in (({}, 0), ({"VIRTFUSION_TOKEN": "narrow"}, 1), ({"VIRTFUSION_ENDPOINT": "panel"}, 1)):
        result = virtfusion("doctor", "--json", **environment)
        told = json.loads(result.stdout)
        lines = virtfusion("doctor", **environment).stdout.splitlines()
        assert (result.exit_code, told["well"]) == (code, code == 0)
        assert [(one["verdict"], one["name"]) for one in told["findings"]] == [
            (line[:5].strip(), re.split(r":| \(\d", line[5:])[0]) for line in lines
        ]
        assert {one["area"] for one in told["findings"]} <= {"installation", "settings", "panel"}


@pytest.mark.parametrize(
    ("variables", "verdict", "said"),
    [
        (
            {"VIRTFUSION_REQUEST_TIMOUT": "3"},
            "BAD",
            "VIRTFUSION_REQUEST_TIMOUT is no setting: VIRTFUSION_REQUEST_TIMEOUT",
        ),
        ({"VIRTFUSION_INSECURE": "true"}, "note", "its certificate is not checked"),
    ],
)
def test_what_is_odd_in_the_environment_is_said(
    virtfusion: Command, variables: dict[str, str], verdict: str, said: str
) -> None:
    result = virtfusion("doctor", **variables)
    assert [line[:5].strip() for line in result.stdout.splitlines() if said in line] == [verdict]
    assert result.exit_code == (1 if verdict == "BAD" else 0)


def python_that_tells(folder: Path, answer: str) -> dict[str, str]:
    """An environment in which Pulumi runs programs with a Python that tells this when it is asked for our version."""
    (folder / "bin").mkdir()
    python = folder / "bin" / "python3"
    python.write_text(f'#!/bin/sh\ncase "$*" in *pulumi_virtfusion*) {answer};; *) exec {sys.executable} "$@";; esac\n')
    python.chmod(0o755)
    (folder / "bin" / "python").symlink_to(python)
    return {"PATH": os.pathsep.join([str(folder / "bin"), child_environment()["PATH"]])}


@pytest.mark.parametrize(
    ("answer", "verdict", "said"),
    [
        ("exit 1", "BAD", "has no pulumi_virtfusion: activate the virtual environment that has it"),
        ("echo 0.0.1", "note", "has pulumi_virtfusion 0.0.1, and this command is of"),
    ],
)
def test_a_python_of_programs_that_is_another_one_is_said(
    beside: Beside, program: Program, tmp_path: Path, answer: str, verdict: str, said: str
) -> None:
    stack = program("")
    stack.environment.update(python_that_tells(tmp_path, answer))
    done = beside(stack, "doctor")
    assert [line[:5].strip() for line in done.stdout.splitlines() if said in line] == [verdict]
    assert done.returncode == (1 if verdict == "BAD" else 0)


def test_in_a_project_the_cli_must_be_there(beside: Beside, program: Program) -> None:
    stack = program("")
    stack.environment["PATH"] = str(stack.project)
    done = beside(stack, "doctor")
    assert done.returncode == 1
    assert "BAD  Pulumi CLI: is not on PATH: install Pulumi anew" in done.stdout
    assert "note settings: The Pulumi CLI, which alone reads a stack, is not on PATH." in done.stdout
    assert "ok   connection and token" in done.stdout


def at_a_terminal(*arguments: str, **environment: str) -> tuple[int, str]:
    """What a command prints to a terminal."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        env={**child_environment(TERM="xterm-256color", COLUMNS="120"), **environment},
        stdin=its, stdout=its, stderr=its,
    )  # fmt: skip
    os.close(its)
    out = io.BytesIO()
    try:
        while part := os.read(ours, 65_536):
            out.write(part)
    except OSError:  # how Linux says that the terminal is closed
        pass
    os.close(ours)
    return process.wait(), out.getvalue().decode()


def test_a_terminal_gets_a_table_in_colours_unless_it_wants_none(panel: RunningPanel) -> None:
    panel.add_token("narrow", scope=["/servers", "/users", "/packages"])
    settings = {"VIRTFUSION_ENDPOINT": panel.origin, "VIRTFUSION_TOKEN": "narrow"}
    code, out = at_a_terminal("doctor", **settings)
    assert code == 1
    assert re.search(r"\x1b\[32mok", out)
    assert re.search(r"\x1b\[1;31mBAD", out)
    assert re.search(r"packages +\d+ ms", out)
    code, plain = at_a_terminal("doctor", NO_COLOR="1", **settings)
    assert code == 1
    assert not re.search(r"\x1b\[[\d;]*m(?=\w)", plain)
    assert re.search(r"BAD +IP blocks +GET /connectivity/ipblocks", plain)
    code, out = at_a_terminal("doctor", "--json", **{**settings, "VIRTFUSION_TOKEN": TOKEN})
    assert (code, json.loads(out)["well"]) == (0, True)
