"""What a refresh, a look-up and an import see of a server."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import PAGE, Panel
from tests.provider_host import HostError


class TestDrift:
    @pytest.mark.parametrize(
        ("argument", "declared", "path", "drifted", "put_back"),
        [
            ("name", "web1", "name", "renamed", "PUT /servers/{id}/modify/name"),
            ("memory", 2048, "settings.resources.memory", 512, "PUT /servers/{id}/modify/memory"),
            ("cpu_cores", 2, "cpu.cores", 8, "PUT /servers/{id}/modify/cpuCores"),
            ("traffic", 500, "settings.resources.traffic", 0, "PUT /servers/{id}/modify/traffic"),
            ("cpu_throttle", 50, "cpu.throttle", 0, "PUT /servers/{id}/modify/cpuThrottle?sync=false"),
            ("backup_plan_id", 1, "backupPlan.id", 2, "PUT /servers/{id}/backups/plan/1"),
            ("suspended", True, "suspended", False, "POST /servers/{id}/suspend"),
            ("power_state", "stopped", "running", True, "POST /servers/{id}/power/shutdown"),
        ],
    )
    def test_of_a_declared_argument_shows_and_the_next_update_puts_it_back(
        self,
        server: LivingResource,
        panel: Panel,
        argument: str,
        declared: Any,
        path: str,
        drifted: Any,
        put_back: str,
    ) -> None:
        server.change(**{argument: declared})
        panel.mutate("servers", server.id, **{path: drifted})
        panel.forget()
        assert server.refresh() == [argument]
        assert server.inputs[argument] == server[argument] != declared
        assert server.change().changed == [argument]
        assert panel.writes() == [put_back.format(id=server.id)]
        assert server[argument] == declared
        assert server.refresh() == []

    def test_of_the_owner_is_put_back(self, server: LivingResource, owner: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", server.id, ownerId=1)
        assert server.refresh() == ["user_id"]
        server.change()
        assert panel.writes() == [f"PUT /servers/{server.id}/owner/{int(owner['user_id'])}"]

    def test_of_the_group_is_told_and_never_planned(self, server: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", server.id, hypervisorId=3)
        for _ in range(2):
            assert server.refresh() == []
            assert server["hypervisor_group_id"] == 2
            plan = server.plan()
            assert (plan.changed, plan.replaces) == ([], [])
        (warning, _) = server.warnings
        assert warning.startswith("hypervisor_group_id is 2 at the panel, and 1 in the program. Only a replacement")
        assert f"`pulumi up --target-replace '{server.hosted.urn}'`" in warning

    def test_a_move_within_the_group_is_none(self, server: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", server.id, hypervisorId=2)
        assert server.refresh() == []
        assert server["hypervisor_id"] == 2

    def test_of_what_is_left_out_shows_in_the_outputs_alone(self, server: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", server.id, name="renamed", **{"settings.resources.memory": 512})
        assert server.refresh() == []
        assert (server["name"], server["memory"]) == ("renamed", 512)
        assert server.change().changed == []

    def test_outputs_follow_the_panel(self, server: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", server.id, hostname="web1.example.com", state="complete")
        server.refresh()
        assert (server["hostname"], server["state"]) == ("web1.example.com", "complete")


def test_what_cannot_be_read_is_kept(server: LivingResource, panel: Panel) -> None:
    written: dict[str, Any] = {"vnc": True, "backup_access": "full", "firewall_rulesets": [1], "delete_delay": 7}
    server.change(**written, package_change={"memory": False})
    panel.mutate("servers", server.id, backupAccess="disabled", packageId=3)
    assert server.refresh() == []
    assert {name: server[name] for name in written} == written
    assert (server["package_id"], server["package_change"]) == (1, {"memory": False})


class TestGone:
    def test_a_server_that_the_panel_does_not_know_is_gone(self, server: LivingResource, panel: Panel) -> None:
        panel.delete("servers", server.id)
        server.refresh()
        assert server.id == ""

    @pytest.mark.parametrize(
        ("status", "body", "said"),
        [
            (404, PAGE, "answered 404: .*not an answer of VirtFusion's API"),
            (404, "", "answered 404: .*not an answer of VirtFusion's API"),
            (404, {"message": "The route could not be found."}, "answered 404: The route could not be found"),
            (403, {"message": "This action is unauthorized."}, "answered 403: This action is unauthorized.*scope"),
            (401, "", "answered 401.*--run-program"),
        ],
    )
    def test_any_other_refusal_is_an_error(
        self, server: LivingResource, panel: Panel, status: int, body: Any, said: str
    ) -> None:
        panel.fault("GET", "^/servers/", status=status, body=body, times=None)
        with pytest.raises(HostError, match=said):
            server.refresh()
        assert server.id != ""


class TestLookUp:
    def test_all_outputs_are_read(self, life: Life, server: LivingResource) -> None:
        found = life("Server", "other").look_up(server.id)
        assert found.id == server.id
        assert found.outputs.items() >= {name: server[name] for name in ("uuid", "memory", "primary_ipv4")}.items()

    def test_a_missing_one_is_an_error(self, life: Life) -> None:
        with pytest.raises(HostError, match="answered 404: server not found"):
            life("Server").look_up(999_999)

    def test_an_id_that_is_no_number_is_an_error_in_words(self, life: Life) -> None:
        with pytest.raises(HostError) as error:
            life("Server").look_up("web1")
        assert error.value.message == "'web1' cannot be the id of a server."


class TestImport:
    @pytest.fixture
    def twin(self, life: Life, server: LivingResource, panel: Panel) -> LivingResource:
        """The same server in another program."""
        panel.mutate("servers", server.id, name="web1")
        panel.forget()
        arguments = {**server.arguments, "name": "web1", "vnc": True, "package_id": 3}
        return life("Server", "twin", import_=server.id, **arguments)

    def test_what_the_program_describes_is_taken_over_as_it_is(
        self, twin: LivingResource, server: LivingResource, panel: Panel
    ) -> None:
        twin.create()
        assert (twin.id, twin["uuid"], panel.writes()) == (server.id, server["uuid"], [])
        assert (twin["vnc"], twin["package_id"]) == (True, 3)
        assert twin["own_ipv4_addresses"] == server["own_ipv4_addresses"]

    def test_the_option_may_go_afterwards_or_stay(self, twin: LivingResource, panel: Panel) -> None:
        twin.create()
        panel.forget()
        assert twin.change().changed == []
        assert twin.change(import_id=None).changed == []
        assert panel.requests() == []

    def test_the_next_change_is_an_ordinary_one(self, twin: LivingResource, panel: Panel) -> None:
        twin.create()
        twin.change(import_id=None, name="web2")
        assert panel.writes() == [f"PUT /servers/{twin.id}/modify/name"]

    def test_differences_are_listed_and_nothing_is_done(self, twin: LivingResource, panel: Panel) -> None:
        with pytest.raises(Refused) as refused:
            twin.check(memory=4096, name="web9", ipv4=3)
        assert refused.value.problems == [
            f"import_: server {twin.arguments['import_id']} differs from the program: "
            "name is 'web1' at the panel and 'web9' in the program, "
            "memory is 1024 at the panel and 4096 in the program, ipv4 is 1 at the panel and 3 in the program. "
            "Make the program say what is there, then run it again."
        ]
        assert panel.writes() == []

    def test_a_difference_that_came_after_the_check_is_refused_too(self, twin: LivingResource, panel: Panel) -> None:
        inputs = twin.check()
        panel.mutate("servers", twin.arguments["import_id"], name="renamed")
        with pytest.raises(HostError, match="name is 'renamed' at the panel and 'web1' in the program"):
            twin.hosted.create(inputs)

    @pytest.mark.parametrize(
        ("id_", "said"),
        [
            ("999999", "names server 999999, which the panel does not have"),
            ("web1", "names server 'web1', which cannot be its id"),
        ],
    )
    def test_an_id_that_is_no_servers_is_refused(self, twin: LivingResource, id_: str, said: str) -> None:
        with pytest.raises(Refused) as refused:
            twin.check(import_id=id_)
        assert refused.value.problems == [f"import_: {said}"]

    def test_a_server_with_more_addresses_than_declared_keeps_them(
        self, life: Life, server: LivingResource, panel: Panel
    ) -> None:
        server.change(ipv4=3)
        panel.forget()
        twin = life("Server", "twin", import_=server.id, **{**server.arguments, "ipv4": 2}).create()
        assert (twin["ipv4"], twin["own_ipv4_addresses"]) == (2, server["own_ipv4_addresses"][:2])
        assert twin.refresh() == []
        assert twin.change(import_id=None).changed == []
        assert panel.writes() == []


def test_what_is_only_looked_at_is_no_state_of_an_earlier_version(server: LivingResource) -> None:
    """The engine refreshes it too, with what it read and without a program's words."""
    looked_at = server.look_up(server.id).outputs
    read = server.hosted.read(server.id, looked_at, {})
    assert read.outputs == looked_at
    assert server.infos == []
