"""The plug-in: as a process that tests speak gRPC to, and on the real CLI, which finds it in a project's `plugins`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.doors import project_of, through
from tests.engine.panel_stack import PanelStack
from tests.lifecycle.conftest import life as life
from tests.lifecycle.conftest import panel as panel
from tests.lifecycle.conftest import workers_panel as workers_panel

TOKEN = "marked-token-77ab10"
Program = Callable[..., PanelStack]

pytest_generate_tests = through("native")


@pytest.fixture
def running_sandbox() -> Iterator[RunningPanel]:
    """A panel for stacks of the real CLI."""
    with running(token=TOKEN, build_seconds=0.1) as sandbox:
        yield sandbox


@pytest.fixture
def program(
    running_sandbox: RunningPanel, plugin_folder: Path, pulumi_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Program]:
    """Makes a stack of a program through the plug-in, or first through another `door`, in Python or another `runtime`.

    At the end the token must stand in no file of any of them.
    """
    stacks: list[PanelStack] = []

    def new(text: str, *, door: str = "native", runtime: str = "python", **environment: str) -> PanelStack:
        folder = tmp_path_factory.mktemp("stack")
        (folder / "project").mkdir()
        (folder / "project" / "Pulumi.yaml").write_text(project_of(plugin_folder, runtime))
        own = {"VIRTFUSION_ENDPOINT": running_sandbox.origin, "VIRTFUSION_TOKEN": TOKEN, "VIRTFUSION_DOOR": door}
        stacks.append(
            PanelStack(folder, text, running_sandbox, pulumi_home=pulumi_home, environment={**own, **environment})
        )
        return stacks[-1]

    yield new
    for stack in stacks:
        assert stack.files_with(TOKEN) == []
