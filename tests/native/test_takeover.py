"""An object that is imported by the option of a program, or by its number alone: nothing of it is changed by that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from pulumi_virtfusion.lifecycle.identity import IDENTITY
from pulumi_virtfusion.providers.native.imports import MARK, UNMATCHED
from tests.lifecycle.life import Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.native_host import NativeHost
from tests.provider_host import HostError, ProviderHosts

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada"


@pytest.fixture
def owner(life: Life) -> LivingResource:
    return life("User", "owner", name="Ada", email="ada@example.com", ext_relation_id=42).create()


@pytest.fixture
def server(life: Life, owner: LivingResource, panel: Panel) -> LivingResource:
    made = life("Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1, storage_profile=1).create()
    panel.forget()
    return made


@pytest.fixture
def pack(life: Life, owner: LivingResource, panel: Panel) -> LivingResource:
    made = life("ResourcePack", relation=owner["relation"], pack_id=1).create()
    panel.forget()
    return made


@pytest.fixture
def later(panel: Panel) -> Iterator[Life]:
    """A process that has made and imported nothing itself."""
    hosts = ProviderHosts(NativeHost)
    yield Life(hosts, panel)
    hosts.close()


def imported(life: Life, kind: str, text: str, *, in_a_program: bool) -> LivingResource:
    """A resource as the engine stores it once it has read the object, before it asks anything of the program."""
    resource = life(kind, "imported")
    read = resource.hosted.read(text, {}, in_a_program=in_a_program)
    resource.id, resource.outputs, resource.inputs = read.id, read.outputs, read.inputs or {}
    return resource


def by_option(life: Life, kind: str, text: str) -> LivingResource:
    return imported(life, kind, text, in_a_program=True)


def by_hand(life: Life, kind: str, text: str) -> LivingResource:
    return imported(life, kind, text, in_a_program=False)


class TestByTheOptionOfAProgram:
    DIFFERENT: Mapping[str, tuple[Any, Any]] = {
        "name": ("", "web"),
        "memory": (1024, 4096),
        "hypervisor_group_id": (1, 2),
        "suspended": (False, True),
        "power_state": ("stopped", "running"),
        "ipv4": (1, 3),
    }
    """By argument, the panel's value and the program's."""

    def test_a_difference_is_refused_however_often_the_program_runs(
        self, life: Life, later: Life, server: LivingResource, panel: Panel
    ) -> None:
        taken = by_option(life, "Server", server.id)
        for different, said in self.DIFFERENT.items():
            for run in (life, later):
                taken = run.next_run(taken)
                with pytest.raises(Refused) as error:
                    taken.change(**{**server.arguments, different: said[1]})
                assert error.value.problems == [
                    f"import: server {server.id} differs from the program: {different} is {said[0]!r} at the panel and "
                    f"{said[1]!r} in the program. Make the program say what is there, then run it again."
                ]
                assert taken.refresh() == []
                taken.arguments = {}
        assert taken.change(**server.arguments).changed == []
        assert panel.writes() == []

    def test_notes_and_what_is_only_written_are_the_programs(
        self, life: Life, later: Life, server: LivingResource, panel: Panel
    ) -> None:
        believed = {"delete_delay": 30, "package_change": {"memory": False}, "vnc": True, "package_id": 5}
        taken = by_option(life, "Server", server.id)
        assert taken.change(**{**server.arguments, **believed}).changed == []
        taken = later.next_run(taken)
        assert taken.change().changed == []
        assert taken.refresh() == []
        assert {name: taken[name] for name in believed} == {**believed, "package_id": 5}
        assert taken.change(name="web").changed == ["name"]
        assert panel.writes() == [f"PUT /servers/{server.id}/modify/name"]
        panel.forget()
        taken.delete()
        assert panel.writes() == [f"DELETE /servers/{server.id}?delay=30"]

    def test_notes_count_for_a_deletion_right_after_it(
        self, life: Life, later: Life, server: LivingResource, panel: Panel
    ) -> None:
        taken = by_option(life, "Server", server.id)
        taken.change(**server.arguments, delete_delay=30)
        later.next_run(taken).delete()
        assert panel.writes() == [f"DELETE /servers/{server.id}?delay=30"]

    def test_a_user_who_gets_no_mail(self, life: Life, owner: LivingResource, panel: Panel) -> None:
        panel.forget()
        taken = by_option(life, "User", "42")
        assert taken.change(**owner.arguments, send_mail=True, enabled=False).changed == []
        assert panel.writes() == []

    def test_what_is_done_is_said(self, life: Life, server: LivingResource) -> None:
        taken = by_option(life, "Server", server.id)
        taken.change(**server.arguments)
        (said,) = taken.infos
        assert said == f"takes over server {server.id} (made {server['created'][:10]}); nothing is created"

    def test_once_the_program_has_matched_changes_are_carried_out(
        self, life: Life, later: Life, server: LivingResource, panel: Panel
    ) -> None:
        taken = by_option(life, "Server", server.id)
        plan = taken.change(**server.arguments)
        assert (plan.changed, plan.is_update) == ([], True)  # Pulumi keeps the marks unless something is to be done
        assert not {MARK, UNMATCHED} & {*taken.inputs, *taken.outputs}
        taken = later.next_run(taken)
        assert taken.change(name="web", power_state="stopped").changed == ["name", "power_state"]
        assert panel.writes() == [f"PUT /servers/{server.id}/modify/name"]

    def test_after_a_refusal_it_is_only_forgotten(
        self, life: Life, later: Life, server: LivingResource, panel: Panel
    ) -> None:
        taken = by_option(life, "Server", server.id)
        with pytest.raises(Refused):
            taken.change(**server.arguments, name="web")
        taken = later.next_run(taken)
        taken.delete()
        assert panel.writes() == []
        (warning,) = taken.warnings
        assert warning.startswith(f"server {server.id} stays at the panel as it is: its import was refused")

    def test_an_owner_in_the_id_is_the_programs(self, life: Life, pack: LivingResource) -> None:
        taken = by_option(life, "ResourcePack", f"{pack.id}/42")
        with pytest.raises(Refused, match="relation is 42 by that id and 43 in the program"):
            taken.change(relation=43, pack_id=1)
        assert taken.change(relation=42, pack_id=1).changed == []

    def test_an_engine_that_does_not_tell_a_program_from_a_person_is_taken_for_one_with_a_program(
        self, server: LivingResource, panel: Panel
    ) -> None:
        host = NativeHost({"virtfusion:endpoint": panel.url, "virtfusion:token": panel.token})
        try:
            host.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=host.engine_address))
            read = host.resource_of("Server").read(server.id, {})
        finally:
            host.close()
        assert UNMATCHED in (read.inputs or {})


class TestByItsNumberAlone:
    """`pulumi import ... ResourcePack p 3`: whose the pack is, the panel never tells."""

    PROGRAM: Mapping[str, Any] = MappingProxyType(
        {"relation": 42, "pack_id": 1, "enabled": True, "delete_servers": True}
    )

    @pytest.fixture(params=[by_hand, by_option])
    def taken(self, request: pytest.FixtureRequest, life: Life, later: Life, pack: LivingResource) -> LivingResource:
        return later.next_run(request.param(life, "ResourcePack", pack.id))

    def test_the_first_run_that_names_the_user_remembers_who_that_is(
        self, taken: LivingResource, pack: LivingResource, panel: Panel
    ) -> None:
        assert taken.outputs[IDENTITY].keys() == {"pack_definition"}
        assert taken.change(**self.PROGRAM).is_update
        assert taken.outputs[IDENTITY] == pack.outputs[IDENTITY]
        assert panel.writes() == []
        assert taken.change().changed == []
        assert taken.change(enabled=False).changed == ["enabled"]
        assert panel.writes() == [f"PUT /selfService/resourcePack/{pack.id}"]

    def test_a_stranger_with_the_same_numbers_loses_nothing(
        self, taken: LivingResource, later: Life, panel: Panel, owner: LivingResource
    ) -> None:
        taken.change(**self.PROGRAM)
        panel.mutate("users", owner.id, created="2020-01-01T00:00:00+00:00")
        taken = later.with_settings(max_concurrency="9").next_run(taken)
        for deed in (lambda: taken.change(enabled=False), taken.delete):
            with pytest.raises(HostError, match="the time when the user was made is 2020-01-01"):
                deed()
        assert panel.writes() == []

    def test_what_hangs_on_it_waits_too(
        self, taken: LivingResource, later: Life, pack: LivingResource, panel: Panel
    ) -> None:
        action = later("ResourcePackAction", "action", resource_pack_id=int(pack.id), action="suspend_servers")
        taken.plan(**self.PROGRAM)
        with pytest.raises(HostError, match=r"not carried out for .*, which was imported by its number alone"):
            action.create()
        assert panel.writes() == []
        taken.change(**self.PROGRAM)
        action.create()
        assert panel.writes() == [f"POST /selfService/resourcePackServers/{pack.id}/suspend"]

    def test_a_state_that_names_the_user_but_does_not_know_it_waits_for_a_refresh(
        self, later: Life, life: Life, pack: LivingResource, panel: Panel
    ) -> None:
        taken = later.next_run(by_hand(life, "ResourcePack", pack.id))
        checked = taken.check(**self.PROGRAM)
        taken.inputs = checked  # as a run before the plug-in looked for the user left it
        for deed in (lambda: taken.change(enabled=False), taken.delete):
            with pytest.raises(HostError, match=r"imported by its number alone .*`pulumi refresh` looks whose it is"):
                deed()
        assert panel.writes() == []
        taken.refresh()
        assert taken.outputs[IDENTITY] == pack.outputs[IDENTITY]
        taken.change(enabled=False)
        assert panel.writes() == [f"PUT /selfService/resourcePack/{pack.id}"]

    def test_the_users_own_state_is_as_good(
        self, later: Life, life: Life, pack: LivingResource, owner: LivingResource, panel: Panel
    ) -> None:
        taken = later.next_run(by_hand(life, "ResourcePack", pack.id))
        taken.inputs = taken.check(**self.PROGRAM)
        later.next_run(owner).plan()
        taken.change(enabled=False)
        assert panel.writes() == [f"PUT /selfService/resourcePack/{pack.id}"]
        assert taken.outputs[IDENTITY] == pack.outputs[IDENTITY]

    def test_a_key_is_of_the_user_that_the_program_names(
        self, later: Life, life: Life, owner: LivingResource, panel: Panel
    ) -> None:
        key = life("SshKey", user_id=owner["user_id"], name="laptop", public_key=KEY).create()
        panel.forget()
        taken = later.next_run(by_hand(life, "SshKey", key.id))
        with pytest.raises(HostError, match="user_id is 0 at the panel and 1 in the program"):
            taken.change(user_id=1, name="laptop", public_key=KEY)
        assert taken.change(user_id=owner["user_id"]).changed == []
        taken.delete()
        assert panel.writes() == [f"DELETE /ssh_keys/{key.id}"]


def test_a_power_state_is_read_where_a_program_names_it_after_an_import(
    life: Life, later: Life, server: LivingResource, panel: Panel
) -> None:
    taken = later.next_run(by_hand(life, "Server", server.id))
    assert taken.plan(**server.arguments, power_state="stopped").changed == []
    assert taken.plan(**server.arguments, power_state="running").changed == ["power_state"]
    assert panel.writes() == []


class TestOddAnswers:
    """A value that no program may give is left out with a remark, and is no error of the import."""

    def test_a_panel_without_its_packages_hides_no_other_remark(
        self, later: Life, server: LivingResource, panel: Panel
    ) -> None:
        panel.mutate("servers", server.id, name="a\tb")
        panel.refuses("GET", "^/packages$", status=403, times=None)
        taken = by_hand(later, "Server", server.id)
        taken.plan(user_id=server["user_id"], hypervisor_group_id=1)
        said = [one.partition(":")[0] for one in taken.warnings if "is left out" in one]
        assert said == ["name is left out", "package_id is left out"]

    def test_a_prefix_that_no_network_has(self, later: Life, server: LivingResource, panel: Panel) -> None:
        row = {"id": 1, "type": 4, "ip": "192.0.2.9", "mask": 200}
        panel.mutate("servers", server.id, **{"network.interfaces.0.ipWhitelist": [row]})
        taken = by_hand(later, "NetworkWhitelistEntry", f"{server.id}/primary/192.0.2.9")
        assert taken.inputs["ip"] == "192.0.2.9"
        assert "cidr" not in taken.inputs
