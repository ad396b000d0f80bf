"""The plug-in as a process, asked what the engine asks beside the lives of resources."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, json_format
from pulumi.runtime import rpc
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from pulumi_virtfusion.config import PLAIN_TOKEN
from pulumi_virtfusion.providers.native.configuration import warning
from pulumi_virtfusion.providers.native.imports import MARK
from pulumi_virtfusion.providers.native.wire import Properties
from pulumi_virtfusion.schema.plain_values import UNKNOWN
from pulumi_virtfusion.version import VERSION
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.native_host import NativeHost, NativeResource
from tests.provider_host import Engine, HostError, ProviderHosts, struct_of
from tests.stack import child_environment

SEALED = {rpc._special_sig_key: rpc._special_secret_sig}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada"


@pytest.fixture
def stub(life: Life) -> Any:
    return life.host.stub


@pytest.fixture
def owner(life: Life) -> LivingResource:
    return life("User", "owner", name="Ada", email="ada@example.com", ext_relation_id=42).create()


@pytest.fixture
def server(life: Life, owner: LivingResource) -> LivingResource:
    return life("Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1).create()


def plain(struct: Any) -> dict[str, Any]:
    values: dict[str, Any] = json_format.MessageToDict(struct)
    return values


class TestProvider:
    def test_it_says_what_it_is(self, stub: Any) -> None:
        assert stub.GetPluginInfo(empty_pb2.Empty()).version == VERSION
        assert json.loads(stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)["name"] == "virtfusion"

    def test_it_lets_secrets_through(self, stub: Any, life: Life) -> None:
        request = provider_pb2.ProviderHandshakeRequest(engine_address=life.host.engine_address, supports_views=True)
        assert stub.Handshake(request).accept_secrets

    def test_the_end_of_a_run_is_no_error(self, stub: Any) -> None:
        assert stub.Cancel(empty_pb2.Empty()) == empty_pb2.Empty()

    def test_whoever_attaches_gets_the_messages(self, panel: Panel) -> None:
        host, engine = NativeHost({"virtfusion:endpoint": panel.url, "virtfusion:token": panel.token}), Engine()
        try:
            host.stub.Attach(plugin_pb2.PluginAttach(address=engine.address))
            host.resource_of("HourlyResourcePack").delete("42", {"pack_id": 1, "relation": 42})
            assert [log.severity for log in engine.logs] == ["WARNING"]
        finally:
            host.close()
            engine.close()


class TestConfiguration:
    def check(self, stub: Any, **news: Any) -> Any:
        urn = "urn:pulumi:dev::program::pulumi:providers:virtfusion::default"
        return stub.CheckConfig(provider_pb2.CheckRequest(urn=urn, news=struct_of(news)))

    def test_the_token_is_a_secret_and_the_door_is_the_programs(self, stub: Any) -> None:
        checked = self.check(stub, endpoint="https://a.example.com", token="abcdef", door="native", version="0.1.0")
        kept = {"endpoint": "https://a.example.com", "token": {**SEALED, "value": "abcdef"}, "version": "0.1.0"}
        assert plain(checked.inputs) == kept
        assert list(checked.failures) == []

    @pytest.mark.parametrize(
        ("written", "news", "is_warned_of"),
        [
            ("  virtfusion:token: marked-1\n", {"token": "marked-1"}, True),
            ('  "virtfusion:token": "marked-1"\n', {"token": "marked-1"}, True),
            ("  virtfusion:token:\n    secure: v1:xyz\n", {"token": "marked-1"}, False),
            ("  virtfusion:token: marked-11\n", {"token": "marked-1"}, False),
            ("  other:token: marked-1\n", {"token": "marked-1"}, False),
            ("  virtfusion:token: marked-1\n", {"token": UNKNOWN}, False),
            ("  virtfusion:token: marked-1\n", {}, False),
            # A Python program, which chose this door, warns itself.
            ("  virtfusion:token: marked-1\n", {"token": "marked-1", "door": "native"}, False),
        ],
    )
    def test_a_token_in_plain_is_warned_of(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, news: dict[str, Any], is_warned_of: bool
    ) -> None:
        (tmp_path / "Pulumi.yaml").touch()
        (tmp_path / "Pulumi.dev.yaml").write_text(f"config:\n{written}")
        (tmp_path / "program").mkdir()
        monkeypatch.chdir(tmp_path / "program")
        of = "urn:pulumi:{}::program::pulumi:providers:virtfusion::default"
        assert warning(of.format("dev"), Properties(news)) == (PLAIN_TOKEN if is_warned_of else "")
        assert warning(of.format("prod"), Properties(news)) == ""
        monkeypatch.setenv("VIRTFUSION_DOOR", "native")
        assert warning(of.format("dev"), Properties(news)) == ""

    def test_what_is_no_setting_or_does_not_parse_is_named(self, stub: Any) -> None:
        failures = [failure.reason for failure in self.check(stub, endpont="x", requestTimeout="soon").failures]
        assert "virtfusion:endpont is no setting: virtfusion:endpoint is." in failures[0]
        assert failures[1].startswith("virtfusion:requestTimeout: 'soon' must be a number")

    def test_what_a_preview_does_not_know_passes(self, stub: Any) -> None:
        checked = self.check(stub, endpoint=rpc.UNKNOWN)
        assert (plain(checked.inputs), list(checked.failures)) == ({"endpoint": rpc.UNKNOWN}, [])

    def test_another_address_replaces_nothing(self, stub: Any) -> None:
        old, new = (
            struct_of({"endpoint": "https://a", "token": "x"}),
            struct_of({"endpoint": "https://b", "token": "x"}),
        )
        diff = stub.DiffConfig(provider_pb2.DiffRequest(olds=old, news=new, old_inputs=old))
        assert (diff.changes, list(diff.diffs), list(diff.replaces)) == (diff.DIFF_SOME, ["endpoint"], [])
        assert stub.DiffConfig(provider_pb2.DiffRequest(olds=old, news=old)).changes == diff.DIFF_NONE

    def test_the_environment_has_what_the_configuration_leaves_out(self, panel: Panel) -> None:
        host = NativeHost({"virtfusion:endpoint": panel.url}, {"VIRTFUSION_TOKEN": panel.token})
        try:
            host.resource_of("User").check({"name": "Ada", "email": "ada@example.com"})
        finally:
            host.close()

    def test_values_may_have_their_own_types(self, panel: Panel) -> None:
        typed: Any = {"virtfusion:endpoint": panel.url, "virtfusion:token": panel.token}
        typed |= {"virtfusion:maxConcurrency": 4, "virtfusion:insecure": True, "virtfusion:requestTimeout": 2.5}
        host = NativeHost(typed)
        try:
            host.resource_of("User").check({"name": "Ada", "email": "ada@example.com"})
        finally:
            host.close()


class TestFunctions:
    def ask(self, stub: Any, function: str, /, **args: Any) -> dict[str, Any]:
        request = provider_pb2.InvokeRequest(tok=f"virtfusion:index:{function}", args=struct_of(args))
        return plain(getattr(stub.Invoke(request), "return"))

    def test_a_record_is_an_object_in_camel_case(self, stub: Any) -> None:
        package = self.ask(stub, "getPackage", name="Small")
        assert (package["packageId"], package["cpuCores"], package["memory"]) == (1, 1, 1024)

    def test_a_list_is_the_only_property(self, stub: Any) -> None:
        (packages,) = self.ask(stub, "getPackages").values()
        assert {"Small", "Large"} <= {package["name"] for package in packages}

    def test_keys_of_the_panels_own_stay(self, stub: Any, life: Life, owner: LivingResource) -> None:
        pack = life("ResourcePack", relation=owner["relation"], pack_id=1).create()
        assert "total_memory" in self.ask(stub, "getResourcePack", resourcePackId=pack.id)["limits"]

    def test_a_password_is_a_secret(self, stub: Any, server: LivingResource) -> None:
        server.change(vnc=True)
        assert self.ask(stub, "getServerVnc", serverId=server.id)["password"].keys() == {*SEALED, "value"}

    @pytest.mark.parametrize(
        ("name", "args", "said"),
        [
            ("getPackage", {"name": "Tiny"}, "There is no package named 'Tiny'"),
            ("getServer", {}, "get_server needs the argument server_id"),
            ("getServer", {"serverId": 1, "colour": 2}, "get_server has no argument colour"),
            ("getServer", {"serverId": "x"}, "server_id: must be a whole number"),
            ("getMoon", {}, "There is no function 'virtfusion:index:getMoon'"),
        ],
    )
    def test_an_error_is_a_sentence(self, stub: Any, name: str, args: dict[str, Any], said: str) -> None:
        with pytest.raises(grpc.RpcError) as error:
            self.ask(stub, name, **args)
        assert said in str(error.value)
        assert "Traceback" not in str(error.value)

    def test_nothing_is_nothing(self, stub: Any) -> None:
        assert self.ask(stub, "testConnection") == {}


class TestResources:
    def test_what_the_id_says_is_told_as_well(self, stub: Any, server: LivingResource) -> None:
        request = provider_pb2.ReadRequest(id=server.id, urn=server.hosted.urn)
        assert plain(stub.Read(request).properties)["serverId"] == int(server.id)

    def test_a_plan_says_every_detail(self, stub: Any, server: LivingResource) -> None:
        before = {"packageId": 1, "userId": 2, "hypervisorGroupId": 1, "packageChange": {"memory": True}, "storage": 5}
        after = {**before, "packageId": 2, "packageChange": {"memory": False}, "hypervisorGroupId": 2}
        del after["storage"]
        outputs = struct_of({**before, "uuid": "u"})
        request = provider_pb2.DiffRequest(id=server.id, urn=server.hosted.urn, olds=outputs, news=struct_of(after))
        request.old_inputs.CopyFrom(struct_of({**before, "__panel": ""}))
        diff = stub.Diff(request)
        kinds = provider_pb2.PropertyDiff.Kind
        assert {path: kinds.Name(one.kind) for path, one in diff.detailedDiff.items()} == {
            "packageId": "UPDATE",
            "packageChange.memory": "UPDATE",
            "hypervisorGroupId": "UPDATE_REPLACE",
            "storage": "DELETE",
        }
        assert list(diff.replaces) == ["hypervisorGroupId"]

    def test_a_secret_stays_one_and_is_told_by_no_error(self, stub: Any, panel: Panel) -> None:
        urn = "urn:pulumi:dev::program::virtfusion:index:Server::sealed"
        news = {"packageId": 1, "userId": 1, "hypervisorGroupId": 1, "name": {**SEALED, "value": "classified-name"}}
        checked = stub.Check(provider_pb2.CheckRequest(urn=urn, news=struct_of(news)))
        assert plain(checked.inputs)["name"] == news["name"]
        panel.refuses("POST", "", "classified-name is no name", times=None)
        with pytest.raises(grpc.RpcError) as error:
            stub.Create(provider_pb2.CreateRequest(urn=urn, properties=checked.inputs))
        assert "answered 422" in str(error.value)
        assert "classified-name" not in str(error.value)
        panel.start_over()
        made = plain(stub.Create(provider_pb2.CreateRequest(urn=urn, properties=checked.inputs)).properties)
        assert made["name"] == news["name"]

    def test_what_there_is_not_is_said(self, stub: Any) -> None:
        with pytest.raises(grpc.RpcError, match="There is no resource 'Moon' in this plug-in"):
            stub.Check(provider_pb2.CheckRequest(urn="urn:pulumi:dev::program::virtfusion:index:Moon::a"))

    def test_servers_are_listed(self, stub: Any, server: LivingResource) -> None:
        request = provider_pb2.ListRequest(token="virtfusion:index:Server", limit=5)
        assert server.id in [one.result.id for one in stub.List(request)]
        with pytest.raises(grpc.RpcError, match="The API cannot list every User"):
            list(stub.List(provider_pb2.ListRequest(token="virtfusion:index:User")))


class Imported:
    """A resource as the engine imports it, and runs the program afterwards."""

    def __init__(self, life: Life, kind: str, id_: str) -> None:
        self.resource = life(kind, "imported")
        hosted = self.resource.hosted
        assert isinstance(hosted, NativeResource)
        self.read = hosted.read(id_, {})
        assert self.read.inputs is not None
        self.resource.id, self.resource.outputs, self.resource.inputs = (
            self.read.id,
            self.read.outputs,
            self.read.inputs,
        )

    def in_a_later_run(self, life: Life) -> LivingResource:
        return life.next_run(self.resource)


@pytest.fixture
def later(panel: Panel) -> Iterator[Life]:
    """A process that has imported nothing itself."""
    hosts = ProviderHosts(NativeHost)
    yield Life(hosts, panel)
    hosts.close()


class TestImport:
    def test_its_inputs_are_what_a_program_would_say(self, life: Life, server: LivingResource) -> None:
        server.change(name="web")
        inputs = Imported(life, "Server", server.id).read.inputs or {}
        said = {name: value for name, value in inputs.items() if not name.startswith("__")}
        assert said.keys() == {"hypervisor_group_id", "name", "user_id", "storage_profile"} | (
            said.keys() & {"package_id"}
        )

    def test_what_the_panel_never_tells_is_taken_from_the_program(
        self, life: Life, later: Life, server: LivingResource, panel: Panel
    ) -> None:
        imported = Imported(life, "Server", server.id).in_a_later_run(later)
        panel.forget()
        program = {**server.arguments, "package_id": 5, "vnc": True, "firewall_rulesets": [1]}
        assert imported.change(**program).changed == []
        assert panel.writes() == []
        assert imported.refresh() == []
        assert imported.change(package_id=2).changed == ["package_id"]
        assert panel.writes() == [f"PUT /servers/{server.id}/package/2"]
        assert MARK not in imported.outputs

    def test_zeros_of_generated_code_stand_for_what_is_not_known(
        self, life: Life, later: Life, owner: LivingResource, panel: Panel
    ) -> None:
        key = life("SshKey", user_id=owner["user_id"], name="laptop", public_key=KEY).create()
        imported = Imported(life, "SshKey", key.id).in_a_later_run(later)
        panel.forget()
        for _ in range(2):
            assert imported.change(user_id=0, name="laptop", public_key=KEY).changed == []
            assert imported.refresh() == []
        assert imported.change(user_id=owner["user_id"]).changed == []
        assert panel.writes() == []
        imported.delete()
        assert panel.writes() == [f"DELETE /ssh_keys/{key.id}"]

    def test_a_key_may_be_named_with_its_owner(self, life: Life, owner: LivingResource) -> None:
        key = life("SshKey", user_id=owner["user_id"], name="laptop", public_key=KEY).create()
        read = Imported(life, "SshKey", f"{key.id}/{owner.id}").read
        assert (read.id, (read.inputs or {})["user_id"]) == (key.id, owner["user_id"])
        with pytest.raises(HostError, match="is not what the panel has: user_id is 0 at the panel"):
            Imported(life, "SshKey", f"{key.id}/1")

    def test_a_later_difference_that_would_replace_is_refused(
        self, life: Life, later: Life, server: LivingResource, panel: Panel
    ) -> None:
        imported = Imported(life, "Server", server.id).in_a_later_run(later)
        panel.forget()
        with pytest.raises(HostError, match="hypervisor_group_id is 1 at the panel and 2 in the program"):
            imported.change(**{**server.arguments, "hypervisor_group_id": 2})
        assert imported.change(**{**server.arguments, "hypervisor_group_id": 1, "name": "web"}).changed == [
            "name",
            "storage_profile",
        ]
        assert panel.writes() == [f"PUT /servers/{server.id}/modify/name"]

    def test_it_is_known_for_who_it_is(self, life: Life, later: Life, server: LivingResource, panel: Panel) -> None:
        imported = Imported(life, "Server", server.id).in_a_later_run(later)
        panel.mutate("servers", server.id, uuid="00000000-0000-4000-8000-000000000000")
        with pytest.raises(HostError, match="the panel has another object there"):
            imported.delete()

    @pytest.mark.parametrize("kind", ["UserCredit", "IpBlockRange", "ServerAction"])
    def test_what_cannot_be_read_cannot_be_imported(self, life: Life, kind: str) -> None:
        with pytest.raises(HostError, match="can be looked up: the panel cannot read"):
            Imported(life, kind, "7")

    def test_what_is_not_there_is_said(self, life: Life) -> None:
        with pytest.raises(HostError, match="answered 404"):
            Imported(life, "Server", "4711")


class TestLookUp:
    """`Class.get` of every language: the engine asks as for an import, and neither checks nor keeps any inputs."""

    @pytest.fixture
    def got(self, life: Life, server: LivingResource) -> LivingResource:
        got = life("Server", "got")
        read = got.hosted.read(server.id, {})
        got.id, got.outputs, got.inputs = read.id, read.outputs, {}
        return got

    def test_a_refresh_changes_nothing(self, got: LivingResource, server: LivingResource) -> None:
        before = dict(got.outputs)
        assert (got["user_id"], got["hypervisor_group_id"]) == (server["user_id"], server["hypervisor_group_id"])
        assert got.refresh() == []
        assert (got.outputs, got.inputs) == (before, {})

    def test_drift_is_read(self, got: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", got.id, **{"settings.resources.memory": 4096})
        got.refresh()
        assert got["memory"] == 4096

    def test_nothing_is_said_of_an_import_that_is_none(
        self, got: LivingResource, later: Life, server: LivingResource
    ) -> None:
        assert (got.warnings, got.infos) == ([], [])
        imported = Imported(later, "Server", server.id).resource
        imported.check(**server.arguments)  # the engine checks an import, and no look-up
        assert [one for one in imported.warnings if "it is left out, and yours to say" in one]

    def test_it_is_what_the_dynamic_provider_reads(self, life: Life, owner: LivingResource) -> None:
        key = life("SshKey", user_id=owner["user_id"], name="laptop", public_key=KEY).create()
        assert life("SshKey", "got").look_up(key.id).outputs["name"] == "laptop"
        assert life("User", "got").look_up(42).outputs["user_id"] == owner["user_id"]


class TestProcess:
    def test_it_ends_soon_after_its_engine(self) -> None:
        engine = Engine()
        process = subprocess.Popen(
            [sys.executable, "-m", NativeHost.module, engine.address], stdout=subprocess.PIPE, env=child_environment()
        )
        assert process.stdout is not None
        assert process.stdout.readline().strip().isdigit()
        engine.close()
        started = time.monotonic()
        assert process.wait(timeout=30) == 1
        assert time.monotonic() - started < 20
        process.stdout.close()

    def test_without_an_engine_it_waits_for_one_to_attach(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", NativeHost.module], stdout=subprocess.PIPE, env=child_environment()
        )
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            assert stub.GetPluginInfo(empty_pb2.Empty()).version == VERSION
        os.kill(process.pid, 2)
        assert process.wait(timeout=30) == 0
        process.stdout.close()
