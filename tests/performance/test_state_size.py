"""State is rewritten at every step of an update, so its bytes are time: ours are few beside the floor's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.conftest import NewStack
from tools.bench.programs import FLOOR, OURS, servers_program

MOST = 1.5


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


def test_a_server_in_the_state_is_little_more_than_the_least_that_one_can_be(
    new_stack: NewStack, panel: RunningPanel
) -> None:
    ours, least = (len(json.dumps(kept(provider, new_stack, panel))) for provider in (OURS, FLOOR))
    assert ours <= MOST * least
