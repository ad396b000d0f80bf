"""The stack harness does what it says, on the real CLI."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stack import Result, Stack, UnexpectedOutcome

NewStack = Callable[..., Stack]
PROGRAM = """
import pulumi
from tests.harness.note import Note

note = Note("a", {path!r}, {text!r})
pulumi.export("length", note.length)
pulumi.export("language", note.language)
"""


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return tmp_path / "note.txt"


@pytest.fixture
def stack(new_stack: NewStack, note: Path) -> Stack:
    return new_stack(PROGRAM.format(path=str(note), text="one"))


@pytest.mark.long
def test_a_stack_goes_up_changes_and_goes_away(stack: Stack, note: Path) -> None:
    stack.config("note:language", "latin", secret=True)
    assert [(step.op, step.name) for step in stack.preview_steps()] == [("create", "program-dev"), ("create", "a")]
    stack.up()
    assert note.read_text() == "one"
    assert stack.outputs() == {"length": 3, "language": "latin"}
    assert stack.resources()["a"]["id"] == str(note)
    assert stack.preview_steps() == []

    stack.write(PROGRAM.format(path=str(note), text="three"))
    (step,) = stack.preview_steps()
    assert (step.op, step.diff_reasons) == ("update", ["text"])
    assert step.detailed_diff == {"text": {"kind": "update", "inputDiff": True}}
    stack.up()
    assert note.read_text() == "three"

    stack.destroy()
    assert not note.exists()
    assert stack.resources() == {}


def test_drift_is_seen_by_a_refresh(stack: Stack, note: Path) -> None:
    stack.up("--skip-preview")
    note.write_text("changed by hand")
    stack.refresh()
    assert stack.resources()["a"]["inputs"]["text"] == "changed by hand"


def test_a_failure_raises_with_all_that_was_printed(stack: Stack, note: Path) -> None:
    stack.write(PROGRAM.format(path=str(note), text="boom"))
    with pytest.raises(UnexpectedOutcome, match="the pen is empty"):
        stack.up("--skip-preview")


def test_an_expected_failure_is_a_result_and_its_absence_raises(stack: Stack, note: Path) -> None:
    with pytest.raises(UnexpectedOutcome, match="ended with 0"):
        stack.preview(fails=True)
    stack.write(PROGRAM.format(path=str(note), text="refused"))
    result = stack.preview(fails=True)
    assert isinstance(result, Result)
    assert "text: refused" in result.stdout


def test_an_interrupt_reaches_the_cli_of_a_test_run_that_ignores_it(stack: Stack) -> None:
    stack.write("import time\ntime.sleep(60)\n")
    ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = stack.start("up", "--yes", "--skip-preview")
    finally:
        signal.signal(signal.SIGINT, ignored)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    stdout, _ = process.communicate(timeout=30)
    assert process.returncode != 0, stdout


def test_a_folder_brings_its_own_project(new_stack: NewStack, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: mine\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  mine:greeting: hello\n")
    program = 'import pulumi\npulumi.export("greeting", pulumi.Config().require("greeting"))\n'
    (tmp_path / "__main__.py").write_text(program)
    stack = new_stack(tmp_path)
    stack.up("--skip-preview")
    assert stack.outputs() == {"greeting": "hello"}
