"""A traffic block's life: added, replaced, read, removed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel, only
from tests.provider_host import HostError


@pytest.fixture
def path(server: LivingResource) -> str:
    return f"/servers/{server.id}/traffic/blocks"


@pytest.fixture
def wanted(life: Life, server: LivingResource) -> LivingResource:
    """100 GB for the first period, not added yet."""
    return life("TrafficBlock", server_id=server.id, month=1, amount=100)


@pytest.fixture
def block(wanted: LivingResource, panel: Panel) -> LivingResource:
    wanted.create()
    panel.forget()
    return wanted


def test_the_new_block_is_the_one_that_was_not_there_before(
    life: Life, wanted: LivingResource, server: LivingResource, panel: Panel, path: str
) -> None:
    life("TrafficBlock", "older", server_id=server.id, month=1, amount=100).create()
    older = only("traffic_blocks", panel)["id"]
    panel.forget()
    wanted.create()
    assert panel.requests() == [f"GET {path}", f"POST {path}", f"GET {path}"]
    assert panel.body(f"POST {path}") == {"month": 1, "amount": 100}
    newer = only("traffic_blocks", panel, lambda row: row["id"] != older)["id"]
    assert wanted.id == f"{server.id}/{newer}"


def test_its_outputs_are_the_period_and_do_not_drift(
    block: LivingResource, server: LivingResource, panel: Panel
) -> None:
    outputs = block.outputs
    assert (outputs["server_id"], outputs["month"], outputs["amount"]) == (int(server.id), 1, 100)
    assert outputs["start"] < outputs["end"]
    assert outputs["added"].endswith("Z")
    assert block.refresh() == []
    assert block.outputs == outputs
    assert block.change(month="1", amount=100.0).changed == []
    assert panel.writes() == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"month": 0}, "month: must be greater than or equal to 1"),
        ({"amount": 0}, "amount: must be greater than or equal to 1"),
        ({"amount": 1.5}, "amount: must be a whole number"),
        ({"amount": None}, "amount: is required"),
    ],
)
def test_a_wrong_argument_is_named(wanted: LivingResource, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(Refused) as refused:
        wanted.check(**arguments)
    assert refused.value.problems == [problem]


@pytest.mark.parametrize(("argument", "value"), [("month", 2), ("amount", 200)])
def test_a_change_adds_the_new_block_before_the_old_one_goes(
    block: LivingResource, panel: Panel, path: str, argument: str, value: int
) -> None:
    old = block.id.rpartition("/")[2]
    plan = block.change(**{argument: value})
    assert (plan.replaces, plan.delete_first) == ([argument], False)
    assert panel.writes() == [f"POST {path}", f"DELETE {path}/{old}"]
    assert only("traffic_blocks", panel)["id"] == int(block.id.rpartition("/")[2])


@pytest.mark.parametrize("value", [4711, UNKNOWN])
def test_another_server_is_another_block(block: LivingResource, value: Any) -> None:
    assert block.plan(server_id=value).replaces == ["server_id"]


def test_an_amount_changed_by_hand_is_told_and_stays(block: LivingResource, panel: Panel) -> None:
    panel.mutate("traffic_blocks", block.id.rpartition("/")[2], traffic=5)
    assert block.refresh() == []
    assert block.change().replaces == []
    assert block.warnings[0].startswith("amount is 5 at the panel, and 100 in the program.")
    assert only("traffic_blocks", panel)["traffic"] == 5


def test_a_block_that_has_its_number_now_is_another_one(block: LivingResource, panel: Panel) -> None:
    panel.mutate("traffic_blocks", block.id.rpartition("/")[2], added="2030-01-01 00:00:00")
    with pytest.raises(
        HostError, match="the time when the traffic block was added is 2030-01-01T00:00:00Z at the panel"
    ):
        block.delete()
    block.refresh()
    assert (block.id, panel.writes()) == ("", [])


@pytest.mark.parametrize("kind", ["servers", "traffic_blocks"])
def test_what_is_gone_leaves_the_state_and_deleting_it_is_no_error(
    block: LivingResource, server: LivingResource, panel: Panel, kind: str
) -> None:
    panel.delete(kind, server.id if kind == "servers" else block.id.rpartition("/")[2])
    block.hosted.delete(block.id, block.outputs)
    block.refresh()
    assert block.id == ""


def test_deleting_looks_for_it_first(block: LivingResource, panel: Panel, path: str) -> None:
    id_ = block.id.rpartition("/")[2]
    block.delete()
    assert panel.requests() == [f"GET {path}", f"DELETE {path}/{id_}"]
    assert panel.all("traffic_blocks") == []


def test_what_the_panel_refuses_is_its_own_words(life: Life, server: LivingResource, panel: Panel) -> None:
    panel.mutate("servers", server.id, **{"settings.resources.traffic": 0})
    with pytest.raises(HostError, match="422: The server has unlimited traffic"):
        life("TrafficBlock", server_id=server.id, month=1, amount=100).create()
    with pytest.raises(HostError, match="404"):
        life("TrafficBlock", server_id=4711, month=1, amount=100).create()


def test_an_import_changes_nothing(life: Life, block: LivingResource, server: LivingResource, panel: Panel) -> None:
    again = life("TrafficBlock", "b", import_=block.id, server_id=server.id, month=1, amount=100).create()
    assert panel.writes() == []
    assert (again.id, again.outputs, again.plan().changed) == (block.id, block.outputs, [])


@pytest.mark.parametrize(
    ("id_", "problem"),
    [
        ("{block}", "amount is 100 at the panel and 200 in the program"),
        ("{server}/999999", "which the panel does not have"),
        ("999999", "is not the id of a traffic block, which reads like '69/12'"),
    ],
)
def test_an_import_of_something_else_is_refused(
    life: Life, block: LivingResource, server: LivingResource, id_: str, problem: str
) -> None:
    named = id_.format(block=block.id, server=server.id)
    with pytest.raises(Refused) as refused:
        life("TrafficBlock", "b", import_=named, server_id=server.id, month=1, amount=200).check()
    assert problem in refused.value.problems[0]


def test_a_look_up_finds_it(block: LivingResource, server: LivingResource) -> None:
    assert block.look_up(block.id).outputs == block.public
    with pytest.raises(HostError, match=f"Server {server.id} has no traffic block 999999"):
        block.look_up(f"{server.id}/999999")


def test_equal_blocks_made_at_once_are_told_apart(life: Life, server: LivingResource, panel: Panel) -> None:
    blocks = [life("TrafficBlock", name, server_id=server.id, month=1, amount=100) for name in "abcd"]
    with ThreadPoolExecutor(4) as threads:
        made = {block.id for block in threads.map(LivingResource.create, blocks)}
    assert made == {f"{server.id}/{row['id']}" for row in panel.all("traffic_blocks")}
    assert len(made) == 4


def test_after_a_lost_answer_the_list_tells(wanted: LivingResource, panel: Panel, path: str) -> None:
    panel.loses_the_answer("POST", "/traffic/blocks")
    wanted.create()
    assert panel.writes() == [f"POST {path}"]
    assert wanted.id.endswith(f"/{only('traffic_blocks', panel)['id']}")


def test_a_request_that_never_arrived_made_nothing(wanted: LivingResource, panel: Panel, path: str) -> None:
    panel.never_gets("POST", "/traffic/blocks")
    with pytest.raises(HostError, match="no such new block: nothing was made as far as the panel shows"):
        wanted.create()
    assert panel.writes() == [f"POST {path}"]
    assert panel.all("traffic_blocks") == []


def test_several_blocks_that_could_be_it_are_candidates(
    wanted: LivingResource, server: LivingResource, panel: Panel, path: str
) -> None:
    """Somebody adds an equal block between our two looks."""
    panel.fault("POST", "/traffic/blocks", when="after", close=True, delay=0.6)
    with ThreadPoolExecutor(1) as threads:
        made = threads.submit(wanted.create)
        while not panel.all("traffic_blocks"):
            assert not made.done()
        add_by_hand(panel, path)
        with pytest.raises(HostError) as caught:
            made.result()
    lines = [f'opts=pulumi.ResourceOptions(import_="{server.id}/{row["id"]}")' for row in panel.all("traffic_blocks")]
    assert len(lines) == 2
    assert f"add {lines[0]} or {lines[1]}." in str(caught.value)


def add_by_hand(panel: Panel, path: str) -> None:
    client = VirtFusion(panel.url, panel.token)
    client.servers.add_traffic_block(int(path.split("/")[2]), month=1, amount=100)
