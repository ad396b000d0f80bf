"""Commands as a person runs them: in this process with the panel in the environment, or beside a stack."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.commands import main
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.engine.panel_stack import PanelStack

TOKEN = "marked-token-77ab20"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"

Command = Callable[..., Result]
Beside = Callable[..., "subprocess.CompletedProcess[str]"]
Program = Callable[[str | Path], PanelStack]


@pytest.fixture
def panel() -> Iterator[RunningPanel]:
    with running(token=TOKEN, build_seconds=0.1) as panel:
        yield panel


@pytest.fixture(autouse=True)
def outside_of_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process stands in no project, which would say which panel is asked."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def client(panel: RunningPanel) -> VirtFusion:
    """A person who changes the panel behind everybody's back."""
    return VirtFusion(panel.origin, panel.token)


@pytest.fixture
def virtfusion(panel: RunningPanel) -> Command:
    """Runs a command; the token must be in nothing that it prints."""

    def run(*arguments: str, **environment: str) -> Result:
        environment = {"VIRTFUSION_ENDPOINT": panel.origin, "VIRTFUSION_TOKEN": TOKEN, **environment}
        result = CliRunner().invoke(main, arguments, env=environment)
        assert TOKEN not in result.output
        return result

    return run


@pytest.fixture
def program(
    panel: RunningPanel, pulumi_home: Path, tmp_path_factory: pytest.TempPathFactory, door: str, plugin_folder: Path
) -> Program:
    """Makes a stack of a program on the panel, through the door of the test."""

    def new(program: str | Path) -> PanelStack:
        folder = tmp_path_factory.mktemp("stack")
        return PanelStack.through(door, plugin_folder, folder, program, panel, pulumi_home=pulumi_home)

    return new


@pytest.fixture
def beside() -> Beside:
    """Runs a command in a stack's folder, as a person or CI does; the token must be in nothing that it prints."""

    def run(stack: PanelStack, *arguments: str, input: str | None = None) -> subprocess.CompletedProcess[str]:  # noqa: A002
        command = [sys.executable, "-m", "pulumi_virtfusion", *arguments]
        done = subprocess.run(
            command, cwd=stack.project, env=stack.environment, input=input, capture_output=True, text=True, check=False
        )
        assert TOKEN not in done.stdout + done.stderr
        return done

    return run
