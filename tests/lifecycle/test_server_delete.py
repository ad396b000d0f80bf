"""How a server goes: the panel deletes in the background, and nothing counts as deleted before it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import PAGE, Panel
from tests.provider_host import HostError


def test_it_asks_for_no_delay_and_waits_until_the_server_is_gone(server: LivingResource, panel: Panel) -> None:
    panel.build_takes(1)
    server_id = server.id
    server.delete()
    look, delete, *reads = panel.requests()
    assert delete == f"DELETE /servers/{server_id}?delay=0"
    assert {look, *reads} == {f"GET /servers/{server_id}?remoteState=false"}
    assert not panel.has("servers", server_id)
    assert any(log.ephemeral and "to be deleted: still there" in log.message for log in server.hosted.logs)


def test_a_delay_is_the_panels_to_wait_for(server: LivingResource, panel: Panel) -> None:
    server.change(delete_delay=10)
    panel.forget()
    server_id = server.id
    server.delete()
    assert panel.writes() == [f"DELETE /servers/{server_id}?delay=10"]
    assert panel.has("servers", server_id)
    assert server.warnings == [
        f"server {server_id} will be deleted by the panel in 10 minutes; it is no longer in this stack."
    ]


def test_a_server_that_is_gone_already_is_deleted(server: LivingResource, panel: Panel) -> None:
    panel.delete("servers", server.id)
    server.delete()
    assert panel.writes() == []


@pytest.mark.parametrize(
    ("drift", "said"),
    [
        ({"ownerId": 1}, r"its owner \(user_id\) is 1 now, and \d+ in the state: "),
        ({"uuid": "6f1c"}, r"the server's UUID is 6f1c at the panel and [0-9a-f-]{36} in the state\."),
        ({"uuid": "6f1c", "ownerId": 1}, r"the server's UUID is 6f1c at the panel"),
    ],
)
def test_a_server_that_is_another_now_is_shown_before_it_is_deleted(
    server: LivingResource, panel: Panel, drift: dict[str, Any], said: str
) -> None:
    server_id = server.id
    panel.mutate("servers", server_id, **drift)
    with pytest.raises(HostError, match=rf"^server {server_id} was not deleted.*{said}.*`pulumi refresh`"):
        server.delete()
    assert (panel.writes(), panel.has("servers", server_id)) == ([], True)
    server.refresh()
    if "uuid" in drift:
        assert server.id == ""
        assert panel.has("servers", server_id)
    else:
        server.delete()
        assert not panel.has("servers", server_id)


def test_a_state_that_knows_neither_uuid_nor_owner_is_no_reason_to_refuse(server: LivingResource, panel: Panel) -> None:
    server_id = server.id
    server.outputs = {"package_id": 1}
    server.delete()
    assert not panel.has("servers", server_id)


def test_a_locked_server_is_asked_again(server: LivingResource, panel: Panel) -> None:
    server_id = server.id
    panel.refuses("DELETE", "^/servers/", "server is locked", status=423, times=2)
    server.delete()
    assert panel.writes() == [f"DELETE /servers/{server_id}?delay=0"] * 3
    assert not panel.has("servers", server_id)


def test_a_server_that_stays_locked_is_an_error_that_says_so(server: LivingResource, panel: Panel) -> None:
    panel.mutate("servers", server.id, protected=True)
    with pytest.raises(HostError, match="answered 423: server is protected"):
        server.delete(timeout=2)
    assert panel.has("servers", server.id)


def test_an_answer_that_is_not_the_panels_is_no_proof(server: LivingResource, panel: Panel) -> None:
    panel.fault("DELETE", "^/servers/", status=404, body=PAGE)
    with pytest.raises(HostError, match="answered 404"):
        server.delete()
    assert panel.has("servers", server.id)


def test_a_custom_timeout_bounds_the_wait(server: LivingResource, panel: Panel) -> None:
    panel.build_takes(600)
    with pytest.raises(HostError, match=r"^Waited \d s for server \d+ to be deleted: still there\."):
        server.delete(timeout=2)


def test_the_stacks_operation_timeout_bounds_it_too(life: Life, server: LivingResource, panel: Panel) -> None:
    panel.build_takes(600)
    hasty = life.with_settings(operation_timeout="1")("Server", "server", **server.arguments)
    hasty.id, hasty.outputs = server.id, server.outputs
    with pytest.raises(HostError, match="Raise `operationTimeout`, or the resource's own custom timeout"):
        hasty.delete()
