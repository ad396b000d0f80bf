"""Actions run when they are new and when their triggers change; at any other time nothing is asked of the panel."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel, only
from tests.provider_host import HostError

PASSWORD_OF_USER = "POST /users/42/byExtRelation/resetPassword"
SYNC = "PUT /selfService/access/byUserExtRelationId/42"


def restart(server: LivingResource) -> str:
    return f"POST /servers/{server.id}/power/restart"


@pytest.fixture
def action(life: Life, server: LivingResource, panel: Panel) -> LivingResource:
    """A restart with the trigger `v1` that has run; not in the log."""
    made = life("ServerAction", server_id=server.id, action="restart", triggers=["v1"]).create()
    panel.forget()
    return made


@pytest.fixture
def pack(life: Life, owner: LivingResource, panel: Panel) -> LivingResource:
    """A resource pack of `owner`; not in the log."""
    made = life("ResourcePack", "pack", relation=owner["ext_relation_id"], pack_id=1).create()
    panel.forget()
    return made


class TestWhenItRuns:
    def test_it_runs_when_it_is_new(self, life: Life, server: LivingResource, panel: Panel) -> None:
        action = life("ServerAction", server_id=server.id, action="restart").create()
        assert action.id == f"{server.id}/restart"
        assert panel.writes() == [restart(server)]
        assert action.plan().changed == []

    @pytest.mark.parametrize(
        ("triggers", "same"),
        [
            (["v1"], ["v1"]),
            ({"b": 2, "a": [1.0, {"x": True}]}, {"a": [1, {"x": True}], "b": 2.0}),
            ("v1", "v1"),
            (3, 3.0),
        ],
    )
    def test_equal_triggers_are_no_change(self, action: LivingResource, panel: Panel, triggers: Any, same: Any) -> None:
        action.change(triggers=triggers)
        panel.forget()
        assert action.plan(triggers=same).changed == []
        assert panel.requests() == []

    @pytest.mark.parametrize("triggers", [["v2"], ["v1", "v1"], "v1", {"v1": True}, ["v1", None], True, 1.5])
    def test_other_triggers_run_it_once_more(
        self, action: LivingResource, server: LivingResource, panel: Panel, triggers: Any
    ) -> None:
        plan = action.change(triggers=triggers)
        assert (plan.changed, plan.replaces, plan.requests) == (["triggers"], [], [])
        assert panel.writes() == [restart(server)]
        panel.forget()
        assert action.change().changed == []
        assert panel.requests() == []

    def test_true_is_not_one(self, action: LivingResource) -> None:
        action.change(triggers=[1])
        same, other = (
            action.hosted.diff(action.id, action.outputs, action.check(triggers=triggers)) for triggers in ([1], [True])
        )
        assert same.changed is False
        assert other.changed is not False

    def test_triggers_that_a_preview_does_not_know_are_an_update(self, action: LivingResource, panel: Panel) -> None:
        plan = action.plan(triggers=["v1", UNKNOWN])
        assert (plan.changed, plan.replaces, panel.requests()) == (["triggers"], [], [])

    def test_triggers_that_are_taken_out_run_nothing(self, action: LivingResource, panel: Panel) -> None:
        action.change(triggers=None)
        assert panel.requests() == []

    def test_another_action_runs_instead_of_the_old_one(
        self, action: LivingResource, server: LivingResource, panel: Panel
    ) -> None:
        plan = action.change(action="poweroff", triggers=["v2"])
        assert (plan.changed, plan.replaces) == (["action", "triggers"], [])
        assert panel.writes() == [f"POST /servers/{server.id}/power/poweroff"]

    def test_on_another_server_it_is_another_action(
        self, life: Life, action: LivingResource, owner: LivingResource, panel: Panel
    ) -> None:
        other = life("Server", "other", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1).create()
        panel.forget()
        assert action.change(server_id=other.id).replaces == ["server_id"]
        assert panel.writes() == [restart(other)]
        assert action.plan(server_id=UNKNOWN).replaces == ["server_id"]

    def test_a_refresh_changes_nothing(self, action: LivingResource, server: LivingResource) -> None:
        kept = dict(action.outputs)
        assert action.refresh() == []
        assert (action.outputs, action.id) == (kept, f"{server.id}/restart")

    def test_deleting_it_asks_nothing(self, action: LivingResource, panel: Panel) -> None:
        action.delete()
        assert (panel.requests(), action.warnings) == ([], [])

    def test_it_can_be_neither_imported_nor_looked_up(self, life: Life, action: LivingResource, panel: Panel) -> None:
        with pytest.raises(Refused, match="no server action can be read from the panel"):
            life("ServerAction", "b", import_=action.id, server_id=1, action="restart").check()
        with pytest.raises(HostError, match="No server action can be looked up"):
            action.look_up(action.id)
        assert panel.requests() == []


@pytest.mark.parametrize(
    ("kind", "arguments", "said"),
    [
        (
            "ServerAction",
            {"server_id": 1, "action": "explode"},
            "action: must be 'restart', 'boot', 'shutdown', 'poweroff' or 'reset_password'",
        ),
        ("UserAction", {"relation": 42, "action": "restart"}, "action: must be 'reset_password' or 'sync_access'"),
        (
            "ResourcePackAction",
            {"resource_pack_id": 1, "action": "delete"},
            "action: must be 'suspend_servers', 'unsuspend_servers' or 'delete_servers'",
        ),
        ("ServerAction", {"action": "boot"}, "server_id: is required"),
        ("UserAction", {"action": "sync_access"}, "relation: is required"),
        ("ResourcePackAction", {"resource_pack_id": 1}, "action: is required"),
    ],
)
def test_a_refusal_needs_no_request(life: Life, panel: Panel, kind: str, arguments: Any, said: str) -> None:
    with pytest.raises(Refused) as refused:
        life(kind, **arguments).check()
    assert (refused.value.problems, panel.requests()) == ([said], [])


class TestServer:
    @pytest.mark.parametrize(
        ("name", "runs"), [("restart", True), ("boot", True), ("shutdown", False), ("poweroff", False)]
    )
    def test_a_power_action_waits_for_the_queue(
        self, life: Life, server: LivingResource, panel: Panel, name: str, runs: bool
    ) -> None:
        life("ServerAction", server_id=int(server.id), action=name).create()
        item = only("queue", panel)
        first, *waiting = panel.requests()
        assert first == f"POST /servers/{server.id}/power/{name}"
        assert set(waiting) == {f"GET /queue/{item['id']}"}
        assert (item["action"], bool(item["finished"])) == (name, True)
        assert panel.object("servers", server.id)["hidden"]["running"] is runs

    def test_a_new_password_is_valid_and_secret_when_it_is_told(
        self, life: Life, server: LivingResource, panel: Panel
    ) -> None:
        action = life("ServerAction", server_id=server.id, action="reset_password").create()
        line = f"POST /servers/{server.id}/resetPassword"
        assert panel.writes() == [line]
        assert panel.body(line) == {"user": "root", "sendMail": False}
        assert only("queue", panel)["finished"]
        assert len(action["password"]) > 10
        assert action.secrets == {"password"}

    def test_each_run_sets_another_password_and_no_other_action_forgets_it(
        self, life: Life, server: LivingResource
    ) -> None:
        action = life("ServerAction", server_id=server.id, action="reset_password", triggers=1).create()
        first = action["password"]
        action.change(triggers=2)
        second = action["password"]
        action.change(action="restart")
        assert first != second == action["password"]
        assert action.secrets == {"password"}

    def test_without_a_reset_there_is_no_password(self, action: LivingResource) -> None:
        assert action["password"] == ""

    def test_a_queue_item_that_failed_fails_the_action_and_the_next_update_runs_it_again(
        self, action: LivingResource, server: LivingResource, panel: Panel
    ) -> None:
        upcoming = max(item["id"] for item in panel.all("queue")) + 1
        failed = {"id": upcoming, "finished": "2026-01-01T00:00:00+00:00", "failed": True,
                  "errors": {"exception": {"message": "guest agent missing"}}}  # fmt: skip
        panel.fault("GET", "/queue/", status=200, body={"data": failed})
        with pytest.raises(HostError, match="failed: guest agent missing"):
            action.change(triggers=["v2"])
        assert action["triggers"] == ["v1"]
        panel.forget()
        assert action.change().changed == ["triggers"]
        assert panel.writes() == [restart(server)]
        assert action["triggers"] == ["v2"]

    def test_a_wait_ends_with_the_time_limit(self, life: Life, server: LivingResource, panel: Panel) -> None:
        panel.build_takes(60)
        with pytest.raises(HostError, match=rf"for server {server.id} to restart: queue item \d+ at 0"):
            life("ServerAction", server_id=server.id, action="restart").create(timeout=2)

    def test_a_server_that_is_gone_is_the_panels_refusal(
        self, action: LivingResource, server: LivingResource, panel: Panel
    ) -> None:
        panel.delete("servers", server.id)
        with pytest.raises(HostError, match="answered 404"):
            action.change(triggers=["v2"])

    @pytest.mark.parametrize("done", [True, False])
    def test_a_restart_whose_answer_was_lost_is_not_repeated(
        self, life: Life, server: LivingResource, panel: Panel, done: bool
    ) -> None:
        (panel.loses_the_answer if done else panel.never_gets)("POST", "/power/restart")
        with pytest.raises(HostError) as caught:
            life("ServerAction", server_id=server.id, action="restart").create()
        assert panel.requests() == [restart(server)]
        assert f"The queue of server {server.id} in the panel tells whether it ran" in caught.value.message
        assert "The next update runs the action again" in caught.value.message
        assert caught.value.partly_made is None

    def test_a_lost_answer_in_an_update_keeps_what_ran_before(
        self, action: LivingResource, server: LivingResource, panel: Panel
    ) -> None:
        panel.loses_the_answer("POST", "/power/restart")
        with pytest.raises(HostError, match="it was not repeated"):
            action.change(triggers=["v2"])
        assert panel.requests() == [restart(server)]
        assert action["triggers"] == ["v1"]
        panel.forget()
        assert action.change(triggers=["v1"]).changed == []
        assert panel.writes() == []

    def test_a_boot_whose_answer_was_lost_is_simply_asked_again(
        self, life: Life, server: LivingResource, panel: Panel
    ) -> None:
        panel.loses_the_answer("POST", "/power/boot")
        life("ServerAction", server_id=server.id, action="boot").create()
        assert panel.writes() == [f"POST /servers/{server.id}/power/boot"] * 2


class TestUser:
    def test_a_new_password_is_secret(self, life: Life, owner: LivingResource, panel: Panel) -> None:
        action = life("UserAction", relation=owner["ext_relation_id"], action="reset_password").create()
        assert action.id == "42/reset_password"
        assert panel.requests() == [PASSWORD_OF_USER]
        assert len(action["password"]) > 10
        assert action.secrets == {"password"}

    def test_access_follows_the_profiles(self, life: Life, owner: LivingResource, panel: Panel) -> None:
        panel.mutate("users", owner["user_id"], selfServiceHourlyGroupProfiles=[1])
        action = life("UserAction", relation=42, action="sync_access", triggers={"profiles": [1]}).create()
        assert panel.requests() == [SYNC]
        assert panel.body(SYNC) == {"syncToProfiles": True}
        assert panel.object("users", owner["user_id"])["selfService"] == 1
        panel.forget()
        assert action.change(triggers={"profiles": [2]}).changed == ["triggers"]
        assert panel.requests() == [SYNC]

    def test_a_user_by_its_text(self, life: Life, panel: Panel) -> None:
        life("User", "b", name="Bo", email="bo@example.com", rel_str="bo").create()
        panel.forget()
        action = life("UserAction", relation="bo", action="sync_access").create()
        action.change(triggers="again")
        assert panel.requests() == ["PUT /selfService/access/byUserExtRelationId/bo?relStr=true"] * 2

    def test_another_user_is_another_action(self, life: Life, owner: LivingResource, panel: Panel) -> None:
        action = life("UserAction", relation=owner["ext_relation_id"], action="sync_access").create()
        life("User", "b", name="Bo", email="bo@example.com", rel_str="bo").create()
        panel.forget()
        assert action.change(relation="bo").replaces == ["relation"]
        assert panel.requests() == ["PUT /selfService/access/byUserExtRelationId/bo?relStr=true"]

    def test_a_reset_whose_answer_was_lost_is_not_repeated(
        self, life: Life, owner: LivingResource, panel: Panel
    ) -> None:
        panel.loses_the_answer("POST", "/resetPassword")
        with pytest.raises(HostError, match=r"The log of user 42 in the panel tells whether it ran\. The next update"):
            life("UserAction", relation=owner["ext_relation_id"], action="reset_password").create()
        assert panel.requests() == [PASSWORD_OF_USER]

    def test_a_synchronisation_whose_answer_was_lost_is_simply_asked_again(
        self, life: Life, owner: LivingResource, panel: Panel
    ) -> None:
        panel.loses_the_answer("PUT", "/selfService/access/")
        life("UserAction", relation=owner["ext_relation_id"], action="sync_access").create()
        assert panel.requests() == [SYNC, SYNC]


class TestResourcePack:
    @pytest.fixture
    def in_pack(self, server: LivingResource, pack: LivingResource, panel: Panel) -> str:
        """The id of a server in the pack."""
        panel.mutate("servers", server.id, **{"hidden.resourcePackId": int(pack.id)})
        return server.id

    @pytest.mark.parametrize(("name", "path"), [("suspend_servers", "suspend"), ("unsuspend_servers", "unsuspend")])
    def test_it_is_one_request_for_all_servers(
        self, life: Life, pack: LivingResource, in_pack: str, panel: Panel, name: str, path: str
    ) -> None:
        panel.mutate("servers", in_pack, suspended=path == "unsuspend")
        action = life("ResourcePackAction", resource_pack_id=pack.id, action=name).create()
        assert action.id == f"{pack.id}/{name}"
        assert panel.requests() == [f"POST /selfService/resourcePackServers/{pack.id}/{path}"]
        assert panel.object("servers", in_pack)["suspended"] is (path == "suspend")
        assert action.plan().changed == []

    def test_deleting_servers_does_not_wait_half_an_hour(
        self, life: Life, pack: LivingResource, in_pack: str, panel: Panel
    ) -> None:
        life("ResourcePackAction", resource_pack_id=pack.id, action="delete_servers").create()
        assert panel.requests() == [f"DELETE /selfService/resourcePackServers/{pack.id}?delay=0"]
        panel.advance(1)
        assert not panel.has("servers", in_pack)
        assert panel.has("resource_packs", pack.id)

    def test_other_triggers_run_it_again_and_another_pack_replaces(
        self, life: Life, pack: LivingResource, panel: Panel
    ) -> None:
        action = life("ResourcePackAction", resource_pack_id=pack.id, action="suspend_servers", triggers=[1]).create()
        panel.forget()
        action.change(triggers=[2])
        assert panel.requests() == [f"POST /selfService/resourcePackServers/{pack.id}/suspend"]
        assert action.plan(resource_pack_id=int(pack.id) + 1).replaces == ["resource_pack_id"]

    def test_a_deletion_whose_answer_was_lost_is_not_repeated(
        self, life: Life, pack: LivingResource, panel: Panel
    ) -> None:
        panel.loses_the_answer("DELETE", "/resourcePackServers/")
        with pytest.raises(HostError, match=f"The servers of resource pack {pack.id} in the panel"):
            life("ResourcePackAction", resource_pack_id=pack.id, action="delete_servers").create()
        assert panel.requests() == [f"DELETE /selfService/resourcePackServers/{pack.id}?delay=0"]


def test_the_servers_of_another_customers_pack_are_left_alone(
    life: Life, another_run: Life, owner: LivingResource, panel: Panel
) -> None:
    """It has the number and the definition of ours, whose user is gone: a pack does not say whose it is."""
    pack = life("ResourcePack", "pack", relation=42, pack_id=1).create()
    action = life("ResourcePackAction", "old", resource_pack_id=pack.id, action="suspend_servers", triggers=[1])
    action.create()
    panel.mutate("users", owner["user_id"], extRelationId=43)
    panel.forget()
    another_run.next_run(pack).plan()
    with pytest.raises(HostError, match="this ResourcePackAction was not carried out for"):
        another_run("ResourcePackAction", "new", resource_pack_id=pack.id, action="delete_servers").create()
    with pytest.raises(HostError, match="this ResourcePackAction was not carried out for"):
        another_run.next_run(action).change(triggers=[2])
    assert panel.writes() == []
