"""State is rewritten at every step of an update, so its bytes are time: ours are no more than the floor's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.conftest import NewStack
from tools.bench.programs import FLOOR, OURS, WHOLE, servers_program


@pytest.fixture
def panel() -> Iterator[RunningPanel]:
    with running() as panel:
        yield panel


def kept(provider: str, new_stack: NewStack, panel: RunningPanel) -> dict[str, Any]:
    """What the state holds of a server."""
    environment = {"VIRTFUSION_ENDPOINT": panel.origin, "VIRTFUSION_TOKEN": panel.token, "PACKAGE": "1"}
    stack = new_stack(servers_program(provider, 1), environment=environment)
    stack.up("--skip-preview")
    return stack.resources()["web-0"]


def test_a_server_takes_no_more_of_the_state_than_the_least_that_one_can_be(
    new_stack: NewStack, panel: RunningPanel
) -> None:
    ours, least = (len(json.dumps(kept(provider, new_stack, panel))) for provider in (OURS, FLOOR))
    assert ours <= least


def test_the_state_says_which_lines_of_the_program_made_a_server_and_no_other_files(
    new_stack: NewStack, panel: RunningPanel
) -> None:
    server = kept(OURS, new_stack, panel)
    lines = [frame["sourcePosition"] for frame in server["stackTrace"]]
    assert server["sourcePosition"] == lines[0]
    assert {line.partition("#")[0] for line in lines} == {"project:///__main__.py"}


def test_the_floor_with_as_many_outputs_has_ours(new_stack: NewStack, panel: RunningPanel) -> None:
    ours, whole = (kept(provider, new_stack, panel)["outputs"].keys() for provider in (OURS, WHOLE))
    assert ours == whole
