"""How a server is made: one request, then one for each declared setting that its creation does not take."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_virtfusion.resources.server import Server
from pulumi_virtfusion.schema.types import PackageChange
from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel


@pytest.fixture
def wanted(life: Life, owner: LivingResource) -> LivingResource:
    """A server that is not made yet."""
    return life("Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1)


def test_creating_is_one_request_and_always_says_how_many_addresses(
    wanted: LivingResource, panel: Panel, owner: LivingResource
) -> None:
    wanted.create()
    assert panel.requests() == ["POST /servers"]
    assert panel.body("POST /servers") == {"packageId": 1, "userId": owner["user_id"], "hypervisorId": 1, "ipv4": 1}
    assert panel.has("servers", wanted.id)


def test_the_request_holds_everything_that_a_creation_takes(
    wanted: LivingResource, panel: Panel, owner: LivingResource
) -> None:
    wanted.arguments |= {
        "ipv4": 2,
        "storage": 30,
        "traffic": 0,
        "memory": 2048,
        "cpu_cores": 2,
        "network_speed_inbound": 500,
        "network_speed_outbound": 400,
        "storage_profile": 1,
        "network_profile": 3,
        "firewall_rulesets": [1, 2],
        "hypervisor_asset_groups": [-1],
        "additional_storage1_enable": True,
        "additional_storage1_profile": 1,
        "additional_storage1_capacity": 5,
        "additional_storage2_enable": False,
    }
    wanted.create()
    assert panel.requests() == ["POST /servers"]
    assert panel.body("POST /servers") == {
        "packageId": 1,
        "userId": owner["user_id"],
        "hypervisorId": 1,
        "ipv4": 2,
        "storage": 30,
        "traffic": 0,
        "memory": 2048,
        "cpuCores": 2,
        "networkSpeedInbound": 500,
        "networkSpeedOutbound": 400,
        "storageProfile": 1,
        "networkProfile": 3,
        "firewallRulesets": [1, 2],
        "hypervisorAssetGroups": [-1],
        "additionalStorage1Enable": True,
        "additionalStorage1Profile": 1,
        "additionalStorage1Capacity": 5,
        "additionalStorage2Enable": False,
    }
    assert wanted.refresh() == []
    assert wanted.plan().changed == []


@pytest.mark.parametrize(
    ("argument", "value", "request_line", "body"),
    [
        ("name", "web1", "PUT /servers/{id}/modify/name", {"name": "web1"}),
        ("cpu_throttle", 50, "PUT /servers/{id}/modify/cpuThrottle?sync=false", {"percent": 50}),
        ("backup_plan_id", 2, "PUT /servers/{id}/backups/plan/2", None),
        ("backup_access", "full", "PUT /servers/{id}/backupManager/access", {"type": "full"}),
        ("suspended", True, "POST /servers/{id}/suspend", None),
        ("vnc", True, "POST /servers/{id}/vnc", {"action": "enable"}),
        ("power_state", "running", "POST /servers/{id}/power/boot", None),
    ],
)
def test_what_a_creation_does_not_take_is_one_request_more(
    wanted: LivingResource, panel: Panel, argument: str, value: Any, request_line: str, body: Any
) -> None:
    wanted.arguments[argument] = value
    wanted.create()
    line = request_line.format(id=wanted.id)
    assert panel.writes() == ["POST /servers", line]
    assert panel.body(line) == body
    assert wanted[argument] == value
    assert wanted.refresh() == []
    assert wanted.plan().changed == []


def test_what_a_new_server_is_already_is_not_sent(wanted: LivingResource, panel: Panel) -> None:
    wanted.arguments |= {"cpu_throttle": 0, "backup_plan_id": 0, "suspended": False, "memory": 1024}
    wanted.create()
    assert panel.writes() == ["POST /servers"]


def test_a_new_server_that_is_to_be_stopped_is_not_shut_down(wanted: LivingResource, panel: Panel) -> None:
    wanted.arguments["power_state"] = "stopped"
    wanted.create()
    assert panel.writes() == ["POST /servers"]
    assert wanted["power_state"] == "stopped"


def test_every_output_is_there_and_none_is_empty_for_ever(wanted: LivingResource) -> None:
    outputs = wanted.create().outputs
    computed = {name for name, field in Server.fields.items() if not field.is_input and field.from_id is None}
    assert computed <= outputs.keys()
    assert None not in outputs.values()
    assert outputs["primary_ipv4"] == outputs["ipv4_addresses"][0] == outputs["own_ipv4_addresses"][0]
    assert (outputs["state"], outputs["hostname"], outputs["hypervisor_id"]) == ("allocated", "", 1)


def test_what_is_left_out_reads_as_the_panel_has_it(wanted: LivingResource) -> None:
    outputs = wanted.create().outputs
    assert [outputs[name] for name in ("memory", "cpu_cores", "storage", "traffic", "ipv4")] == [1024, 1, 10, 200, 1]
    assert (outputs["suspended"], outputs["cpu_throttle"], outputs["backup_plan_id"]) == (False, 0, 0)


def test_what_the_panel_never_tells_is_no_output_when_left_out(wanted: LivingResource) -> None:
    """The panel's own `vnc` is an address and a port, not what the argument of that name sets."""
    assert not {"vnc", "backup_access", "firewall_rulesets", "hypervisor_asset_groups"} & wanted.create().outputs.keys()


