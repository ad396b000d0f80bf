"""Fixtures of the whole way: a user's program, the real CLI, the provider, and a sandbox panel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.engine.panel_stack import PanelStack

Program = Callable[..., PanelStack]
TOKEN = "marked-token-5f0e1c"
EU_TOKEN = "marked-token-eu-51c0"


@pytest.fixture
def panel() -> Iterator[RunningPanel]:
    with running(token=TOKEN, build_seconds=0.1) as panel:
        yield panel


@pytest.fixture
def eu() -> Iterator[RunningPanel]:
    """A second panel, with a token of its own."""
    with running(token=EU_TOKEN, build_seconds=0.1) as panel:
        yield panel


@pytest.fixture
def program(
    panel: RunningPanel, pulumi_home: Path, tmp_path_factory: pytest.TempPathFactory, door: str, plugin_folder: Path
) -> Iterator[Program]:
    """Makes a stack of a program on the panel, through the door of the test.

    At the end the token must stand in no file of any of them.
    """
    stacks: list[PanelStack] = []

    def new(program: str | Path, *, environment: dict[str, str] | None = None) -> PanelStack:
        folder = tmp_path_factory.mktemp("stack")
        stacks.append(
            PanelStack.through(
                door, plugin_folder, folder, program, panel, pulumi_home=pulumi_home, environment=environment
            )
        )
        return stacks[-1]

    yield new
    for stack in stacks:
        assert stack.files_with(TOKEN) == []
