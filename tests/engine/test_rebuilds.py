"""A server that was installed anew behind the stack's back is shown before anything of it is destroyed."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program
from tests.engine.panel_stack import PanelStack

PROGRAM = """
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
vps = virtfusion.Vps(
    "vps", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, operating_system_id=1, hostname="vps.example.com"
)
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1)
virtfusion.ServerBuild("web", server_id=web.id, operating_system_id=1)
"""


@pytest.fixture
def stack(program: Program) -> PanelStack:
    stack = program(PROGRAM)
    stack.up()
    return stack


def rebuild(panel: RunningPanel, operating_system_id: int) -> None:
    """Somebody installs all servers anew in the panel."""
    client = VirtFusion(panel.url, panel.token)
    panel.advance(60)
    for server in panel.state()["servers"]:
        client.servers.build(server["id"], operating_system_id=operating_system_id)
    panel.advance(60)


def test_a_destroy_stops_before_the_servers_until_a_refresh_has_shown_it(
    stack: PanelStack, panel: RunningPanel
) -> None:
    rebuild(panel, 2)
    result = stack.destroy(fails=True)
    for name in ("web", "vps-build"):
        (said,) = [line for line in stack.said_of(name, result) if "was not deleted" in line]
        assert "its operating system (operating_system_id) is 2 now, and 1 in the state" in said
    assert stack.changed == []
    assert len(panel.state()["servers"]) == 2

    shown = stack.refresh()
    for name in ("web", "vps-build"):
        assert "operating_system_id is 2 at the panel, and 1 in the program." in str(stack.said_of(name, shown))
    stack.destroy()
    assert panel.state()["servers"] == []


def test_a_preview_refuses_to_wipe_what_it_does_not_know_and_builds_anew_after_a_refresh(
    stack: PanelStack, panel: RunningPanel
) -> None:
    rebuild(panel, 1)
    stack.replace(("operating_system_id=1)", "operating_system_id=3)"))
    (said,) = [line for line in stack.said_of("web", stack.preview(fails=True)) if "was not replaced" in line]
    assert "its time of completion (built) is " in said
    stack.refresh()
    stack.up()
    assert stack.changed == ["POST /servers/2/build"] or stack.changed == ["POST /servers/1/build"]
    assert stack.preview_steps() == []
    stack.destroy()
    assert panel.state()["servers"] == []
