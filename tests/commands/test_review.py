"""`virtfusion review`: what is piped into it or named, what it prints, and how it ends."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pulumi_virtfusion.commands import main
from pulumi_virtfusion.review.markdown import MARKER
from pulumi_virtfusion.sandbox import RunningPanel
from tests.commands.conftest import Beside, Program

DATA = Path(__file__).parents[1] / "review" / "data"
ENDS = {
    "unchanged": {"never": 0, "destroy": 0, "replace": 0},
    "create": {"never": 0, "destroy": 0, "replace": 0},
    "update": {"never": 0, "destroy": 0, "replace": 0},
    "others_deleted": {"never": 0, "destroy": 0, "replace": 3},
    "build_on_existing": {"never": 0, "destroy": 3, "replace": 3},
    "actions_again": {"never": 0, "destroy": 3, "replace": 3},
    "replace": {"never": 0, "destroy": 3, "replace": 3},
    "delete": {"never": 0, "destroy": 3, "replace": 3},
    "failed_check": {"never": 2, "destroy": 2, "replace": 2},
    "event_stream": {"never": 2, "destroy": 2, "replace": 2},
}
PROGRAM = """
import pulumi_virtfusion as virtfusion

web = virtfusion.Server("web", package_id=1, user_id=1, hypervisor_group_id=1, name="shop @everyone")
virtfusion.ServerBuild("web", server_id=web.id, operating_system_id=1)
"""


def review(*arguments: str, given: bytes | None = None) -> Result:
    """Without any setting."""
    environment = {"VIRTFUSION_ENDPOINT": "", "VIRTFUSION_TOKEN": ""}
    return CliRunner().invoke(main, ["review", *arguments], input=given, env=environment)


@pytest.mark.parametrize(("name", "fail_on"), [(name, fail_on) for name in ENDS for fail_on in ENDS[name]])
def test_the_exit_code_is_what_was_asked_for(name: str, fail_on: str) -> None:
    result = review(str(DATA / f"{name}.json"), "--fail-on", fail_on)
    assert result.exit_code == ENDS[name][fail_on]
    assert (result.stdout == "") == (result.exit_code == 2)
    assert result.stderr.startswith(
        {0: "", 2: "The ", 3: f"--fail-on {fail_on}: "}[result.exit_code],
    )
    assert "Traceback" not in result.output


def test_it_never_fails_unless_it_is_asked_to() -> None:
    assert review(str(DATA / "delete.json")).exit_code == 0


@pytest.mark.parametrize("given", [["-"], []])
def test_a_pipe_and_a_file_are_the_same(given: list[str]) -> None:
    data = (DATA / "replace.json").read_bytes()
    assert review(*given, given=data).stdout == review(str(DATA / "replace.json")).stdout


def test_each_format_is_its_own() -> None:
    """A program that reads it gets Markdown, a person at a terminal text."""
    file = str(DATA / "delete.json")
    assert review(file).stdout == review(file, "--format", "markdown").stdout
    assert review(file).stdout.splitlines()[0] == MARKER
    assert "  2 x Server: deleted, with its disk" in review(file, "--format", "text").stdout
    written = json.loads(review(file, "--format", "json").stdout)
    assert (written["version"], written["destroys"], written["counts"]["destroyed"]) == (1, True, 7)


def test_at_a_terminal_it_is_text_with_headings() -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "pulumi_virtfusion", "review", str(DATA / "rebuild.json")]
    subprocess.run(command, stdout=follower, stdin=subprocess.DEVNULL, check=True)
    os.close(follower)
    with io.FileIO(leader) as terminal:
        printed = terminal.read(65_536).decode()
    assert "\x1b[1mWiped: 1\x1b[0m" in printed
    assert MARKER not in printed


def test_at_a_terminal_nobody_is_waited_for() -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "pulumi_virtfusion", "review"]
    done = subprocess.run(command, stdin=follower, capture_output=True, text=True, timeout=60, check=False)
    os.close(leader)
    os.close(follower)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Pipe `pulumi preview --json" in done.stderr


@pytest.mark.parametrize("format", ["markdown", "text", "json"])
def test_a_locale_that_knows_no_letter_breaks_nothing(format: str) -> None:  # noqa: A002
    data = (DATA / "delete.json").read_text().replace("shop", "Bücher 日本")
    command = [sys.executable, "-m", "pulumi_virtfusion", "review", "--format", format]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, input=data.encode(), capture_output=True, env=environment, check=True)
    assert b"B\\" in done.stdout
    assert done.stdout.isascii()


def test_a_file_that_is_not_there_is_named() -> None:
    result = review("no-such-file.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no-such-file.json" in result.stderr


def test_the_preview_of_a_real_program_is_reviewed_without_a_panel(
    program: Program, beside: Beside, panel: RunningPanel
) -> None:
    stack = program(PROGRAM)
    stack.up()
    stack.replace(("operating_system_id=1", "operating_system_id=2"), ("package_id=1", "package_id=3"))
    preview = stack.preview("--json", "--show-replacement-steps", "--show-sames").stdout
    panel.clear_requests()
    done = beside(stack, "review", "--format", "markdown", "--fail-on", "destroy", input=preview)
    assert panel.requests() == []
    assert done.returncode == 3
    said = done.stdout
    assert said.index("### Wiped: 1") < said.index("### Package changes: 1")
    assert "`operating_system_id` `1` => `2`" in said
    assert "`web` (server `1`, <code>shop &#64;everyone</code>, `198.51.100." in said
