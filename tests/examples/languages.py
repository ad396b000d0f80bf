"""The quickstart in other languages: a project of its own, the plug-in where its `Pulumi.yaml` looks for one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.panel_stack import PanelStack
from tests.stack import ROOT, pulumi_cli, search_path

PLUGIN = "pulumi-resource-virtfusion"
WHERE = {
    "pulumi-language-yaml": "tools/install-pulumi builds it, and the official CLI has it beside it",
    "pulumi-language-nodejs": "The official CLI has it beside it; no registry has it",
    "pulumi-language-go": "The official CLI has it beside it; no registry has it",
}


def needs(*executables: str) -> None:
    """Skip the test where one of them is neither on PATH nor beside the CLI, and say so."""
    beside_the_cli = Path(pulumi_cli()).resolve().parent
    for name in executables:
        if shutil.which(name, path=f"{search_path()}{os.pathsep}{beside_the_cli}") is None:
            pytest.skip(f"{name} is missing. {WHERE.get(name, 'Install it')}.")


def may_fetch() -> None:
    """Skip what npm or Go fetches packages for, unless `make examples` runs it: the tests need no network."""
    if "EXAMPLES_MAY_FETCH" not in os.environ:
        pytest.skip("It fetches packages from a registry: `make examples` runs it.")


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


def install(stack: PanelStack, language: str, *commands: str) -> None:
    """What the example's README says before the first `pulumi up`, and what takes long the first time."""
    stack.run("package", "gen-sdk", f".venv/bin/{PLUGIN}", "--language", language, "--local", "--out", "sdks")
    for command in commands:
        done = subprocess.run(
            command.split(),
            cwd=stack.project,
            env=stack.environment,
            capture_output=True,
            text=True,
            timeout=1200,
            check=False,
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
