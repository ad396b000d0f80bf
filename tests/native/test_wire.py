"""Properties between the engine and a lifecycle: names, envelopes, unknown values."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from pulumi_virtfusion.providers.native.names import Names
from pulumi_virtfusion.providers.native.provider import kind_of, names_of
from pulumi_virtfusion.providers.native.wire import UNKNOWNS, arrived, leaving
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema.plain_values import Unknown

BUILD, SERVER = names_of("ServerBuild"), names_of("Server")
PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def message(values: dict[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(values, struct_pb2.Struct())


def sealed(value: Any) -> dict[str, Any]:
    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}


@pytest.mark.parametrize("kind", MODULES)
def test_every_name_comes_back(kind: str) -> None:
    names = names_of(kind)
    for name in resource_class(kind).fields:
        wire = names.on_the_wire(name)
        assert "_" not in wire
        assert names.of_ours(wire) == names.of_ours(name) == name


def test_keys_of_what_is_the_users_stay_as_they_are() -> None:
    sent = leaving({"triggers": {"server_id": 1}, "server_id": 2}, BUILD)
    assert json_format.MessageToDict(sent) == {"triggers": {"server_id": 1}, "serverId": 2}
    assert arrived(sent, BUILD).values == {"triggers": {"server_id": 1}, "server_id": 2}


def test_keys_of_a_described_object_are_ours() -> None:
    sent = leaving({"package_change": {"primary_disk_size": False}}, SERVER)
    assert json_format.MessageToDict(sent) == {"packageChange": {"primaryDiskSize": False}}
    for spelled in ({"packageChange": {"primary_disk_size": False}}, {"package_change": {"primaryDiskSize": False}}):
        assert arrived(message(spelled), SERVER).values == {"package_change": {"primary_disk_size": False}}


@pytest.mark.parametrize("turned", [False, True])
def test_what_an_option_keeps_of_an_older_state_stands_beside_the_programs(turned: bool) -> None:
    """The engine puts an ignored argument of the dynamic provider's state back under its name there."""
    both = {
        "packageChange": {"memory": False, "primaryDiskSize": True, "primary_disk_size": False},
        "package_change": {"memory": True, "cpu": False},
        "hypervisor_group_id": 1,
        "hypervisorGroupId": 2,
        "userId": rpc.UNKNOWN,
        "user_id": 1,
    }
    found = arrived(message(dict(reversed(both.items())) if turned else both), SERVER).values
    assert found.pop("user_id") is not None
    assert found == {
        "package_change": {"memory": False, "primary_disk_size": True, "cpu": False},
        "hypervisor_group_id": 1,
    }


def test_what_is_null_is_left_out_except_in_a_list() -> None:
    sent = message({"name": None, "triggers": {"a": None, "b": [1, None]}})
    assert arrived(sent, BUILD).values == {"triggers": {"b": [1, None]}}


def test_what_the_dynamic_provider_kept_is_left_behind() -> None:
    sent = message({"__provider": "gAS", "__closed": "name", "__panel": "https://a", "server_id": 1})
    assert arrived(sent, BUILD).values == {"__panel": "https://a", "server_id": 1}


def test_a_property_with_a_secret_anywhere_in_it_is_one() -> None:
    found = arrived(message({"name": sealed("hunter2"), "triggers": [{"a": sealed("s3cret")}], "swap": 1}), BUILD)
    assert found.values == {"name": "hunter2", "triggers": [{"a": "s3cret"}], "swap": 1}
    assert found.secret == {"name", "triggers"}
    assert set(found.secret_texts) == {"hunter2", "s3cret"}
    assert json_format.MessageToDict(leaving({"name": "hunter2", "swap": 1}, BUILD, found.secret)) == {
        "name": sealed("hunter2"),
        "swap": 1,
    }


@pytest.mark.parametrize("unknown", sorted(UNKNOWNS))
def test_an_unknown_value_of_any_type_is_unknown(unknown: str) -> None:
    found = arrived(message({"name": unknown, "triggers": [unknown]}), BUILD).values
    assert isinstance(found["name"], Unknown)
    assert isinstance(found["triggers"][0], Unknown)
    assert json_format.MessageToDict(leaving(found, BUILD)) == {"name": rpc.UNKNOWN, "triggers": [rpc.UNKNOWN]}


def test_an_output_value_is_opened() -> None:
    def output(**more: Any) -> dict[str, Any]:
        return {rpc._special_sig_key: rpc._special_output_value_sig, **more}

    found = arrived(message({"name": output(value="a", secret=True), "hostname": output()}), BUILD)
    assert found.values["name"] == "a"
    assert isinstance(found.values["hostname"], Unknown)
    assert found.secret == {"name"}


@given(st.dictionaries(st.sampled_from(sorted(resource_class("ServerBuild").fields)), PLAIN))
def test_plain_values_come_back_as_they_were(values: dict[str, Any]) -> None:
    assert arrived(leaving(values, BUILD), BUILD).values == values


@pytest.mark.parametrize(
    ("path", "on_the_wire"),
    [
        ("package_id", "packageId"),
        ("package_change.primary_disk_size", "packageChange.primaryDiskSize"),
        ("ipv4_addresses[0]", "ipv4Addresses[0]"),
        ("*", "*"),
        ("unheard_of.thing", "unheard_of.thing"),
    ],
)
def test_an_option_names_a_path(path: str, on_the_wire: str) -> None:
    assert SERVER.path_on_the_wire(path) == on_the_wire


def test_a_key_of_the_users_in_a_path_stays() -> None:
    assert BUILD.path_on_the_wire("triggers.server_id") == "triggers.server_id"


@pytest.mark.parametrize(
    "urn",
    [
        "urn:pulumi:dev::program::virtfusion:index:Server::web",
        "urn:pulumi:dev::program::virtfusion:components:Vps$virtfusion:index:Server::web",
        "urn:pulumi:dev::program::virtfusion:index:Server::a::b",
    ],
)
def test_a_kind_stands_in_a_urn(urn: str) -> None:
    assert kind_of(urn) == "Server"


def test_names_of_nothing_change_nothing() -> None:
    assert Names({}).on_the_wire("server_id") == "server_id"
