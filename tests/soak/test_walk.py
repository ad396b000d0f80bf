"""What a walk watches over is noticed when it is broken, or a soak would always be clean."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from tests.soak.engine import Declared, Failed, Ref, Step
from tests.soak.invariants import offences
from tests.soak.random_faults import KINDS, RandomFaults
from tests.soak.strategies import drifting
from tests.soak.walk import TOKEN, Violation, Walk, _is_named


def request(line: str, *, done: bool = True) -> dict[str, Any]:
    method, path = line.split()
    return {"method": method, "path": path, "query": {}, "done": done}


def test_a_clean_stack_goes_away_without_a_trace(walk: Walk) -> None:
    walk.finish(faults=None)


def test_an_object_that_no_error_named_is_noticed(walk: Walk) -> None:
    walk.panel.sandbox.panel.store.add("resource_packs", {"hidden": {"userId": 1}})
    with pytest.raises(Violation, match=r"ResourcePack \d+ is at the panel, in no state, and nothing failed"):
        walk.up()


def test_an_object_that_only_the_state_has_is_noticed(walk: Walk) -> None:
    walk.lose("server")
    walk.drifted = False
    with pytest.raises(Violation, match="only the state has"):
        walk.settle()


def test_nobody_gives_a_user_the_address_that_another_one_has(walk: Walk) -> None:
    def addresses() -> list[str]:
        return [value for name, path, value in drifting(walk) if (name, path) == ("user", "email")]

    mine, free = addresses()
    VirtFusion(walk.panel.url, walk.panel.token).users.create(name="Old", email=mine.upper(), ext_relation_id=7)
    assert addresses() == [free]
    walk.drift("user", {"email": free})
    assert addresses() == [free]


def test_drift_that_a_refresh_is_told_of_is_put_back(walk: Walk) -> None:
    walk.drift("server", {"settings.resources.memory": 4096})
    walk.settle()
    (server,) = walk.panel.state()["servers"]
    assert server["settings"]["resources"]["memory"] == 1024


def test_a_value_that_is_not_the_programs_is_noticed(walk: Walk) -> None:
    walk.drift("server", {"settings.resources.memory": 4096})
    walk.drifted = False
    with pytest.raises(Violation, match=r"server\.memory is 1024\.0 in the program and 4096 at the panel"):
        walk.settle()


def test_custom_xml_that_outlives_its_resource_is_noticed(walk: Walk) -> None:
    walk.drift("server", {"customXML.os.xml": "<left/>"})
    with pytest.raises(Violation, match="still has custom XML"):
        walk.settle()


def test_a_secret_in_plain_is_noticed(walk: Walk) -> None:
    walk.change("user", name=TOKEN)
    with pytest.raises(Violation, match="can be read in plain"):
        walk.up()


@pytest.fixture
def lost(walk: Walk) -> str:
    """A server whose creation lost its answer, by a storm that does so, and that is to be taken over."""
    server = Declared("Server", {"package_id": 1, "user_id": Ref("user", "user_id"), "hypervisor_group_id": 1})
    for faults in range(1, 60):
        walk.add(f"another{faults}", server)
        if not walk.up(faults) and walk.adopting:
            break
        walk.remove(f"another{faults}")
    (name,) = walk.adopting
    return name


@pytest.mark.usefixtures("lost")
def test_what_a_lost_create_made_is_taken_over(walk: Walk) -> None:
    walk.settle()
    assert len(walk.panel.state()["servers"]) == 2


def test_or_deleted_by_hand_when_the_program_wants_it_no_more(walk: Walk, lost: str) -> None:
    walk.remove(lost)
    walk.settle()
    assert len(walk.panel.state()["servers"]) == 1


def test_a_write_for_something_unchanged_is_an_offence() -> None:
    step = Step("update", "a", "Server", frozenset({"memory"}))
    assert not list(offences([(step, "")], [request("PUT /servers/7/modify/memory"), request("GET /servers/7")]))
    assert list(offences([(step, "")], [request("PUT /servers/7/modify/name")]))
    assert list(offences([(Step("same", "a", "Server"), "")], [request("PUT /servers/7/modify/memory")]))
    assert list(offences([(Step("delete", "a", "User"), "")], [request("DELETE /servers/7")]))


def test_what_is_made_twice_is_an_offence_and_what_failed_to_be_made_is_not() -> None:
    step = Step("create", "a", "Server")
    assert list(offences([(step, "")], [request("POST /servers"), request("POST /servers")]))
    assert not list(offences([(step, "")], [request("POST /servers", done=False), request("POST /servers")]))


def test_of_two_steps_at_once_each_may_make_one() -> None:
    steps = [(Step("create", name, "Server"), "") for name in ("a", "b")]
    assert not list(offences(steps, [request("POST /servers")] * 2))
    assert list(offences(steps, [request("POST /servers")] * 3))


def test_a_pack_that_the_panel_only_disabled_is_no_orphan(walk: Walk) -> None:
    arguments = {"relation": Ref("user", "relation"), "pack_id": 1, "disable_if_in_use": True}
    walk.add("pack", Declared("ResourcePack", arguments))
    walk.settle()
    walk.put_into_pack("server", "pack")
    walk.remove("pack")
    walk.up()
    walk.settle()
    assert walk.panel.state()["resource_packs"] == []


def test_an_object_is_named_by_the_line_that_takes_it_over() -> None:
    failed = Failed(Step("create", "a", "Server"), 'add opts=pulumi.ResourceOptions(import_="7")')
    assert _is_named("Server", "7", failed)
    assert not _is_named("Server", "8", failed)


def test_a_storm_strikes_one_request_in_five_and_the_same_ones_again() -> None:
    def struck(seed: int) -> list[bool]:
        random_faults = RandomFaults()
        with random_faults.raging(seed):
            return [random_faults.striking("GET", f"/servers/{10_000 + n}") is not None for n in range(1000)]

    assert 150 < sum(struck(1)) < 250
    assert struck(1) == struck(1) != struck(2)


def test_a_storm_knows_every_kind_of_fault() -> None:
    random_faults = RandomFaults()
    with random_faults.raging(3):
        for number in range(2000):
            random_faults.striking("PUT", f"/{number}")
            random_faults.striking("POST", f"/servers/{number}/traffic/blocks")
    assert random_faults.hits.keys() == KINDS.keys()
