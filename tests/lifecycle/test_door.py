"""The door to Pulumi's dynamic host: what a state holds, what an error looks like, what crosses it."""

from __future__ import annotations

import base64
import pickle
import pickletools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pulumi.dynamic
import pytest
from google.protobuf import json_format
from google.rpc import status_pb2
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider
from pulumi.runtime.proto import provider_pb2

from pulumi_virtfusion.dynamic_provider import provider_of
from pulumi_virtfusion.lifecycle.identity import PANEL
from pulumi_virtfusion.program.resource import provider_reference
from pulumi_virtfusion.resources import MODULES, resource_class
from tests.lifecycle.door.buggy import BuggyProvider
from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import STATUS_DETAILS, HostError

NAMES = [
    "HourlyGroupProfile",
    "HourlyResourcePack",
    "IpBlockRange",
    "NetworkWhitelistEntry",
    "ResourceGroupProfile",
    "ResourcePack",
    "ResourcePackAction",
    "Server",
    "ServerAction",
    "ServerBuild",
    "ServerCustomXml",
    "ServerFirewall",
    "ServerIpv4Addresses",
    "SshKey",
    "TrafficBlock",
    "User",
    "UserAction",
    "UserCredit",
]
"""Written out, for every state ever made holds them."""

pytestmark = pytest.mark.only_through("dynamic")

HOST_SHOWS_TRACEBACKS = "_abort_with_traceback" in Path(pulumi.dynamic.__file__).with_name("__main__.py").read_text()
"""Older SDKs' hosts tell the error alone."""


class TestWhatAStateHolds:
    """`__provider` is a promise: every stack ever made must find this module, this function and these names."""

    def test_the_names_are_the_ones_that_states_hold(self) -> None:
        assert sorted(MODULES) == NAMES

    @pytest.mark.parametrize("kind", NAMES)
    def test_it_is_a_reference_to_a_function_and_a_name(self, kind: str) -> None:
        pickled = base64.b64decode(provider_reference(kind))
        arguments = [argument for _, argument, _ in pickletools.genops(pickled) if isinstance(argument, str)]
        assert arguments == ["pulumi_virtfusion.dynamic_provider", "provider_of", kind]
        assert len(pickled) < 120
        assert resource_class(kind).__name__ == kind

    def test_it_leads_to_the_one_provider_of_the_class(self) -> None:
        found = pickle.loads(base64.b64decode(provider_reference("Server")))
        assert found is provider_of("Server")
        assert found.lifecycle.resource == "Server"

    def test_the_settings_of_a_configured_provider_stay_out_of_it(self, life: Life, panel: Panel) -> None:
        provider = BuggyProvider("SshKey")
        before = serialize_provider(provider)
        provider.settings = "sealed"
        assert serialize_provider(provider) == before
        assert panel.token not in str(life("Server").hosted)


class TestErrors:
    @pytest.fixture
    def messages(self, life: Life, server: LivingResource, panel: Panel) -> list[str]:
        """One error or warning of each kind of call, from a panel that repeats the token it was given."""
        panel.refuses("POST|PUT|DELETE|GET", "", f"Bearer {panel.token} is wrong\n  in line 2", times=None)
        wanted = life("Server", "other", **server.arguments)
        calls: list[Callable[[], object]] = [
            wanted.create,
            lambda: server.change(package_id=1, name="web1"),
            server.refresh,
            server.delete,
        ]
        server.plan(package_id=97)  # which no run has read; a preview goes on without it
        said = list(server.warnings)
        for call in calls:
            with pytest.raises(HostError) as error:
                call()
            said.append(error.value.message)
            said += error.value.partly_made.reasons if error.value.partly_made else []
        return said

    def test_each_is_one_clean_paragraph(self, messages: list[str]) -> None:
        assert len(messages) >= 5
        for message in messages:
            assert "\n" not in message
            assert "Traceback" not in message
            assert "answered 422" in message

    def test_none_shows_the_token(self, messages: list[str], panel: Panel) -> None:
        assert not any(panel.token in message for message in messages)

    def test_a_bug_keeps_its_traceback(self, life: Life, owner: LivingResource) -> None:
        buggy = life.host.resource(BuggyProvider("SshKey"), name="buggy")
        with pytest.raises(HostError) as error:
            buggy.create({"user_id": owner["user_id"], "name": "laptop", "public_key": "x"})
        if HOST_SHOWS_TRACEBACKS:
            assert error.value.message.startswith("Traceback (most recent call last)")
            assert "in make" in error.value.message
        assert error.value.message.rstrip().endswith("/ 0 for laptop")

    def test_failures_of_a_check_name_no_property_for_the_engine_would_print_its_value(self, life: Life) -> None:
        checked = life("User").hosted.check({"name": "Ada", "email": "hunter2"})
        assert checked.failures == [("", "email: must be an e-mail address such as ada@example.com")]


