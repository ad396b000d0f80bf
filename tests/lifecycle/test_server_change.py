"""What a changed argument of a server sends: exactly one request, or a replacement."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import UNKNOWN, Life, LivingResource
from tests.lifecycle.panel_fixture import PAGE, Panel
from tests.provider_host import HostError


@pytest.fixture
def heir(life: Life, panel: Panel) -> LivingResource:
    """Another user."""
    user = life("User", "heir", name="Bob", email="bob@example.com", ext_relation_id=43).create()
    panel.forget()
    return user


@pytest.mark.parametrize(
    ("argument", "value", "request_line", "body"),
    [
        ("name", "web2", "PUT /servers/{id}/modify/name", {"name": "web2"}),
        ("memory", 2048, "PUT /servers/{id}/modify/memory", {"memory": 2048}),
        ("cpu_cores", 4, "PUT /servers/{id}/modify/cpuCores", {"cores": 4}),
        ("traffic", 0, "PUT /servers/{id}/modify/traffic", {"traffic": 0}),
        ("cpu_throttle", 25, "PUT /servers/{id}/modify/cpuThrottle?sync=false", {"percent": 25}),
        ("backup_plan_id", 1, "PUT /servers/{id}/backups/plan/1", None),
        ("backup_access", "view_restore", "PUT /servers/{id}/backupManager/access", {"type": "view_restore"}),
        ("suspended", True, "POST /servers/{id}/suspend", None),
        ("power_state", "running", "POST /servers/{id}/power/boot", None),
        ("vnc", False, "POST /servers/{id}/vnc", {"action": "disable"}),
        ("firewall_rulesets", [2, 1], "POST /servers/{id}/firewall/primary/rules?sync=true", {"rulesets": [2, 1]}),
        ("firewall_rulesets", [-1], "POST /servers/{id}/firewall/primary/rules?sync=true", {"rulesets": []}),
        ("ipv4", 3, "POST /servers/{id}/ipv4Qty", {"interface": "primary", "quantity": 2}),
    ],
)
def test_a_change_is_one_request_and_then_none(
    server: LivingResource, panel: Panel, argument: str, value: Any, request_line: str, body: Any
) -> None:
    plan = server.change(**{argument: value})
    line = request_line.format(id=server.id)
    assert (plan.changed, plan.replaces, plan.requests) == ([argument], [], [])
    assert panel.writes() == [line]
    assert panel.body(line) == body
    assert server[argument] == value
    panel.forget()
    assert server.change().changed == []
    assert panel.requests() == []
    assert server.refresh() == []
    assert server.change().changed == []
    assert panel.writes() == []


def test_the_opposite_of_a_flag_is_the_opposite_request(server: LivingResource, panel: Panel) -> None:
    server.change(suspended=True, vnc=True, backup_plan_id=1, firewall_rulesets=[1])
    panel.forget()
    server.change(suspended=False, vnc=False, backup_plan_id=0, firewall_rulesets=[-1])
    assert panel.writes() == [
        f"PUT /servers/{server.id}/backups/plan/0",
        f"POST /servers/{server.id}/unsuspend",
        f"POST /servers/{server.id}/vnc",
        f"POST /servers/{server.id}/firewall/primary/rules?sync=true",
    ]


def test_rulesets_in_another_order_are_the_same(server: LivingResource) -> None:
    server.change(firewall_rulesets=[1, 2])
    assert server.plan(firewall_rulesets=[2, 1]).changed == []


def test_arguments_taken_out_change_nothing(server: LivingResource, panel: Panel) -> None:
    server.change(suspended=True, name="web1", memory=2048, vnc=True)
    panel.forget()
    taken_out: dict[str, Any] = dict.fromkeys(("suspended", "name", "memory", "vnc"))
    assert server.change(**taken_out).changed == []
    assert panel.requests() == []
    assert server.refresh() == []
    assert (server["suspended"], server["memory"], server["vnc"]) == (True, 2048, True)


def test_saying_what_the_panel_has_anyway_is_no_change(server: LivingResource, panel: Panel) -> None:
    plan = server.change(memory=1024, cpu_cores=1, storage=10, traffic=200, cpu_throttle=0, suspended=False, ipv4=1)
    assert plan.changed == []
    assert panel.requests() == []


def test_a_delay_of_the_deletion_is_only_noted(server: LivingResource, panel: Panel) -> None:
    assert server.change(delete_delay=10).changed == ["delete_delay"]
    assert panel.writes() == []
    assert server["delete_delay"] == 10
    assert server.change().changed == []


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("hypervisor_group_id", 2),
        ("storage", 20),
        ("network_speed_inbound", 500),
        ("network_speed_outbound", 500),
        ("storage_profile", 0),
        ("network_profile", 3),
        ("hypervisor_asset_groups", [1]),
    ],
)
def test_what_the_api_cannot_change_replaces(server: LivingResource, panel: Panel, argument: str, value: Any) -> None:
    old = server.id
    plan = server.change(**{argument: value})
    assert (plan.changed, plan.replaces, plan.delete_first) == ([argument], [argument], False)
    assert panel.writes() == ["POST /servers", f"DELETE /servers/{old}?delay=0"]
    assert not panel.has("servers", old)
    assert panel.has("servers", server.id)
    assert server.plan().changed == []


def test_an_additional_disk_replaces(server: LivingResource) -> None:
    plan = server.plan(additional_storage1_enable=True, additional_storage1_capacity=5)
    assert plan.replaces == ["additional_storage1_enable", "additional_storage1_capacity"]


class TestUnknownValues:
    def test_an_unknown_group_is_another_group(self, server: LivingResource) -> None:
        assert server.plan(hypervisor_group_id=UNKNOWN).replaces == ["hypervisor_group_id"]

    def test_an_unknown_size_may_be_another_one(self, server: LivingResource) -> None:
        plan = server.plan(storage=UNKNOWN)
        assert (plan.changed, plan.replaces) == (["storage"], ["storage"])

    def test_an_unknown_owner_or_package_is_an_update_that_asks_nothing(self, server: LivingResource) -> None:
        plan = server.plan(user_id=UNKNOWN, package_id=UNKNOWN)
        assert (plan.changed, plan.replaces, plan.requests) == (["package_id", "user_id"], [], [])


class TestOwner:
    def test_a_new_owner_is_one_put(self, server: LivingResource, heir: LivingResource, panel: Panel) -> None:
        user_id = int(heir["user_id"])
        server.change(user_id=user_id)
        assert panel.writes() == [f"PUT /servers/{server.id}/owner/{user_id}"]
        assert panel.object("servers", server.id)["ownerId"] == user_id

    def test_an_error_page_after_success_is_success(
        self, server: LivingResource, heir: LivingResource, panel: Panel
    ) -> None:
        panel.fault("PUT", "/owner/", when="after", status=500, body=PAGE)
        server.change(user_id=heir["user_id"])
        assert len(panel.writes()) == 1
        assert server["user_id"] == heir["user_id"]

    def test_an_error_page_without_success_is_an_error_and_the_next_update_repeats_it(
        self, server: LivingResource, owner: LivingResource, heir: LivingResource, panel: Panel
    ) -> None:
        panel.fault("PUT", "/owner/", status=500, body=PAGE)
        with pytest.raises(HostError, match=r"^user_id: .*answered 500"):
            server.change(user_id=heir["user_id"])
        assert server["user_id"] == owner["user_id"]
        server.change()
        assert panel.writes() == [f"PUT /servers/{server.id}/owner/{int(heir['user_id'])}"] * 2

    def test_the_same_owner_is_no_error(self, server: LivingResource, heir: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", server.id, ownerId=int(heir["user_id"]))
        server.change(user_id=heir["user_id"])
        assert server["user_id"] == heir["user_id"]

    def test_an_owner_that_is_not_there_is_an_error(self, server: LivingResource, panel: Panel) -> None:
        with pytest.raises(HostError, match="answered 404: user not found"):
            server.change(user_id=999_999)
        assert panel.has("servers", server.id)


class TestPower:
    def test_the_hypervisor_is_asked_only_for_a_declared_state(self, server: LivingResource, panel: Panel) -> None:
        server.refresh()
        assert panel.requests() == [f"GET /servers/{server.id}?remoteState=false"]
        assert "power_state" not in server.outputs
        server.change(power_state="stopped")
        panel.forget()
        server.refresh()
        assert panel.requests() == [f"GET /servers/{server.id}?remoteState=true"]

    def test_booting_waits_for_the_queue(self, server: LivingResource, panel: Panel) -> None:
        panel.build_takes(2)
        server.change(power_state="running")
        (item,) = panel.all("queue")
        line = f"GET /queue/{item['id']}"
        assert panel.requests().count(line) > 1
        assert panel.object("servers", server.id)["hidden"]["running"] is True
        assert any(log.ephemeral and "to be running: queue item" in log.message for log in server.hosted.logs)

    def test_stopping_is_a_shutdown(self, server: LivingResource, panel: Panel) -> None:
        server.change(power_state="running")
        panel.forget()
        server.change(power_state="stopped")
        assert panel.writes() == [f"POST /servers/{server.id}/power/shutdown"]

    def test_a_server_in_that_state_is_left_alone(self, server: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", server.id, running=True)
        server.change(power_state="running")
        assert panel.writes() == []
        assert server["power_state"] == "running"

    def test_a_failed_queue_item_says_why_and_is_tried_again(self, server: LivingResource, panel: Panel) -> None:
        errors = {"exception": {"message": "no such domain"}}
        for item in range(1, 600):  # whichever it will be
            failed = {"id": item, "finished": "2026-01-01T00:00:00+00:00", "failed": True, "errors": errors}
            panel.fault("GET", f"^/queue/{item}$", status=200, body={"data": failed})
        with pytest.raises(HostError, match=r"^power_state: .*queue item \d+ failed: no such domain"):
            server.change(power_state="running")
        panel.clear_faults()
        panel.advance(60)  # the boot that was ordered has ended
        panel.mutate("servers", server.id, running=False)
        panel.forget()
        server.change()
        assert panel.writes() == [f"POST /servers/{server.id}/power/boot"]

    def test_an_older_panel_queues_nothing(self, server: LivingResource, panel: Panel) -> None:
        panel.fault("POST", "/power/boot", when="after", status=204)
        server.change(power_state="running")
        assert not any(line.startswith("GET /queue") for line in panel.requests())

    def test_a_custom_timeout_bounds_the_wait(self, server: LivingResource, panel: Panel) -> None:
        panel.build_takes(600)
        with pytest.raises(HostError, match=r"Waited \d s for server \d+ to be running: .* custom timeout") as error:
            server.change(power_state="running", timeout=2)
        assert error.value.partly_made is not None


def test_a_lost_answer_to_a_suspension_is_asked_again(server: LivingResource, panel: Panel) -> None:
    panel.loses_the_answer("POST", "/suspend")
    server.change(suspended=True)
    assert panel.object("servers", server.id)["suspended"] is True


@pytest.mark.parametrize(("argument", "value", "call"), [("suspended", True, "/suspend"), ("user_id", 1, "/owner/1")])
def test_a_look_that_fails_does_not_hide_what_went_wrong_before(
    server: LivingResource, panel: Panel, argument: str, value: Any, call: str
) -> None:
    panel.fault("P.*", f"{call}$", when="after", status=500, body=PAGE, times=None)
    panel.fails_from_the_second_on("GET", "^/servers/")
    with pytest.raises(HostError, match=rf"{argument}: P\w+ /servers/\d+{call} "):
        server.change(timeout=1, **{argument: value})


def test_a_panel_that_answers_but_does_not_follow_is_a_warning(server: LivingResource, panel: Panel) -> None:
    panel.fault("PUT", "/modify/name", status=201)
    server.change(name="web9")
    assert server.warnings == ["name: the panel accepted 'web9' but reports ''; a refresh will show the difference."]
    assert server.plan().changed == []
    assert server.refresh() == ["name"]
    assert server.plan().changed == ["name"]
