"""The quickstart in other languages: a project of its own, the plug-in where its `Pulumi.yaml` looks for one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.end_to_end.panel_stack import PanelStack
from tests.stack import ROOT, search_path

PLUGIN = "pulumi-resource-virtfusion"


def needs(*executables: str) -> None:
    """Skip the test where one of them is missing, and say so."""
    for name in executables:
        if shutil.which(name, path=search_path()) is None:
            hint = "; the official Pulumi CLI has it beside it" if name.startswith("pulumi-language-") else ""
            pytest.skip(f"{name} is neither on PATH nor in .tools/bin{hint}.")


def project(example: str, folder: Path) -> Path:
    """A copy of an example, with the plug-in in `.venv/bin` as after `pip install`."""
    copy = folder / example
    made = shutil.ignore_patterns("sdks", "node_modules", ".venv", "go.sum", "package-lock.json")
    shutil.copytree(ROOT / "examples" / example, copy, ignore=made)
    executable = copy / ".venv" / "bin" / PLUGIN
    executable.parent.mkdir(parents=True)
    executable.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pulumi_virtfusion.providers.native.plugin "$@"\n')
    executable.chmod(0o755)
    return copy


def install(stack: PanelStack, language: str, *command: str) -> None:
    """What the example's README says before the first `pulumi up`."""
    stack.run("package", "gen-sdk", f".venv/bin/{PLUGIN}", "--language", language, "--local", "--out", "sdks")
    done = subprocess.run(
        command, cwd=stack.project, env=stack.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def lives_and_dies(stack: PanelStack, panel: RunningPanel) -> None:
    """Up, nothing left to do, and away again."""
    assert stack.counts(stack.up()) == {"created": 6}
    (server,) = panel.state()["servers"]
    assert (server["state"], server["hostname"], server["name"]) == ("complete", "web-1.example.com", "web-1")
    outputs = stack.outputs()
    assert (outputs["server"], outputs["hostname"]) == (server["id"], "web-1.example.com")
    assert outputs["address"] in [held["address"] for held in panel.state()["addresses"]]
    assert outputs["rootPassword"] not in stack.run("stack", "output").stdout

    assert stack.preview_steps() == []
    assert stack.asked == []

    stack.destroy()
    assert stack.resources() == {}
    assert (panel.state()["servers"], [user["id"] for user in panel.state()["users"]]) == ([], [1])