def test_ids_may_be_given_as_strings(wanted: LivingResource, panel: Panel, owner: LivingResource) -> None:
    wanted.arguments |= {"package_id": "1", "user_id": str(int(owner["user_id"])), "hypervisor_group_id": "1"}
    wanted.create()
    assert panel.body("POST /servers")["packageId"] == 1
    assert wanted.plan(package_id=1).changed == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"memory": 128}, "memory: must be greater than or equal to 256"),
        ({"cpu_throttle": 100}, "cpu_throttle: must be less than or equal to 99"),
        ({"power_state": "on"}, "power_state: must be 'running' or 'stopped'"),
        ({"storage": 1.5}, "storage: must be a whole number"),
        (
            {"package_change": {"ram": True}},
            f"package_change: ram: is none of {', '.join(PackageChange.__annotations__)}",
        ),
        ({"firewall_rulesets": [0]}, "firewall_rulesets: must be ids, or [-1] for none whatever the package says"),
        ({"additional_storage1_capacity": 5}, "additional_storage1_capacity: needs additional_storage1_enable=True"),
        (
            {"additional_storage1_enable": True},
            "additional_storage1_capacity: is required with additional_storage1_enable=True",
        ),
        (
            {"additional_storage2_enable": True, "additional_storage2_capacity": 5},
            "additional_storage2_enable: needs additional_storage1_enable=True",
        ),
        ({"user_id": None}, "user_id: is required"),
    ],
)
def test_a_refusal_names_the_argument_and_asks_nothing(
    wanted: LivingResource, panel: Panel, arguments: dict[str, Any], problem: str
) -> None:
    with pytest.raises(Refused) as refused:
        wanted.check(**arguments)
    assert refused.value.problems == [problem]
    assert panel.requests() == []


class TestValidatingOnPreview:
    @pytest.fixture
    def asked(self, life: Life, owner: LivingResource) -> LivingResource:
        """A server of a stack that asks the panel at preview."""
        arguments = {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}
        return life.with_settings(validate_on_preview="true")("Server", **arguments)

    def test_a_dry_run_asks_before_the_creation(self, asked: LivingResource, panel: Panel) -> None:
        asked.check()
        assert panel.writes() == ["POST /servers?dryRun=true"]
        assert panel.body("POST /servers?dryRun=true")["ipv4"] == 1
        assert panel.all("servers") == []

    def test_a_refusal_of_the_panel_is_one_of_the_check(self, asked: LivingResource) -> None:
        with pytest.raises(Refused, match=r"would refuse this server: .* answered 422: Invalid or disabled package"):
            asked.check(package_id=6)

    def test_unknown_arguments_cannot_be_asked_about(self, asked: LivingResource, panel: Panel) -> None:
        asked.check(user_id=UNKNOWN)
        assert panel.requests() == []

    def test_an_existing_server_is_not_asked_about(self, asked: LivingResource, panel: Panel) -> None:
        asked.create()
        panel.forget()
        asked.check(memory=4096)
        assert panel.requests() == []


