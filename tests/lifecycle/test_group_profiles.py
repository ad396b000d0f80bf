"""A group profile of a user lives as an entry in a list of the user: attached, seen, taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

USER = "GET /users/42/byExtRelation"


@dataclass(frozen=True)
class Kind:
    """One of the two kinds, and where the panel keeps it."""

    name: str
    noun: str
    path: str
    listed: str

    @property
    def adding(self) -> str:
        return f"POST /selfService/{self.path}/byUserExtRelationId/42"

    def removing(self, profile_id: int) -> str:
        return f"DELETE /selfService/{self.path}/{profile_id}/byUserExtRelationId/42"


HOURLY = Kind("HourlyGroupProfile", "hourly group profile", "hourlyGroupProfile", "selfServiceHourlyGroupProfiles")
PACKS = Kind(
    "ResourceGroupProfile", "resource group profile", "resourceGroupProfile", "selfServiceResourceGroupProfiles"
)


@pytest.fixture(params=[HOURLY, PACKS], ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def wanted(life: Life, kind: Kind, owner: LivingResource) -> LivingResource:
    """Profile 3 for user 42, not attached yet."""
    return life(kind.name, relation=owner["ext_relation_id"], profile_id="3")


@pytest.fixture
def profile(wanted: LivingResource, panel: Panel) -> LivingResource:
    """Profile 3, attached; not in the log."""
    wanted.create()
    panel.forget()
    return wanted


def attached(panel: Panel, kind: Kind, owner: LivingResource) -> Any:
    return panel.object("users", owner["user_id"])[kind.listed]


def test_attaching_looks_first_and_is_one_request(
    wanted: LivingResource, panel: Panel, kind: Kind, owner: LivingResource
) -> None:
    wanted.create()
    assert wanted.id == "42/3"
    assert panel.requests() == [USER, kind.adding]
    assert panel.body(kind.adding) == {"profileId": 3}
    assert attached(panel, kind, owner) == [3]
    assert wanted.plan().changed == []
    assert wanted.warnings == []


def test_a_user_may_be_named_by_its_text(life: Life, kind: Kind, panel: Panel) -> None:
    life("User", "b", name="Bo", email="bo@example.com", rel_str="klant 7").create()
    profile = life(kind.name, relation="klant 7", profile_id=2).create()
    assert profile.id == "klant 7/2"
    assert profile.refresh() == []
    profile.delete()
    assert panel.writes()[-1] == f"DELETE /selfService/{kind.path}/2/byUserExtRelationId/klant 7?relStr=true"


def test_one_that_is_there_already_is_taken_over_with_a_warning(
    wanted: LivingResource, panel: Panel, kind: Kind, owner: LivingResource
) -> None:
    panel.mutate("users", owner["user_id"], **{kind.listed: [1, 3]})
    wanted.create()
    assert panel.writes() == []
    assert wanted.warnings == [
        f"user 42 had {kind.noun} 3 already. This resource owns it from now on, and takes it away when it is deleted."
    ]
    wanted.delete()
    assert attached(panel, kind, owner) == [1]


def test_another_profile_is_attached_before_the_old_one_goes(
    profile: LivingResource, panel: Panel, kind: Kind, owner: LivingResource
) -> None:
    assert profile.change(profile_id=2).replaces == ["profile_id"]
    assert profile.id == "42/2"
    assert panel.writes() == [kind.adding, kind.removing(3)]
    assert attached(panel, kind, owner) == [2]


def test_a_user_that_is_made_anew_shows_a_replacement_in_the_preview(profile: LivingResource) -> None:
    assert profile.plan(relation=UNKNOWN).replaces == ["relation"]


def test_one_that_was_taken_away_is_gone_and_comes_back(
    profile: LivingResource, panel: Panel, kind: Kind, owner: LivingResource
) -> None:
    panel.mutate("users", owner["user_id"], **{kind.listed: []})
    assert profile.refresh() == []
    assert (profile.id, panel.requests()) == ("", [USER])
    profile.create()
    assert attached(panel, kind, owner) == [3]


def test_one_of_a_user_that_is_gone_is_gone(profile: LivingResource, panel: Panel, owner: LivingResource) -> None:
    panel.delete("users", owner["user_id"])
    profile.refresh()
    assert profile.id == ""


def test_a_panel_that_lists_objects_reads_the_same(
    profile: LivingResource, panel: Panel, kind: Kind, owner: LivingResource
) -> None:
    panel.mutate("users", owner["user_id"], **{kind.listed: [{"id": 3, "name": "Large"}]})
    assert profile.refresh() == []
    assert profile.id == "42/3"


def test_an_import_reads_and_changes_nothing(
    life: Life, profile: LivingResource, panel: Panel, kind: Kind, owner: LivingResource
) -> None:
    taken_over = life(kind.name, "b", import_=profile.id, relation=42, profile_id=3).create()
    assert panel.writes() == []
    assert {name: taken_over[name] for name in ("relation", "profile_id")} == {"relation": 42, "profile_id": 3}
    with pytest.raises(Refused, match=f"{kind.noun} 42/3 differs from the program: profile_id is 3"):
        life(kind.name, "c", import_=profile.id, relation=42, profile_id=2).check()
    panel.mutate("users", owner["user_id"], **{kind.listed: []})
    with pytest.raises(Refused, match="which the panel does not have"):
        life(kind.name, "d", import_=profile.id, relation=42, profile_id=3).check()


@pytest.mark.parametrize("id_", ["3", "42/", "/3", "42/three"])
def test_an_id_that_names_no_profile_is_refused(life: Life, kind: Kind, panel: Panel, id_: str) -> None:
    with pytest.raises(Refused, match="which cannot be its id"):
        life(kind.name, import_=id_, relation=42, profile_id=3).check()
    with pytest.raises(HostError, match=f"cannot be the id of a.* {kind.noun}"):
        life(kind.name).look_up(id_)
    assert panel.requests() == []


def test_it_can_be_looked_up(profile: LivingResource, panel: Panel) -> None:
    assert profile.look_up("42/3").outputs == {"relation": 42, "profile_id": 3}
    assert panel.requests() == [USER]
    with pytest.raises(HostError, match="User 42 does not have"):
        profile.look_up("42/1")


def test_deleting_takes_it_away(profile: LivingResource, panel: Panel, kind: Kind, owner: LivingResource) -> None:
    profile.delete()
    assert panel.requests() == [kind.removing(3)]
    assert attached(panel, kind, owner) == []


def test_what_was_taken_away_already_is_deleted(
    profile: LivingResource, panel: Panel, kind: Kind, owner: LivingResource
) -> None:
    panel.mutate("users", owner["user_id"], **{kind.listed: []})
    profile.delete()
    assert profile.id == ""


def test_a_lost_answer_is_settled_by_reading_the_user(
    wanted: LivingResource, panel: Panel, kind: Kind, owner: LivingResource
) -> None:
    panel.loses_the_answer("POST", f"/{kind.path}/")
    wanted.create()
    assert panel.requests() == [USER, kind.adding, USER]
    assert (wanted.id, attached(panel, kind, owner)) == ("42/3", [3])


def test_a_lost_request_is_an_unknown_outcome_and_not_repeated(
    wanted: LivingResource, panel: Panel, kind: Kind, owner: LivingResource
) -> None:
    panel.never_gets("POST", f"/{kind.path}/")
    with pytest.raises(HostError, match="User 42 does not have it: it is safe to run it again"):
        wanted.create()
    assert panel.writes() == [kind.adding]
    wanted.create()
    assert attached(panel, kind, owner) == [3]


def test_a_profile_that_the_panel_does_not_know_is_refused(life: Life, kind: Kind, owner: LivingResource) -> None:
    with pytest.raises(HostError, match="answered 422: Invalid group profile"):
        life(kind.name, relation=owner["ext_relation_id"], profile_id=99).create()
