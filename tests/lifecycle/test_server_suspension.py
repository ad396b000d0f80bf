"""The end of a suspension and the power state that a program declares."""

from __future__ import annotations

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel


@pytest.fixture
def stopped(life: Life, panel: Panel, server: LivingResource) -> LivingResource:
    """A built server that is to be stopped, and is suspended."""
    life("ServerBuild", server_id=server.id, operating_system_id=1).create()
    server.change(power_state="stopped", suspended=False)
    panel.mutate("servers", server.id, suspended=True)
    server.refresh()
    panel.forget()
    return server


def test_a_server_that_is_to_be_stopped_is_stopped_again_after_its_suspension(
    panel: Panel, stopped: LivingResource
) -> None:
    stopped.change()
    assert panel.writes() == [
        f"POST /servers/{stopped.id}/unsuspend",
        f"POST /servers/{stopped.id}/power/shutdown",
    ]
    assert panel.object("servers", stopped.id)["hidden"]["running"] is False


def test_without_a_power_state_in_the_program_the_end_of_a_suspension_is_one_request(
    panel: Panel, stopped: LivingResource
) -> None:
    stopped.change(power_state=None)
    assert panel.writes() == [f"POST /servers/{stopped.id}/unsuspend"]