class TestPanelWithoutDryRuns:
    """It makes a server, and answers with it; the run is one that has asked nothing yet."""

    DRY_RUN = "POST /servers?dryRun=true"

    @pytest.fixture
    def asking(
        self, new_process: Life, owner: LivingResource, server: LivingResource, panel: Panel
    ) -> list[LivingResource]:
        """Four servers of a stack that asks the panel at preview, which answers each time that it made `server`."""
        self.answers(panel, server.id)
        life = new_process.with_settings(validate_on_preview="true")
        arguments = {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}
        return [life("Server", f"web-{number}", **arguments) for number in range(4)]

    @staticmethod
    def answers(panel: Panel, id_: object) -> None:
        panel.clear_faults()
        panel.fault("POST", "^/servers$", status=201, body={"data": {"id": int(str(id_))}}, delay=0.2, times=None)

    def test_what_it_made_is_an_error_and_nothing_more_is_asked(
        self, asking: list[LivingResource], server: LivingResource, panel: Panel
    ) -> None:
        with ThreadPoolExecutor(4) as pool:
            checks = [pool.submit(one.check) for one in asking]
        problems = [str(error) for one in checks if (error := one.exception()) is not None]
        assert len(problems) == 1
        assert problems[0].startswith(
            "virtfusion:validateOnPreview: asked whether it would accept this server, the panel made it: server "
            f"{server.id} of user {server.arguments['user_id']:.0f}. It does not know `dryRun`."
        )
        assert f"`DELETE /servers/{server.id}?delay=0`" in problems[0]
        assert "`pulumi config rm virtfusion:validateOnPreview`" in problems[0]
        assert panel.writes() == [self.DRY_RUN]

    def test_a_number_that_no_server_has_is_none(self, asking: list[LivingResource], panel: Panel) -> None:
        self.answers(panel, 4711)
        for one in asking:
            one.check()
        assert panel.writes() == [self.DRY_RUN] * 4

    def test_nor_is_that_of_another_server(
        self, asking: list[LivingResource], server: LivingResource, panel: Panel
    ) -> None:
        panel.mutate("servers", server.id, ownerId=1)
        for one in asking:
            one.check()
        assert panel.writes() == [self.DRY_RUN] * 4

    def test_a_refusal_proves_nothing(self, asking: list[LivingResource], server: LivingResource, panel: Panel) -> None:
        panel.clear_faults()
        panel.refuses("POST", "^/servers$", "no such package")
        panel.fault("POST", "^/servers$", status=201, body={"data": {"id": int(server.id)}}, times=None)
        for one, said in zip(asking, ("no such package", "the panel made it"), strict=False):
            with pytest.raises(Refused, match=said):
                one.check()
        asking[2].check()
        assert panel.writes() == [self.DRY_RUN] * 2

    def test_a_lost_answer_may_have_been_a_server_so_nothing_is_asked_again(
        self, asking: list[LivingResource], panel: Panel
    ) -> None:
        panel.clear_faults()
        panel.loses_the_answer("POST", "^/servers$")
        with pytest.raises(
            Refused, match=r"virtfusion:validateOnPreview: POST /servers lost its answer: .* may or may"
        ):
            asking[0].check()
        asking[1].check()
        assert panel.writes() == [self.DRY_RUN]

    def test_a_server_that_cannot_be_looked_at_may_have_been_made(
        self, asking: list[LivingResource], server: LivingResource, panel: Panel
    ) -> None:
        panel.fault("GET", f"^/servers/{server.id}$", status=403, times=None)
        with pytest.raises(Refused, match=rf"the panel may have made server {server.id}, and that could not be looked"):
            asking[0].check()
        asking[1].check()
        assert panel.writes() == [self.DRY_RUN]
