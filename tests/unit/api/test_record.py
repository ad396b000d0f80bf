"""How lenient records are with what PHP makes of values, and what they keep."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import Field, SecretStr, ValidationError

from pulumi_virtfusion.api.http.envelope import each, one
from pulumi_virtfusion.api.names import camel_case, snake_case
from pulumi_virtfusion.api.record import At, Count, Flag, Number, Record, Rows, Text
from pulumi_virtfusion.api.records import Server, User


class Leaf(Record):
    leaf_name: Text = ""


class Sample(Record):
    text_value: Text = ""
    count_value: Count = 0
    number_value: Number = 0
    flag_value: Flag = False
    rows: Rows[Leaf] = Field(default=[])
    leaf: Leaf = Leaf()
    deep: Annotated[Count, At("settings", "resources", "deep"), At("flatDeep")] = 0


@pytest.mark.parametrize(
    ("wire", "field", "value"),
    [
        ({"textValue": None}, "text_value", ""),
        ({"textValue": False}, "text_value", ""),
        ({"textValue": 852}, "text_value", "852"),
        ({"countValue": None}, "count_value", 0),
        ({"countValue": ""}, "count_value", 0),
        ({"countValue": False}, "count_value", 0),
        ({"countValue": "12"}, "count_value", 12),
        ({"countValue": 12.0}, "count_value", 12),
        ({"numberValue": "0.0100000000"}, "number_value", 0.01),
        ({"numberValue": False}, "number_value", 0),
        ({"numberValue": 24.4}, "number_value", 24.4),
        ({"flagValue": 0}, "flag_value", False),
        ({"flagValue": 3}, "flag_value", True),
        ({"flagValue": None}, "flag_value", False),
        ({"flagValue": []}, "flag_value", False),
        ({"flagValue": "1"}, "flag_value", True),
        ({"rows": None}, "rows", []),
        ({"rows": {}}, "rows", []),
        (
            {"rows": {"0": {"leafName": "a"}, "2": {"leafName": "b"}}},
            "rows",
            [Leaf(leaf_name="a"), Leaf(leaf_name="b")],
        ),
        ({"leaf": []}, "leaf", Leaf()),
        ({"settings": {"resources": {"deep": 5}}}, "deep", 5),
        ({"settings": []}, "deep", 0),
        ({"settings": {"resources": []}, "flatDeep": 6}, "deep", 6),
        ([], "text_value", ""),
    ],
)
def test_values_are_taken_in_every_form_that_php_gives_them(wire: Any, field: str, value: object) -> None:
    assert getattr(Sample.model_validate(wire), field) == value


@pytest.mark.parametrize("wire", [{"countValue": "many"}, {"countValue": 1.5}, {"flagValue": "maybe"}, "text", 7])
def test_what_makes_no_sense_is_refused(wire: Any) -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate(wire)


def test_what_a_newer_panel_adds_is_kept_in_snake_case() -> None:
    record = Sample.model_validate(
        {"newField": {"innerName": [{"veryDeep": 1}]}, "settings": {"uefiType": 2, "resources": {"deep": 5}}}
    )
    assert record.model_extra == {"new_field": {"inner_name": [{"very_deep": 1}]}, "settings": {"uefi_type": 2}}


def test_what_sounds_like_a_secret_is_kept_as_one() -> None:
    record = Sample.model_validate({"rootPassword": "geheim", "list": [{"api_token": "geheim"}], "passwordless": True})
    assert "geheim" not in repr(record)
    assert record.model_extra
    assert record.model_extra["root_password"] == SecretStr("geheim")
    assert record.model_extra["passwordless"] is True


def test_what_is_never_kept_is_dropped_at_any_depth() -> None:
    record = Sample.model_validate(
        {"a": [{"screen": "iVBO"}], "settings": {"encryptedPassword": "eyJ"}, "primaryActions": [1]}
    )
    assert record.model_extra == {"a": [{}]}


def test_the_wire_is_not_changed_by_reading_it() -> None:
    wire = {"settings": {"resources": {"deep": 5}}, "leaf": {"leafName": "a"}}
    Sample.model_validate(wire)
    assert wire == {"settings": {"resources": {"deep": 5}}, "leaf": {"leafName": "a"}}


def test_records_can_be_made_by_their_own_names() -> None:
    assert Sample(text_value="a", deep=5).deep == 5
    assert Server(server_id=7, user_id=3, traffic=20).traffic == 20


@pytest.mark.parametrize("body", [None, [], "", {"message": "x"}, 7])
def test_an_answer_without_an_envelope_is_refused(body: Any) -> None:
    with pytest.raises(ValueError, match="no `data`"):
        one(Sample)(body)


def test_a_list_in_an_envelope_may_be_an_object_with_numbers() -> None:
    assert [leaf.leaf_name for leaf in each(Leaf)({"data": {"1": {"leafName": "a"}, "4": {"leafName": "b"}}})] == [
        "a",
        "b",
    ]
    assert each(Leaf)({"data": []}) == []


@pytest.mark.parametrize(
    ("wire", "ours"),
    [
        ("primaryDiskReadIOPS", "primary_disk_read_iops"),
        ("customXML", "custom_xml"),
        ("additionalStorage1Enable", "additional_storage1_enable"),
        ("ipv4ToMac", "ipv4_to_mac"),
        ("cpu_model", "cpu_model"),
        ("_id", "_id"),
        ("user.data", "user.data"),
    ],
)
def test_names_become_snake_case(wire: str, ours: str) -> None:
    assert snake_case(wire) == ours


@pytest.mark.parametrize("ours", ["additional_storage1_enable", "cpu_cores", "name", "self_service_hourly_credit"])
def test_names_of_arguments_survive_the_way_there_and_back(ours: str) -> None:
    assert snake_case(camel_case(ours)) == ours


@pytest.mark.parametrize("profiles", [[1, 2], [{"id": 1, "name": "a"}, {"id": 2}], {"0": 1, "3": 2}, ["1", "2"]])
def test_profiles_of_a_user_may_be_ids_or_objects(profiles: Any) -> None:
    user = User.model_validate({"id": 3, "selfServiceHourlyGroupProfiles": profiles})
    assert user.self_service_hourly_group_profiles == [1, 2]


def test_a_server_survives_every_object_that_php_made_a_list() -> None:
    server = Server.model_validate(
        {"id": 7, "ownerId": 3, "settings": [], "network": [], "traffic": [], "vnc": [], "customXML": [], "tasks": []}
    )
    assert (server.memory, server.traffic, server.primary_ipv4, server.ipv4_addresses) == (0, 0, "", [])
    assert server.custom_xml.domain_enabled is False


def test_addresses_are_in_the_panels_order_and_whitelists_are_read() -> None:
    interface = {
        "ipv4": [{"address": "192.0.2.9", "order": 2}, {"address": "192.0.2.1", "order": 1}],
        "ipv6": [{"subnet": "2001:db8::", "cidr": 64, "order": 1}],
        "ipWhitelist": [{"id": 1, "type": 4, "ip": "10.0.0.10", "mask": 32}],
    }
    network = {"interfaces": [interface], "secondaryInterfaces": [interface]}
    server = Server.model_validate({"id": 7, "ownerId": 3, "network": network, "remoteState": {"running": True}})
    assert server.primary_ipv4 == "192.0.2.1"
    assert server.ipv4_addresses == server.secondary_ipv4_addresses == ["192.0.2.1", "192.0.2.9"]
    assert server.ipv6_subnets == ["2001:db8::/64"]
    assert [(entry.ip, entry.cidr) for entry in server.ip_whitelist] == [("10.0.0.10", 32)]
    assert [(entry.ip, entry.cidr) for entry in server.secondary_ip_whitelist] == [("10.0.0.10", 32)]
    assert server.running is True


def nested(levels: int) -> object:
    return {"name": nested(levels - 1)} if levels else 7


def test_what_nobody_described_is_kept_as_deep_as_it_can_be_written_out() -> None:
    kept = Sample.model_validate({"newer": nested(16), "odd": [nested(500)]})
    assert kept.model_dump()["newer"] == nested(16)
    assert len(str(kept.model_dump()["odd"])) < 300
