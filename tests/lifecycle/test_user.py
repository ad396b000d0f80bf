"""A user's life, and the relation that addresses it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from tests.lifecycle.life import Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel, only
from tests.provider_host import HostError

ADA = {"name": "Ada Lovelace", "email": "ada@example.com"}
AT_42 = "/users/42/byExtRelation"
SECRET = frozenset({"password"})


def customer(panel: Panel) -> dict[str, Any]:
    """The only user that is no administrator."""
    return only("users", panel, lambda user: not user["admin"])


class TestRelation:
    def test_a_number_is_an_ext_relation_id(self, life: Life, panel: Panel) -> None:
        user = life("User", **ADA, ext_relation_id=42).create()
        assert (user.id, user["relation"], customer(panel)["extRelationId"]) == (str(customer(panel)["id"]), 42, 42)
        panel.forget()
        user.refresh()
        assert panel.requests() == [f"GET {AT_42}"]

    def test_a_text_is_a_rel_str(self, life: Life, panel: Panel) -> None:
        user = life("User", **ADA, rel_str="crm: ada").create()
        assert (user.id, user["relation"]) == (str(customer(panel)["id"]), customer(panel)["hidden"]["relStr"])
        assert user["relation"] == "crm: ada"
        panel.forget()
        assert user.refresh() == []
        assert panel.requests() == ["GET /users/crm: ada/byExtRelation?relStr=true"]
        assert user["rel_str"] == "crm: ada"

    def test_a_user_without_either_gets_one_that_addresses_it(self, life: Life, panel: Panel) -> None:
        user = life("User", **ADA).create()
        assert re.fullmatch(r"pulumi-[0-9a-f]{16}", user["relation"])
        assert panel.body("POST /users") == {**ADA, "relStr": user["relation"]}
        assert user.refresh() == []
        assert user.change().changed == []
        user.delete()
        assert [found["admin"] for found in panel.all("users")] == [True]

    def test_a_text_of_digits_is_another_user_than_the_number(self, life: Life, panel: Panel) -> None:
        number = life("User", "number", **ADA, ext_relation_id=42).create()
        text = life("User", "text", name="Bob", email="bob@example.com", rel_str="42").create()
        assert (number["relation"], text["relation"]) == (42, "42")
        assert text.change(name="Robert").changed == ["name"]
        assert "PUT /users/42/byExtRelation?relStr=true" in panel.writes()
        again = life("User", "again", import_="rel_str:42", name="Robert", email="bob@example.com", rel_str="42")
        assert again.create().id == text.id
        profile = life("HourlyGroupProfile", relation="42", profile_id=1).create()
        assert profile.id == "rel_str:42/1"
        assert profile.refresh() == []
        for one in (again, text):  # the first is left to the other
            one.delete()
        assert [user["id"] for user in panel.all("users") if not user["admin"]] == [int(number.id)]

    def test_two_of_them_differ(self, life: Life) -> None:
        one = life("User", "one", **ADA).create()
        two = life("User", "two", name="Bob", email="bob@example.com").create()
        assert one.id != two.id

    def test_it_follows_from_the_address_so_that_a_lost_user_is_found(self, life: Life) -> None:
        one = life("User", "one", **ADA).create()
        with pytest.raises(HostError, match=rf'{one["relation"]}.*made .*import_="{one["relation"]}"'):
            life("User", "two", **ADA).create()
        assert life("User", "two", import_=one["relation"], **ADA).create().id == one.id

    def test_an_address_that_another_user_has_left_is_free(self, life: Life) -> None:
        one = life("User", "one", **ADA).create()
        assert one.change(email="king@example.com").changed == ["email"]
        assert life("User", "two", **ADA).create().id != one.id

    @pytest.mark.parametrize(
        ("relations", "problem"),
        [
            (
                {"ext_relation_id": 1, "rel_str": "a"},
                "rel_str: excludes ext_relation_id: a user is addressed by one of them",
            ),
            ({"rel_str": "crm/ada"}, "rel_str: must not contain a slash: the panel could not address the user"),
            ({"rel_str": ".."}, "rel_str: must be 1 to 255 printable characters"),
            ({"email": "ada"}, "email: must be an e-mail address such as ada@example.com"),
            ({"self_service": 4}, "self_service: must be 0, 1, 2 or 3"),
        ],
    )
    def test_what_could_not_be_addressed_is_refused(
        self, life: Life, panel: Panel, relations: dict[str, Any], problem: str
    ) -> None:
        with pytest.raises(Refused) as refused:
            life("User", **{**ADA, **relations}).check()
        assert refused.value.problems == [problem]
        assert panel.requests() == []


def test_creating_is_one_request_with_what_is_declared(life: Life, panel: Panel) -> None:
    user = life(
        "User",
        **ADA,
        ext_relation_id=42,
        self_service=3,
        self_service_hourly_credit=True,
        self_service_hourly_group_profiles=[1, 2],
        self_service_resource_group_profiles=[3],
        self_service_hourly_resource_pack=1,
        send_mail=True,
    ).create()
    assert panel.requests() == ["POST /users"]
    assert panel.body("POST /users") == {
        **ADA,
        "extRelationId": 42,
        "selfService": 3,
        "selfServiceHourlyCredit": True,
        "selfServiceHourlyGroupProfiles": [1, 2],
        "selfServiceResourceGroupProfiles": [3],
        "selfServiceHourlyResourcePack": 1,
        "sendMail": True,
    }
    assert user.refresh() == []
    assert user.change().changed == []


def test_a_user_made_disabled_is_one_request_more(life: Life, panel: Panel) -> None:
    user = life("User", **ADA, ext_relation_id=42, enabled=False).create()
    assert panel.writes() == ["POST /users", f"PUT {AT_42}"]
    assert panel.body(f"PUT {AT_42}") == {"enabled": False}
    assert customer(panel)["suspended"] is True
    user.refresh()
    assert (user["suspended"], user["enabled"]) == (True, False)


class TestPassword:
    def test_it_is_a_secret_and_stays_although_the_panel_never_tells_it_again(self, owner: LivingResource) -> None:
        password = owner["password"]
        assert password
        assert owner.secrets == SECRET
        owner.refresh()
        assert (owner["password"], owner.secrets) == (password, SECRET)
        owner.change(name="Ada King")
        assert (owner["password"], owner.secrets) == (password, SECRET)

    @pytest.mark.usefixtures("owner")
    def test_of_an_imported_user_nobody_knows_it(self, life: Life) -> None:
        twin = life("User", "twin", import_=42, **ADA, ext_relation_id=42).create()
        assert (twin["password"], twin.secrets) == ("", SECRET)


class TestChange:
    @pytest.mark.parametrize(
        ("argument", "value", "body"),
        [
            ("name", "Ada King", {"name": "Ada King"}),
            ("email", "ada@example.org", {"email": "ada@example.org"}),
            ("self_service", 2, {"selfService": 2}),
            ("self_service_hourly_credit", True, {"selfServiceHourlyCredit": True}),
            ("self_service_hourly_group_profiles", [2], {"selfServiceHourlyGroupProfiles": [2]}),
            ("self_service_resource_group_profiles", [1, 3], {"selfServiceResourceGroupProfiles": [1, 3]}),
            ("self_service_hourly_resource_pack", 2, {"selfServiceHourlyResourcePack": 2}),
            ("enabled", False, {"enabled": False}),
        ],
    )
    def test_only_what_changed_is_sent(
        self, owner: LivingResource, panel: Panel, argument: str, value: Any, body: dict[str, Any]
    ) -> None:
        plan = owner.change(**{argument: value})
        assert (plan.changed, plan.replaces) == ([argument], [])
        assert panel.writes() == [f"PUT {AT_42}"]
        assert panel.body(f"PUT {AT_42}") == body
        panel.forget()
        assert owner.change().changed == []
        assert panel.requests() == []
        assert owner.refresh() == []

    def test_several_changes_are_one_request(self, owner: LivingResource, panel: Panel) -> None:
        owner.change(name="Ada King", self_service=1, enabled=True)
        assert panel.writes() == [f"PUT {AT_42}"]
        assert panel.body(f"PUT {AT_42}") == {"name": "Ada King", "selfService": 1, "enabled": True}

    def test_lists_may_be_emptied_and_the_pack_taken_away(self, owner: LivingResource, panel: Panel) -> None:
        owner.change(self_service_hourly_group_profiles=[1], self_service_hourly_resource_pack=1)
        owner.change(self_service_hourly_group_profiles=[], self_service_hourly_resource_pack=0)
        user = panel.object("users", owner["user_id"])
        assert (user["selfServiceHourlyGroupProfiles"], user["selfServiceHourlyResourcePack"]) == ([], None)
        assert owner.refresh() == []
        assert owner.change().changed == []

    @pytest.mark.parametrize("name", ["self_service_hourly_group_profiles", "self_service_resource_group_profiles"])
    @pytest.mark.parametrize("between", ["nothing", "refreshed"])
    def test_what_an_update_that_failed_was_to_take_away_is_taken_away_by_the_next(
        self, owner: LivingResource, panel: Panel, name: str, between: str
    ) -> None:
        """And only that: what somebody attached one by one stays."""
        lists: list[list[int]] = [[1, 2], [2], []]
        one_and_two, two, none = (dict[str, Any]({name: listed}) for listed in lists)
        owner.change(**one_and_two)
        key = re.sub("_(.)", lambda found: found[1].upper(), name)
        panel.mutate("users", owner["user_id"], **{key: [1, 2, 3]})
        for fewer in (two, none):
            panel.fault("PUT", "^/users/", status=302)
            with pytest.raises(HostError, match="answered 302"):
                owner.change(**fewer)
            assert sorted(owner[name]) == [1, 2]
        if between == "refreshed":
            owner.refresh()
        owner.change(**none)
        assert panel.object("users", owner["user_id"])[key] == [3]
        assert owner.change().changed == []
        panel.mutate("users", owner["user_id"], **{key: [1, 3]})
        owner.change(name="Ada King")
        assert panel.object("users", owner["user_id"])[key] == [1, 3]

    def test_profiles_in_another_order_are_the_same(self, owner: LivingResource) -> None:
        owner.change(self_service_hourly_group_profiles=[1, 2])
        assert owner.plan(self_service_hourly_group_profiles=[2, 1]).changed == []

    def test_profiles_that_the_panel_drops_are_a_warning(self, owner: LivingResource) -> None:
        owner.change(self_service_hourly_group_profiles=[1, 77])
        assert owner.warnings == [
            "self_service_hourly_group_profiles: the panel accepted [1, 77] but reports [1]; "
            "a refresh will show the difference."
        ]

    def test_mail_is_only_noted(self, owner: LivingResource, panel: Panel) -> None:
        assert owner.change(send_mail=True).changed == ["send_mail"]
        assert panel.writes() == []

    def test_drift_is_put_back(self, owner: LivingResource, panel: Panel) -> None:
        owner.change(self_service=1)
        panel.mutate("users", owner["user_id"], name="Renamed", selfService=0)
        panel.forget()
        assert owner.refresh() == ["name", "self_service"]
        owner.change()
        assert panel.body(f"PUT {AT_42}") == {"name": "Ada Lovelace", "selfService": 1}


class TestReplacement:
    def test_another_relation_is_another_user(self, owner: LivingResource, panel: Panel) -> None:
        plan = owner.change(ext_relation_id=43, email="king@example.com")
        assert (plan.replaces, plan.delete_first) == (["ext_relation_id"], False)
        assert panel.writes() == ["POST /users", f"DELETE {AT_42}"]
        assert owner["relation"] == 43

    def test_the_same_email_deletes_first(self, owner: LivingResource, panel: Panel) -> None:
        plan = owner.change(ext_relation_id=43)
        assert (plan.replaces, plan.delete_first) == (["ext_relation_id"], True)
        assert panel.writes() == [f"DELETE {AT_42}", "POST /users"]
        assert customer(panel)["extRelationId"] == 43

    def test_a_relation_left_out_stays(self, owner: LivingResource) -> None:
        assert owner.plan(ext_relation_id=None).changed == []


class TestLostAnswer:
    def test_a_user_that_was_made_is_taken_over_without_its_password(self, life: Life, panel: Panel) -> None:
        panel.loses_the_answer("POST", "^/users$")
        user = life("User", **ADA, ext_relation_id=42).create()
        assert panel.requests() == ["POST /users", f"GET {AT_42}"]
        assert (user["user_id"], user["password"]) == (customer(panel)["id"], "")
        assert user.warnings == ["user 42 was made; the answer that told the generated password was lost."]

    def test_one_with_a_generated_relation_too(self, life: Life, panel: Panel) -> None:
        panel.loses_the_answer("POST", "^/users$")
        user = life("User", **ADA).create()
        assert user["relation"] == customer(panel)["hidden"]["relStr"]

    def test_where_nothing_was_made_a_rerun_is_safe(self, life: Life, panel: Panel) -> None:
        panel.never_gets("POST", "^/users$")
        user = life("User", **ADA, ext_relation_id=42)
        with pytest.raises(
            HostError, match="No user has the relation 42 now, and two cannot have it: it is safe to run it"
        ):
            user.create()
        user.create()
        assert customer(panel)["extRelationId"] == 42

    def test_a_look_that_fails_too_does_not_hide_that_the_user_may_be_there(self, life: Life, panel: Panel) -> None:
        panel.loses_the_answer("POST", "^/users$")
        panel.fault("GET", AT_42, status=403)
        with pytest.raises(HostError, match=r"/users .*lost its answer.* Looking for what it made failed too: .*403"):
            life("User", **ADA, ext_relation_id=42).create()

    def test_a_user_that_was_there_before_is_not_taken_over(
        self, another_run: Life, owner: LivingResource, panel: Panel
    ) -> None:
        panel.mutate("users", owner["user_id"], created="2020-01-01T00:00:00+00:00")
        panel.never_gets("POST", "^/users$")
        twin = another_run("User", "twin", **ADA, ext_relation_id=42)
        with pytest.raises(
            HostError, match=r'relation 42 is there, but .* made 2020.* before the run began: .* add .*import_="42"'
        ):
            twin.create()
        assert (twin.id, panel.writes()) == ("", ["POST /users"])

    @pytest.mark.parametrize("stranger", [{"email": "eve@example.com"}, {"name": "Eve"}])
    def test_a_user_that_somebody_made_a_moment_ago_is_not_taken_over(
        self, life: Life, panel: Panel, client: VirtFusion, stranger: dict[str, Any]
    ) -> None:
        made: dict[str, Any] = {**ADA, **stranger, "ext_relation_id": 42}
        client.users.create(**made)
        panel.forget()
        panel.fault("POST", "^/users$", when="after", close=True)  # the 409 is lost
        ada = life("User", **ADA, ext_relation_id=42)
        with pytest.raises(HostError, match=r"lost its answer"):
            ada.create()
        assert (ada.id, panel.writes()) == ("", ["POST /users"])

    def test_equal_users_declared_twice_never_share_one(self, life: Life, panel: Panel) -> None:
        life("User", **ADA, ext_relation_id=42).create()
        panel.fault("POST", "^/users$", when="after", close=True)
        twin = life("User", "twin", **ADA, ext_relation_id=42)
        with pytest.raises(HostError, match=r"lost its answer"):
            twin.create()
        assert twin.id == ""


def address(panel: Panel) -> str:
    return panel.url.removesuffix("/api/v1")


class TestErrors:
    @pytest.mark.usefixtures("owner")
    def test_the_same_user_again_says_how_to_take_it_over(self, life: Life) -> None:
        with pytest.raises(HostError, match=r'It is user 42, made .* add .*import_="42"'):
            life("User", "twin", **ADA, ext_relation_id=42).create()

    OF_ADA = (
        "The e-mail address ada@example.com belongs to another user, and the API cannot look a user up by that: "
        'find it in the panel, and to take it over, add opts=pulumi.ResourceOptions(import_="<its ext_relation_id>"), '
        'or import_="rel_str:<its rel_str>". Otherwise give this one another address.'
    )

    @pytest.mark.parametrize("relation", [{"ext_relation_id": 43}, {"rel_str": "crm: ada"}, {}])
    @pytest.mark.usefixtures("owner")
    def test_an_email_in_use_is_named_with_the_ways_out(
        self, life: Life, panel: Panel, relation: dict[str, Any]
    ) -> None:
        with pytest.raises(HostError) as error:
            life("User", "twin", **ADA, **relation).create()
        assert error.value.message == (
            "POST /users answered 409: The email has already been taken. "
            f"Something that already exists stands in the way. Panel: {address(panel)}. {self.OF_ADA}"
        )

    @pytest.mark.parametrize(
        ("relation", "import_line"),
        [({"ext_relation_id": 44}, 'import_="44"'), ({"rel_str": 'crm "bob"'}, 'import_="crm \\"bob\\""')],
    )
    def test_a_relation_in_use_names_its_user_and_how_to_take_it_over(
        self, life: Life, panel: Panel, relation: dict[str, Any], import_line: str
    ) -> None:
        bob = life("User", "bob", name="Bob", email="bob@example.com", **relation).create()
        panel.mutate("users", bob["user_id"], created="2024-03-12T22:21:32+00:00")
        with pytest.raises(HostError) as error:
            life("User", "twin", **ADA, **relation).create()
        (name,) = relation.values()
        assert error.value.message.endswith(
            f"stands in the way. Panel: {address(panel)}. "
            f"The relation {name!r} belongs to another user, with another e-mail address: panel id "
            f"{bob['user_id']:.0f}, made 2024-03-12T22:21:32.000000Z. If that user is meant, add "
            f"opts=pulumi.ResourceOptions({import_line}); otherwise give this one another relation."
        )

    @pytest.mark.usefixtures("owner")
    def test_both_in_use_are_both_named(self, life: Life) -> None:
        life("User", "bob", name="Bob", email="bob@example.com", ext_relation_id=44).create()
        with pytest.raises(HostError) as error:
            life("User", "twin", **ADA, ext_relation_id=44).create()
        assert "The relation 44 belongs to another user" in error.value.message
        assert error.value.message.endswith(self.OF_ADA)

    @pytest.mark.usefixtures("owner")
    def test_where_nobody_can_look_the_conflict_is_said_alone(self, life: Life, panel: Panel) -> None:
        panel.refuses("GET", "/users/43/", status=403)
        with pytest.raises(
            HostError, match=r"409: The email has already been taken\. .* stands in the way\. Panel: \S+\.$"
        ):
            life("User", "twin", **ADA, ext_relation_id=43).create()

    def test_a_user_that_owns_servers_is_not_deleted(
        self, owner: LivingResource, server: LivingResource, panel: Panel
    ) -> None:
        with pytest.raises(HostError, match="answered 409: The user owns servers"):
            owner.delete()
        assert panel.has("servers", server.id)

    def test_a_user_that_is_gone_is_gone(self, owner: LivingResource, panel: Panel) -> None:
        panel.delete("users", owner["user_id"])
        owner.delete()
        assert panel.writes() == []

    def test_another_user_with_the_same_relation_is_shown_before_it_is_deleted(
        self, owner: LivingResource, panel: Panel
    ) -> None:
        ours = owner["user_id"]
        panel.delete("users", ours)
        panel.mutate("users", 1, extRelationId=42)
        with pytest.raises(HostError) as error:
            owner.delete()
        said = f"the user's panel id is 1 at the panel and {ours:.0f} in the state"
        assert error.value.message.startswith(
            f"user {owner.id} was not deleted: the panel has another object there than this stack knows:"
        )
        assert said in error.value.message
        owner.refresh()
        assert (owner.id, panel.writes()) == ("", [])
        assert said in owner.warnings[0]

    def test_a_refresh_notices_that_it_is_gone(self, owner: LivingResource, panel: Panel) -> None:
        panel.delete("users", owner["user_id"])
        owner.refresh()
        assert owner.id == ""


class TestImport:
    def test_by_its_relation_without_a_change(self, life: Life, owner: LivingResource, panel: Panel) -> None:
        twin = life("User", "twin", import_=42, **ADA, ext_relation_id=42).create()
        assert (twin.id, twin["user_id"]) == (owner.id, owner["user_id"])
        assert twin.change(import_id=None).changed == []
        assert panel.writes() == []

    @pytest.mark.usefixtures("owner")
    def test_differences_are_listed(self, life: Life) -> None:
        twin = life("User", "twin", import_=42, name="Ada King", email="ada@example.com", ext_relation_id=7)
        with pytest.raises(Refused) as refused:
            twin.check()
        assert refused.value.problems == [
            "import_: user 42 differs from the program: "
            "name is 'Ada Lovelace' at the panel and 'Ada King' in the program, "
            "ext_relation_id is 42 at the panel and 7 in the program. "
            "Make the program say what is there, then run it again."
        ]

    def test_a_look_up_of_nobody_is_an_error(self, life: Life) -> None:
        with pytest.raises(HostError, match="answered 404: user not found"):
            life("User").look_up("nobody")