class TestMissingSettings:
    @pytest.mark.parametrize(
        ("missing", "said"),
        [
            (
                "endpoint",
                "virtfusion:endpoint is not set: run `pulumi config set virtfusion:endpoint ...` "
                "or set VIRTFUSION_ENDPOINT.",
            ),
            (
                "token",
                "virtfusion:token is not set: run `pulumi config set --secret virtfusion:token ...` "
                "or set VIRTFUSION_TOKEN.",
            ),
        ],
    )
    def test_a_check_says_how_to_set_them(self, life: Life, missing: str, said: str) -> None:
        with pytest.raises(HostError) as error:
            life.with_settings(**{missing: ""})("User", name="Ada", email="ada@example.com").check()
        assert error.value.message == said

    def test_one_that_does_not_parse_is_named(self, life: Life) -> None:
        with pytest.raises(HostError, match=r"^virtfusion:requestTimeout of the stack: 'soon' must be a number"):
            life.with_settings(request_timeout="soon")("User", name="Ada", email="ada@example.com").check()


class TestValues:
    def test_unknown_ones_pass_a_check_as_they_are(self, life: Life) -> None:
        build = life("ServerBuild", server_id=UNKNOWN, operating_system_id=1, ssh_keys=[1, UNKNOWN])
        known = {"server_id": UNKNOWN, "operating_system_id": 1, "ssh_keys": [1, UNKNOWN]}
        assert {name: value for name, value in build.check().items() if name != PANEL} == known

    def test_what_is_known_beside_them_is_still_checked(self, life: Life) -> None:
        with pytest.raises(Refused, match=r"^operating_system_id: must be a whole number"):
            life("ServerBuild", server_id=UNKNOWN, operating_system_id="debian").check()

    def test_whole_numbers_arrive_at_the_panel_as_such(self, server: LivingResource, panel: Panel) -> None:
        server.change(memory=2048.0)
        assert repr(panel.body(f"PUT /servers/{server.id}/modify/memory")) == "{'memory': 2048}"

    def test_a_fraction_stays_one(self, life: Life, server: LivingResource, panel: Panel) -> None:
        build = life("ServerBuild", server_id=server.id, operating_system_id=1, swap=1.5, wait=False).create()
        assert panel.body(f"POST /servers/{server.id}/build")["swap"] == 1.5
        assert build["swap"] == 1.5

    def test_no_output_of_any_class_is_empty_for_ever(
        self, life: Life, owner: LivingResource, server: LivingResource
    ) -> None:
        key = "ssh-ed25519 " + base64.b64encode(b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00 " + b"-" * 32).decode()
        arguments: dict[str, dict[str, Any]] = {
            "ServerBuild": {"server_id": server.id, "operating_system_id": 1},
            "SshKey": {"user_id": owner["user_id"], "name": "laptop", "public_key": key},
            "ResourcePack": {"relation": 42, "pack_id": 1},
        }
        made = {kind: life(kind, **given).create() for kind, given in arguments.items()}
        for kind, resource in {**made, "User": owner, "Server": server}.items():
            fields = resource_class(kind).fields.values()
            computed = {field.name for field in fields if not field.is_input and field.from_id is None}
            secret = {field.name for field in fields if field.secret}
            for _ in ("made", "refreshed"):
                assert computed <= resource.outputs.keys(), kind
                assert None not in resource.outputs.values(), kind
                assert resource.secrets == secret, kind
                resource.refresh()


class TestHost:
    def test_what_is_said_stands_under_the_resource_it_is_about(self, life: Life, owner: LivingResource) -> None:
        arguments = {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}
        one, two = (life("Server", name, **arguments).create() for name in ("one", "two"))
        one.plan(package_id=6)
        assert "package 6 (Retired) is disabled; the panel may refuse it." in one.warnings
        assert two.warnings == []

    def test_a_part_that_was_made_brings_its_provider_for_the_next_update(
        self, life: Life, owner: LivingResource, panel: Panel
    ) -> None:
        panel.refuses("PUT", "/modify/name")
        server = life("Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1, name="web1")
        inputs = json_format.ParseDict({**server.check(), PROVIDER_KEY: server.hosted.blob}, _struct())
        with pytest.raises(grpc.RpcError) as error:
            life.host.stub.Create(provider_pb2.CreateRequest(urn=server.hosted.urn, properties=inputs))
        failed = _kept(error.value)
        assert failed.properties[PROVIDER_KEY] == server.hosted.blob
        assert panel.has("servers", failed.id)

    def test_many_calls_are_answered_at_once(self, life: Life, owner: LivingResource, panel: Panel) -> None:
        """The host has four threads of its own; nine waiting creations would fill it twice."""
        panel.fault("POST", "^/ssh_keys$", status=422, body={"errors": ["no"]}, delay=1, times=None)
        key = "ssh-ed25519 " + base64.b64encode(b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00 " + b"-" * 32).decode()
        keys = [life("SshKey", n, user_id=owner["user_id"], name=n, public_key=key) for n in "abcdefghi"]
        panel.reset_peak()
        with ThreadPoolExecutor(len(keys)) as program:
            errors = [program.submit(key.create) for key in keys]
        assert all(isinstance(error.exception(), HostError) for error in errors)
        assert panel.peak() > 4


def _struct() -> Any:
    return provider_pb2.CreateRequest().properties


def _kept(error: Any) -> provider_pb2.ErrorResourceInitFailed:
    trailing = {item.key: item.value for item in error.trailing_metadata()}
    failed = provider_pb2.ErrorResourceInitFailed()
    (detail,) = status_pb2.Status.FromString(trailing[STATUS_DETAILS]).details
    assert detail.Unpack(failed)
    return failed
