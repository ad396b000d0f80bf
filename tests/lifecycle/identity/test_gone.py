"""What the panel cannot read back goes with what it hangs on, or a deletion would meet a successor of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("UserCredit", {"relation": 42, "tokens": 5}),
        ("UserAction", {"relation": 42, "action": "reset_password"}),
    ],
)
def test_a_user_that_is_gone_takes_it_along(
    life: Life, owner: LivingResource, another_run: Life, panel: Panel, kind: str, arguments: dict[str, Any]
) -> None:
    resource = another_run.next_run(life(kind, **arguments).create())
    panel.delete("users", owner.id)
    resource.refresh()
    assert resource.id == ""


def test_a_server_that_is_gone_takes_its_actions_along(
    life: Life, server: LivingResource, another_run: Life, panel: Panel
) -> None:
    action = another_run.next_run(life("ServerAction", server_id=int(server.id), action="poweroff").create())
    panel.delete("servers", server.id)
    action.refresh()
    assert action.id == ""
