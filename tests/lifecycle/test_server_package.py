"""A package change: one PUT with eleven flags, first of all; what the program sets by hand is put back after it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import Mock

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.api.sections.servers.package_change import PACKAGE_COMPONENTS
from pulumi_virtfusion.lifecycle.run import Run
from pulumi_virtfusion.resources.server import Server
from pulumi_virtfusion.resources.server_package import QUANTITIES, component_of, foretell
from tests.lifecycle.life import UNKNOWN, Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

FLAGS = (
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
RESTART = "It takes effect in the guest after a restart, which this update does not do."
_runs = itertools.count(31)


@pytest.fixture
def bare(owner: LivingResource) -> dict[str, Any]:
    """What a server of package 1 is made with, and no more."""
    return {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}


@pytest.fixture
def fresh(life: Life) -> Callable[[], Life]:
    """Begins another run, which has read no package yet."""
    return lambda: life.with_settings(operation_timeout=str(next(_runs)))


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
    # This run may have read the packages for another test.
    done = [asked for asked in panel.requests() if asked not in ("GET /packages/1", "GET /packages/2")]
    read = f"GET /servers/{server.id}?remoteState=false"
    assert done == [read, line, read]
    assert panel.body(line) == dict.fromkeys(FLAGS, True)
    assert (server["package_id"], server["memory"], server["storage"]) == (2, 2048, 40)
    panel.forget()
    assert server.change().changed == []
    assert panel.requests() == []


def test_a_flag_of_the_program_is_respected_and_the_others_stay_true(server: LivingResource, panel: Panel) -> None:
    server.change(package_id=2, package_change={"memory": False, "primary_disk_read_iops": False})
    flags = panel.body(f"PUT /servers/{server.id}/package/2")
    assert flags == {**dict.fromkeys(FLAGS, True), "memory": False, "primaryDiskReadIOPS": False}
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
    DISK = "primary disk not updated. It either matches or is lower than the current value"

    @pytest.fixture
    def says(self, panel: Panel) -> Callable[..., None]:
        """Lets the panel say these lines of the next package change, which it does not carry out."""

        def says(*lines: str) -> None:
            panel.fault("PUT", "/package/", status=200, body={"info": list(lines)})

        return says

    def test_its_lines_are_an_output_and_what_matches_is_no_warning(self, server: LivingResource) -> None:
        server.change(package_id=5)
        assert {self.SAME, self.DISK} < set(server["package_change_info"])
        assert server.warnings == []

    @pytest.mark.parametrize(
        "line",
        [
            "memory not updated. It matches the current value",
            "CPU cores NOT UPDATED: it already matches its current value.",
            "read bytes/sec not updated.\nIt matches what the server has at current",
        ],
    )
    def test_what_matches_is_told_by_its_words(
        self, server: LivingResource, says: Callable[..., None], line: str
    ) -> None:
        says(line)
        server.change(package_id=2)
        assert (server["package_change_info"], server.warnings) == ([line], [])

    @pytest.mark.parametrize(
        "line",
        [
            "memory not updated. The hypervisor has not enough of it",
            "backup plan not updated. It does not match the hypervisor's",
            "primary disk is lower than the minimum of the storage",
            "",
        ],
    )
    def test_what_nobody_knows_is_a_warning(self, server: LivingResource, says: Callable[..., None], line: str) -> None:
        says(self.SAME, line)
        server.change(package_id=2)
        assert server["package_change_info"] == [self.SAME, line]
        assert server.warnings == [f"package 2: {line}"]

    def test_several_are_one_message(self, server: LivingResource, says: Callable[..., None]) -> None:
        says("one", self.SAME, "two")
        server.change(package_id=2)
        assert server.warnings == ["package 2: one\npackage 2: two"]

    def test_a_disk_that_is_really_smaller_is_a_warning(self, server: LivingResource, panel: Panel) -> None:
        server.change(package_id=2)
        panel.forget()
        server.change(package_id=4)
        assert f"package 4: {self.DISK}" in server.warnings
        assert [line for line in panel.requests() if line.startswith("GET /packages/")] in (["GET /packages/4"], [])

    @pytest.mark.parametrize(("declared", "warned"), [(41, True), (40, False)])
    def test_a_disk_of_the_program_may_be_smaller_too(
        self, life: Life, bare: dict[str, Any], declared: int, warned: bool
    ) -> None:
        server = life("Server", **bare, storage=declared).create()
        server.change(package_id=2)
        assert (f"package 2: {self.DISK}" in server.warnings) is warned

    def test_a_disk_that_nobody_can_compare_is_a_warning(
        self, fresh: Callable[[], Life], bare: dict[str, Any], panel: Panel
    ) -> None:
        server = fresh()("Server", **bare).create()
        panel.refuses("GET", "/packages/5", status=403, times=None)
        server.change(package_id=5)
        assert server.warnings[-1] == f"package 5: {self.DISK}"

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


def said_by(server: LivingResource) -> list[str]:
    """What the plan of a package change says, without the sentence about a restart."""
    return [line.removesuffix(f". {RESTART}") for line in server.infos]


class TestForecast:
    """The preview reads both packages and says in one line what the server will have."""

    TO_MEDIUM = (
        "package 1 (Small) -> 2 (Medium): memory 1024 -> 2048 MB, cpu_cores 1 -> 2, storage 10 -> 40 GB, "
        "traffic 200 -> 1000 GB, network_speed_inbound unlimited -> 12500 kB/s, "
        "network_speed_outbound unlimited -> 12500 kB/s, backup_plan_id none -> 1"
    )

    def test_it_is_one_line_with_all_that_differs(self, server: LivingResource, panel: Panel) -> None:
        server.plan(package_id=2)
        assert (said_by(server), server.warnings) == ([self.TO_MEDIUM], [])
        assert panel.writes() == []

    def test_what_has_no_limit_reads_so_on_either_side(self, server: LivingResource) -> None:
        server.change(package_id=2)
        server.plan(package_id=3)
        assert said_by(server)[-1] == (
            "package 2 (Medium) -> 3 (Large): memory 2048 -> 8192 MB, cpu_cores 2 -> 4, storage 40 -> 160 GB, "
            "traffic 1000 GB -> unlimited, network_speed_inbound 12500 -> 125000 kB/s, "
            "network_speed_outbound 12500 -> 125000 kB/s, disk_read_iops unlimited -> 5000 IOPS, "
            "disk_write_iops unlimited -> 5000 IOPS, backup_plan_id 1 -> 2"
        )

    def test_limits_of_the_disk_are_the_old_packages(
        self, fresh: Callable[[], Life], bare: dict[str, Any], panel: Panel
    ) -> None:
        limits = {"primaryStorageReadIopsSec": 100, "primaryStorageWriteIopsSec": 200}
        panel.mutate("packages", 1, **limits, primaryStorageReadBytesSec=300)
        panel.mutate("packages", 5, primaryStorageReadBytesSec=301, primaryStorageWriteBytesSec=400)
        server = fresh()("Server", **bare).create()
        server.plan(package_id=5)
        assert said_by(server) == [
            "package 1 (Small) -> 5 (Private network): disk_read_iops 100 IOPS -> unlimited, "
            "disk_write_iops 200 IOPS -> unlimited, disk_read_throughput 300 -> 301 B/s, "
            "disk_write_throughput unlimited -> 400 B/s"
        ]

    def test_what_the_last_change_kept_is_not_the_old_packages(self, server: LivingResource) -> None:
        server.change(package_id=3, package_change={"primary_disk_read_iops": False})
        server.plan(package_id=2, package_change={})
        assert "disk_read_iops -> unlimited, disk_write_iops 5000 IOPS -> unlimited" in said_by(server)[-1]

    def test_the_state_goes_before_the_old_package(self, server: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", server.id, **{"settings.resources.memory": 1500})
        server.refresh()
        server.plan(package_id=2)
        assert "memory 1500 -> 2048 MB" in said_by(server)[0]

    def test_no_component_is_left_out(self) -> None:
        assert {component_of(name, Server.fields) for name in QUANTITIES} == PACKAGE_COMPONENTS.keys()

    def test_nothing_to_say_is_said(self, server: LivingResource) -> None:
        server.plan(package_id=5)
        assert said_by(server) == ["package 1 (Small) -> 5 (Private network): nothing that the server has changes"]
        server.plan(package_id=2, package_change=dict.fromkeys(PACKAGE_COMPONENTS, False))
        assert said_by(server)[1] == "package 1 (Small) -> 2 (Medium): nothing that the server has changes"

    def test_only_what_the_flags_take_over_is_said(self, server: LivingResource) -> None:
        kept = dict.fromkeys(PACKAGE_COMPONENTS.keys() - {"cpu", "memory"}, False)
        server.plan(package_id=2, package_change=kept)
        assert said_by(server) == ["package 1 (Small) -> 2 (Medium): memory 1024 -> 2048 MB, cpu_cores 1 -> 2"]

    def test_what_the_program_sets_is_put_back(self, tuned: LivingResource) -> None:
        tuned.plan(package_id=4, memory=4000)
        assert said_by(tuned) == [
            "package 1 (Small) -> 4 (Compute): storage 10 -> 20 GB; memory 3000 -> 4000 MB, cpu_cores stays 3, "
            "traffic stays 77 GB, backup_plan_id stays 2, as the program says"
        ]
        assert tuned.warnings == []

    def test_what_the_program_and_the_package_agree_on_is_a_change_like_any(self, tuned: LivingResource) -> None:
        tuned.plan(
            package_id=4, memory=4096, package_change=dict.fromkeys(PACKAGE_COMPONENTS.keys() - {"memory"}, False)
        )
        assert said_by(tuned) == ["package 1 (Small) -> 4 (Compute): memory 3000 -> 4096 MB"]

    def test_what_a_preview_does_not_know_yet_is_said_to_be_so(self, tuned: LivingResource) -> None:
        tuned.plan(package_id=4, traffic=UNKNOWN, memory=None, cpu_cores=None, backup_plan_id=None)
        assert "; traffic 77 GB -> a value not known yet, as the program says" in said_by(tuned)[0]
        tuned.plan(package_id=4, package_change=UNKNOWN, traffic=77)
        assert said_by(tuned)[1].endswith("; package_change is not known yet and may keep some of it")
        tuned.plan(package_id=4, package_change={"memory": UNKNOWN, "cpu": False})
        assert "memory 3000 -> 4096 MB" in said_by(tuned)[2]
        assert said_by(tuned)[2].endswith("; package_change is not known yet and may keep some of it")

    def test_a_package_that_the_panel_tells_little_of(
        self, fresh: Callable[[], Life], bare: dict[str, Any], panel: Panel
    ) -> None:
        panel.fault(
            "GET", "/packages/2", status=200, body={"data": {"id": 2, "name": "A\n B", "cpuCores": 2, "memory": 0}}
        )
        server = fresh()("Server", **bare).create()
        server.plan(package_id=2)
        assert said_by(server) == ["package 1 (Small) -> 2 (A B): cpu_cores 1 -> 2"]

    def test_a_replacement_takes_the_package_anyway(self, server: LivingResource) -> None:
        plan = server.plan(package_id=2, hypervisor_group_id=2)
        (lost,) = server.warnings
        assert (plan.requests, "package" in lost, said_by(server)) == ([], False, [])

    def test_another_change_says_nothing(self, server: LivingResource) -> None:
        server.plan(memory=4096, package_change={"cpu": False})
        assert (server.warnings, said_by(server)) == ([], [])


class TestForecastWarns:
    def test_of_a_disk_that_never_shrinks(self, server: LivingResource) -> None:
        server.change(package_id=2)
        server.plan(package_id=1, package_change={"memory": False, "cpu": False})
        assert server.warnings == [
            "package 1 (Small) has a disk of 10 GB; the server keeps its 40 GB, since a disk never shrinks."
        ]
        assert "storage" not in said_by(server)[-1]

    def test_of_capacity_that_is_taken_away(self, server: LivingResource) -> None:
        server.change(package_id=2)
        server.plan(package_id=1, package_change={"primary_disk_size": False})
        assert server.warnings == [
            "package 1 (Small) has less than the server: memory 2048 -> 1024 MB, cpu_cores 2 -> 1. "
            "The panel takes that away and does not say so."
        ]

    def test_of_no_capacity_that_the_program_sets(self, server: LivingResource) -> None:
        server.change(package_id=2)
        server.plan(package_id=1, memory=1500, cpu_cores=2, package_change={"primary_disk_size": False})
        assert server.warnings == []

    def test_of_a_disabled_package(self, server: LivingResource) -> None:
        server.plan(package_id=6)
        assert "package 6 (Retired) is disabled; the panel may refuse it." in server.warnings

    def test_of_a_speed_or_a_disk_that_nothing_puts_back(self, life: Life, bare: dict[str, Any]) -> None:
        server = life("Server", **bare, network_speed_inbound=500, network_speed_outbound=0, storage=20).create()
        server.plan(package_id=2)
        assert server.warnings == [
            "package 2 (Medium) sets storage to 40 GB, and nothing can put the program's 20 GB back: "
            'keep it with package_change={"primary_disk_size": False}.',
            "package 2 (Medium) sets network_speed_inbound to 12500 kB/s, and nothing can put the program's 500 kB/s "
            'back: keep it with package_change={"primary_network_inbound_speed": False}.',
            "package 2 (Medium) sets network_speed_outbound to 12500 kB/s, and nothing can put the program's unlimited "
            'back: keep it with package_change={"primary_network_outbound_speed": False}.',
        ]
        assert "storage 20 -> 40 GB" in said_by(server)[0]

    def test_of_no_disk_that_an_earlier_package_enlarged(self, panel: Panel) -> None:
        context = Mock(panel=VirtFusion(panel.url, panel.token), run=Run())
        foretell(context, Server.fields, {"package_id": 2, "storage": 20}, {"package_id": 4, "storage": 10})
        context.inform.assert_called_once()
        context.warn.assert_not_called()

    def test_of_nothing_that_a_flag_keeps(self, tuned: LivingResource) -> None:
        tuned.plan(package_id=6, package_change=dict.fromkeys(PACKAGE_COMPONENTS, False))
        assert tuned.warnings == ["package 6 (Retired) is disabled; the panel may refuse it."]


class TestRestart:
    """It is spoken of where a guest is running that will not see the change before one."""

    @pytest.fixture
    def running(self, life: Life, bare: dict[str, Any]) -> LivingResource:
        server = life("Server", "running", **bare, power_state="running", suspended=False).create()
        life("ServerBuild", server_id=server.id, operating_system_id=1).create()
        server.refresh()
        return server

    def test_is_needed_by_a_running_guest(self, running: LivingResource) -> None:
        running.plan(package_id=2)
        assert running.infos == [f"{TestForecast.TO_MEDIUM}. {RESTART}"]

    def test_is_needed_where_nobody_manages_the_power(self, server: LivingResource, life: Life) -> None:
        life("ServerBuild", server_id=server.id, operating_system_id=1).create()
        server.refresh()
        server.plan(package_id=2)
        assert server.infos == [f"{TestForecast.TO_MEDIUM}. {RESTART}"]

    @pytest.mark.parametrize(
        ("takes", "needed"),
        [
            ("memory", True),
            ("cpu", True),
            ("primary_disk_size", True),
            ("primary_disk_read_iops", True),
            ("primary_disk_write_throughput", False),  # which both packages leave free
            ("primary_network_traffic", False),
            ("primary_network_inbound_speed", False),
            ("backup_plan", False),
        ],
    )
    def test_is_needed_by_what_the_guest_is_made_of(self, running: LivingResource, takes: str, needed: bool) -> None:
        running.plan(package_id=3, package_change={**dict.fromkeys(PACKAGE_COMPONENTS, False), takes: True})
        assert (RESTART in running.infos[0]) is needed

    def test_is_not_needed_for_what_is_put_back(self, running: LivingResource) -> None:
        kept = dict.fromkeys(PACKAGE_COMPONENTS.keys() - {"memory"}, False)
        running.change(memory=1024)
        running.plan(package_id=2, package_change=kept)
        assert running.infos == ["package 1 (Small) -> 2 (Medium): memory stays 1024 MB, as the program says"]

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ({"power_state": "stopped"}, {"power_state": "running"}),
            ({"power_state": "stopped"}, {}),
            ({"power_state": "stopped"}, {"power_state": None}),
            ({}, {"power_state": "stopped"}),
            ({}, {"power_state": UNKNOWN}),
            ({"power_state": None, "suspended": True}, {}),
            ({"power_state": None, "suspended": True}, {"suspended": None}),
            ({"power_state": None, "suspended": True}, {"suspended": False}),
            ({}, {"suspended": True}),
            ({}, {"suspended": UNKNOWN}),
        ],
    )
    def test_is_no_matter_where_the_guest_does_not_run_on(
        self, running: LivingResource, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        running.change(**before)
        running.plan(package_id=2, **after)
        assert running.infos == [TestForecast.TO_MEDIUM]

    def test_is_not_claimed_for_what_may_be_so_already(self, running: LivingResource) -> None:
        kept = dict.fromkeys(PACKAGE_COMPONENTS, False)
        running.change(package_id=3, package_change=kept)
        running.plan(package_id=2, package_change={**kept, "primary_disk_read_iops": True})
        assert running.infos[-1] == "package 3 (Large) -> 2 (Medium): disk_read_iops -> unlimited"

    def test_is_not_promised_for_one_that_may_be_booted(self, server: LivingResource, life: Life) -> None:
        life("ServerBuild", server_id=server.id, operating_system_id=1).create()
        server.refresh()
        server.plan(package_id=2, power_state="running")
        assert server.infos == [TestForecast.TO_MEDIUM]


class TestReadingThePackages:
    def test_many_servers_cost_one_request_a_package(
        self, fresh: Callable[[], Life], bare: dict[str, Any], panel: Panel
    ) -> None:
        life = fresh()
        servers = [life("Server", f"web-{number}", **bare).create() for number in range(5)]
        panel.forget()
        for server in servers:
            server.plan(name="unchanged")
        assert panel.requests() == []
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda server: server.plan(package_id=2), servers))
        assert sorted(panel.requests()) == ["GET /packages/1", "GET /packages/2"]
        assert all(said_by(server) == [TestForecast.TO_MEDIUM] for server in servers)

    def test_an_unknown_package_is_refused(self, server: LivingResource, panel: Panel) -> None:
        with pytest.raises(HostError) as error:
            server.plan(package_id=99)
        assert error.value.message == "package_id: the panel has no package 99; get_packages() lists them."
        assert panel.writes() == []

    def test_an_old_package_that_is_gone_is_said_to_be(
        self, fresh: Callable[[], Life], bare: dict[str, Any], panel: Panel
    ) -> None:
        server = fresh()("Server", **bare).create()
        panel.delete("packages", 1)
        server.plan(package_id=2)
        assert said_by(server)[0].startswith("package 1 (no longer there) -> 2 (Medium): memory 1024 -> 2048 MB, ")
        assert "disk_read_iops -> unlimited" in said_by(server)[0]

    @pytest.mark.parametrize("status", [403, 500])
    def test_an_old_package_that_cannot_be_read_has_no_name(
        self, fresh: Callable[[], Life], bare: dict[str, Any], panel: Panel, status: int
    ) -> None:
        server = fresh()("Server", **bare).create()
        panel.refuses("GET", "/packages/1", status=status, times=None)
        server.plan(package_id=2)
        assert said_by(server)[0].startswith("package 1 -> 2 (Medium): memory 1024 -> 2048 MB, ")
        assert server.warnings == []

    def test_an_old_package_that_the_state_does_not_name(self, server: LivingResource) -> None:
        del server.outputs["package_id"]
        server.plan(package_id=2)
        assert said_by(server)[0].startswith("package (unknown) -> 2 (Medium): memory 1024 -> 2048 MB, ")

    def test_a_new_package_that_cannot_be_read_is_a_warning_and_asked_for_once(
        self, fresh: Callable[[], Life], bare: dict[str, Any], panel: Panel
    ) -> None:
        life = fresh()
        servers = [life("Server", f"web-{number}", **bare).create() for number in range(2)]
        panel.refuses("GET", "/packages/2", "no scope", status=403, times=None)
        panel.forget()
        for server in servers:
            assert server.plan(package_id=2).changed == ["package_id"]
            (warning,) = server.warnings
            assert warning.startswith(
                "package_id: this preview cannot tell what package 2 changes, since reading it failed: "
            )
            assert "GET /packages/2 answered 403: no scope" in warning
            assert said_by(server) == []
        assert panel.requests() == ["GET /packages/2"]


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
