"""A package change: one PUT with eleven flags, first of all; what the program sets by hand is put back after it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

COMPONENTS = (
    "backupPlan",
    "cpu",
    "memory",
    "primaryDiskReadIOPS",
    "primaryDiskReadThroughput",
    "primaryDiskSize",
    "primaryDiskWriteIOPS",
    "primaryDiskWriteThroughput",
    "primaryNetworkInboundSpeed",
    "primaryNetworkOutboundSpeed",
    "primaryNetworkTraffic",
)
RESTART = "A package change takes effect in the guest after a restart, which this update does not do."


@pytest.fixture
def tuned(life: Life, owner: LivingResource, panel: Panel) -> LivingResource:
    """A server of package 1 whose memory, cores, traffic and backup plan the program sets."""
    arguments: dict[str, Any] = {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}
    arguments |= {"memory": 3000, "cpu_cores": 3, "traffic": 77, "backup_plan_id": 2}
    made = life("Server", **arguments).create()
    panel.forget()
    return made


def test_it_is_one_put_with_all_eleven_flags(server: LivingResource, panel: Panel) -> None:
    plan = server.change(package_id=2)
    line = f"PUT /servers/{server.id}/package/2"
    assert (plan.changed, plan.replaces) == (["package_id"], [])
    # The forecast may have read the package for another test a moment ago.
    assert panel.requests()[-2:] == [line, f"GET /servers/{server.id}?remoteState=false"]
    assert len(panel.requests()) <= 4
    assert panel.body(line) == dict.fromkeys(COMPONENTS, True)
    assert (server["package_id"], server["memory"], server["storage"]) == (2, 2048, 40)
    panel.forget()
    assert server.change().changed == []
    assert panel.requests() == []


def test_a_flag_of_the_program_is_respected_and_the_others_stay_true(server: LivingResource, panel: Panel) -> None:
    server.change(package_id=2, package_change={"memory": False, "primary_disk_read_iops": False})
    flags = panel.body(f"PUT /servers/{server.id}/package/2")
    assert flags == {**dict.fromkeys(COMPONENTS, True), "memory": False, "primaryDiskReadIOPS": False}
    assert (server["memory"], server["cpu_cores"]) == (1024, 2)


def test_flags_alone_are_only_noted(server: LivingResource, panel: Panel) -> None:
    assert server.change(package_change={"memory": False}).changed == ["package_change"]
    assert panel.writes() == []
    assert server.change().changed == []


def test_what_the_program_sets_is_put_back_afterwards(tuned: LivingResource, panel: Panel) -> None:
    tuned.change(package_id=4)
    at = f"PUT /servers/{tuned.id}"
    assert panel.writes() == [
        f"{at}/package/4",
        f"{at}/modify/memory",
        f"{at}/modify/cpuCores",
        f"{at}/modify/traffic",
        f"{at}/backups/plan/2",
    ]
    assert panel.body(f"{at}/modify/memory") == {"memory": 3000}
    assert panel.body(f"{at}/modify/cpuCores") == {"cores": 3}
    assert panel.body(f"{at}/modify/traffic") == {"traffic": 77}
    assert [tuned[name] for name in ("memory", "cpu_cores", "traffic", "backup_plan_id")] == [3000, 3, 77, 2]


def test_what_a_flag_keeps_is_not_put_back(tuned: LivingResource, panel: Panel) -> None:
    kept = {"memory": False, "primary_network_traffic": False, "backup_plan": False}
    tuned.change(package_id=4, package_change=kept)
    at = f"PUT /servers/{tuned.id}"
    assert panel.writes() == [f"{at}/package/4", f"{at}/modify/cpuCores"]
    assert [tuned[name] for name in ("memory", "cpu_cores", "traffic", "backup_plan_id")] == [3000, 3, 77, 2]


def test_other_changes_follow_the_package_once(server: LivingResource, panel: Panel) -> None:
    server.change(name="web1", memory=4096, suspended=True, package_id=2)
    at = f"/servers/{server.id}"
    assert panel.writes() == [
        f"PUT {at}/package/2",
        f"PUT {at}/modify/name",
        f"PUT {at}/modify/memory",
        f"POST {at}/suspend",
    ]
    assert server["memory"] == 4096


def test_a_refused_package_leaves_the_rest_to_be_done(server: LivingResource, panel: Panel) -> None:
    with pytest.raises(HostError, match=r"^package_id: .*answered 422: Invalid or disabled package") as error:
        server.change(package_id=6, name="web1")
    assert error.value.partly_made is not None
    assert (server["package_id"], server["name"]) == (1, "web1")
    panel.forget()
    server.change(package_id=1)
    assert panel.writes() == []


class TestWhatThePanelSays:
    SAME = "CPU cores not updated. It matches the current value"

    def test_its_lines_are_an_output_and_one_warning(self, server: LivingResource) -> None:
        server.change(package_id=5)
        assert self.SAME in server["package_change_info"]
        lines = [f"package 5: {line}" for line in server["package_change_info"]]
        assert "\n".join(lines) in server.warnings

    def test_they_stay_until_the_next_package_change(self, server: LivingResource) -> None:
        server.change(package_id=5)
        server.change(name="web1")
        server.refresh()
        assert self.SAME in server["package_change_info"]
        server.change(package_id=2)
        assert self.SAME not in server["package_change_info"]

    def test_an_older_panel_says_nothing(self, server: LivingResource, panel: Panel) -> None:
        panel.fault("PUT", "/package/", when="after", status=204)
        server.change(package_id=2)
        assert (server["package_change_info"], server["memory"]) == ([], 2048)


class TestForecast:
    """The preview reads the target package and says what a change of it will not do."""

    def test_a_restart_is_needed(self, server: LivingResource, panel: Panel) -> None:
        assert server.plan(package_id=2).requests in (["GET /packages/2"], [])  # it was read a moment ago at best
        assert server.warnings == [RESTART]
        assert panel.writes() == []

    def test_a_disk_never_shrinks(self, server: LivingResource) -> None:
        server.change(package_id=2)
        server.plan(package_id=1)
        assert (
            "package 1 (Small) has a disk of 10 GB; the server keeps its 40 GB, since a disk never shrinks."
            in server.warnings
        )

    def test_what_the_program_sets_is_put_back(self, tuned: LivingResource) -> None:
        tuned.plan(package_id=4)
        assert tuned.warnings == [
            "memory=3000 of the program is put back after the change; package 4 (Compute) has 4096.",
            "cpu_cores=3 of the program is put back after the change; package 4 (Compute) has 8.",
            "traffic=77 of the program is put back after the change; package 4 (Compute) has 2000.",
            "backup_plan_id=2 of the program is put back after the change; package 4 (Compute) has 0.",
            RESTART,
        ]

    def test_what_a_flag_keeps_is_no_news(self, tuned: LivingResource) -> None:
        kept = {"memory": False, "cpu": False, "primary_network_traffic": False, "backup_plan": False}
        tuned.plan(package_id=4, package_change=kept)
        assert tuned.warnings == [RESTART]

    def test_a_disabled_package_may_be_refused(self, server: LivingResource) -> None:
        server.plan(package_id=6)
        assert "package 6 (Retired) is disabled; the panel may refuse it." in server.warnings

    def test_an_unknown_package_is_refused(self, server: LivingResource, panel: Panel) -> None:
        with pytest.raises(HostError) as error:
            server.plan(package_id=99)
        assert error.value.message == "package_id: the panel has no package 99; get_packages() lists them."
        assert panel.writes() == []

    def test_a_replacement_takes_the_package_anyway(self, server: LivingResource) -> None:
        plan = server.plan(package_id=2, hypervisor_group_id=2)
        assert plan.requests == []
        assert all("package" not in warning for warning in server.warnings)


class TestNoDifferenceRemains:
    """Whatever the panel left as it was, or changed besides: the next preview is empty."""

    @pytest.mark.parametrize(
        ("declared", "package"),
        [
            ({"storage": 50}, 2),
            ({"storage": 20}, 2),
            ({"network_speed_inbound": 500, "network_speed_outbound": 400}, 2),
            ({"storage": 20, "memory": 512, "cpu_cores": 4, "traffic": 1, "backup_plan_id": 0}, 3),
        ],
    )
    def test_after_a_package_change(
        self, life: Life, owner: LivingResource, panel: Panel, declared: dict[str, Any], package: int
    ) -> None:
        arguments: dict[str, Any] = {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}
        server = life("Server", **arguments, **declared).create()
        server.change(package_id=package)
        panel.forget()
        assert server.change().changed == []
        assert panel.requests() == []
        assert server.refresh() == []
        assert server.change().changed == []
        assert server.inputs.items() >= declared.items()
        assert server.warnings[-1:] != ["storage is"]

    def test_after_a_disk_that_did_not_shrink(self, server: LivingResource) -> None:
        server.change(package_id=2)
        server.change(package_id=1)
        assert server["storage"] == 40
        assert server.refresh() == []
        assert server.change().changed == []

    def test_a_speed_that_nothing_puts_back_is_a_warning(self, life: Life, owner: LivingResource) -> None:
        arguments: dict[str, Any] = {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}
        server = life("Server", **arguments, network_speed_inbound=500).create()
        server.plan(package_id=2)
        assert server.warnings[0] == (
            "package 2 (Medium) sets network_speed_inbound to 12500, and nothing can put the program's 500 back: "
            'keep it with package_change={"primary_network_inbound_speed": False}.'
        )
