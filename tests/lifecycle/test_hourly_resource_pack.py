"""The hourly resource pack of a user: set, changed in place, seen, and kept by the user for ever."""

from __future__ import annotations

import pytest

from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

SETTING = "PUT /selfService/hourlyResourcePack/byUserExtRelationId/42"
USER = "GET /users/42/byExtRelation"
TOLD = "selfServiceHourlyResourcePack"


@pytest.fixture
def wanted(life: Life, owner: LivingResource) -> LivingResource:
    """Pack 1 for user 42, not set yet."""
    return life("HourlyResourcePack", relation=owner["ext_relation_id"], pack_id=1)


@pytest.fixture
def pack(wanted: LivingResource, panel: Panel) -> LivingResource:
    """Pack 1, set; not in the log."""
    wanted.create()
    panel.forget()
    return wanted


def test_creating_is_one_request(wanted: LivingResource, panel: Panel, owner: LivingResource) -> None:
    wanted.create()
    assert wanted.id == "42"
    assert panel.requests() == [SETTING]
    assert panel.body(SETTING) == {"packId": 1}
    assert panel.object("users", owner["user_id"])[TOLD] == 1
    assert wanted.plan().changed == []


def test_another_pack_is_set_in_place(pack: LivingResource, panel: Panel, owner: LivingResource) -> None:
    plan = pack.change(pack_id=2)
    assert (plan.changed, plan.replaces) == (["pack_id"], [])
    assert panel.requests() == [SETTING, USER]
    assert panel.object("users", owner["user_id"])[TOLD] == 2
    assert pack["pack_id"] == 2


def test_another_user_replaces_and_the_old_one_keeps_the_pack(life: Life, pack: LivingResource, panel: Panel) -> None:
    life("User", "b", name="Bo", email="bo@example.com", rel_str="bo").create()
    panel.forget()
    assert pack.change(relation="bo").replaces == ["relation"]
    assert panel.writes() == ["PUT /selfService/hourlyResourcePack/byUserExtRelationId/bo?relStr=true"]
    assert pack.id == "bo"
    assert [warning.split(":")[0] for warning in pack.warnings] == ["user 42 keeps hourly resource pack 1"]
    assert pack.plan(relation=UNKNOWN).replaces == ["relation"]


def test_drift_is_seen_and_put_back(pack: LivingResource, panel: Panel, owner: LivingResource) -> None:
    panel.mutate("users", owner["user_id"], **{TOLD: 2})
    assert pack.refresh() == ["pack_id"]
    assert pack.change().changed == ["pack_id"]
    assert panel.writes() == [SETTING]
    assert panel.object("users", owner["user_id"])[TOLD] == 1


def test_a_user_that_has_none_any_more_gets_it_again(pack: LivingResource, panel: Panel, owner: LivingResource) -> None:
    panel.mutate("users", owner["user_id"], **{TOLD: None})
    pack.refresh()
    assert pack.id == ""
    pack.create()
    assert panel.object("users", owner["user_id"])[TOLD] == 1


def test_that_of_a_user_that_is_gone_is_gone(pack: LivingResource, panel: Panel, owner: LivingResource) -> None:
    panel.delete("users", owner["user_id"])
    pack.refresh()
    assert pack.id == ""


@pytest.mark.usefixtures("pack")
def test_an_import_reads_and_changes_nothing(life: Life, another_run: Life, panel: Panel) -> None:
    taken_over = life("HourlyResourcePack", "b", import_=42, relation=42, pack_id=1).create()
    assert (taken_over["relation"], taken_over["pack_id"]) == (42, 1)
    assert panel.writes() == []
    with pytest.raises(Refused, match="pack_id is 1 at the panel and 2 in the program"):
        another_run("HourlyResourcePack", "c", import_=42, relation=42, pack_id=2).check()


def test_it_can_be_looked_up(pack: LivingResource) -> None:
    assert pack.look_up(42).outputs == {"relation": 42, "pack_id": 1}
    with pytest.raises(HostError, match="User 1 has no hourly resource pack"):
        pack.look_up(1)


def test_deleting_asks_nothing_and_says_what_stays(pack: LivingResource, panel: Panel, owner: LivingResource) -> None:
    pack.delete()
    assert panel.requests() == []
    assert panel.object("users", owner["user_id"])[TOLD] == 1
    assert pack.warnings == [
        "user 42 keeps hourly resource pack 1: no operation of the panel takes it away. It is no longer in this stack."
    ]


def test_a_lost_answer_is_simply_asked_again(wanted: LivingResource, panel: Panel) -> None:
    panel.loses_the_answer("PUT", "/hourlyResourcePack/")
    wanted.create()
    assert panel.requests() == [SETTING, SETTING]


def test_a_pack_that_the_panel_does_not_know_is_refused(pack: LivingResource) -> None:
    with pytest.raises(HostError, match="answered 422: Invalid hourly resource pack"):
        pack.change(pack_id=9)
    assert pack["pack_id"] == 1
    assert pack.change(pack_id=2).changed == ["pack_id"]
    assert pack["pack_id"] == 2


def test_users_without_a_relation_of_their_own_do_not_contest_each_others(life: Life) -> None:
    for name, pack in (("ada", 1), ("bob", 2)):
        life("User", name, name=name, email=f"{name}@example.com", self_service_hourly_resource_pack=pack).create()


def test_beside_a_user_with_a_generated_relation_and_another_pack_it_is_refused(life: Life) -> None:
    ada = life("User", "ada", name="A", email="ada2@example.com", self_service_hourly_resource_pack=1).create()
    with pytest.raises(Refused, match="pack_id: 'ada' sets it to another value: declare it once"):
        life("HourlyResourcePack", "b", relation=ada["relation"], pack_id=2).check()
