"""Every method of the client against the vendor's description of its operation."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from pulumi_virtfusion.api import VirtFusion, operation_of
from pulumi_virtfusion.api.http.operation import Operation
from pulumi_virtfusion.api.names import snake_case
from tests.contract import openapi
from tests.contract.client_methods import METHODS, ClientMethod
from tests.contract.conftest import DescribedPanel, Sent

every_method = pytest.mark.parametrize("method", METHODS, ids=str)

VALUE_OF_TYPE = {"integer": str.isdigit, "boolean": ("true", "false").__contains__, "string": bool}


# Placeholders whose parameters have a clearer name.
OUR_WORDS = {
    "ext_relation_id": "relation",
    "key_id": "ssh_key_id",
    "new_owner_id": "user_id",
    "pack_id": "resource_pack_id",
    "plan_id": "backup_plan_id",
    "server_package_id": "package_id",
}


@pytest.fixture
def operations_with_a_method() -> set[tuple[str, str]]:
    operations = [operation_of(method.function) for method in METHODS]
    return {(operation.verb, operation.path) for operation in operations}


def test_every_operation_of_the_vendors_file_has_a_method_and_no_method_is_invented(
    operations_with_a_method: set[tuple[str, str]],
) -> None:
    assert operations_with_a_method == {one.key for one in openapi.described()}
    assert len(openapi.described()) == 85


def test_only_these_writes_are_never_sent_twice() -> None:
    assert {str(method) for method in METHODS if not operation_of(method.function).repeatable} == {
        "IpBlocks.add_ipv4_range",
        "SelfService.add_credit",
        "SelfService.add_hourly_group_profile",
        "SelfService.add_resource_group_profile",
        "SelfService.add_resource_pack",
        "SelfService.delete_pack_servers",
        "Servers.add_ipv4_addresses",
        "Servers.add_ipv4_quantity",
        "Servers.add_traffic_block",
        "Servers.add_whitelist_entry",
        "Servers.build",
        "Servers.change_owner",
        "Servers.create",
        "Servers.reset_password",
        "Servers.restart",
        "Servers.validate",
        "SshKeys.create",
        "Users.create",
        "Users.create_login_tokens",
        "Users.create_server_login_tokens",
        "Users.reset_password",
    }


@every_method
def test_a_docstring_names_the_operation_that_the_method_performs(method: ClientMethod) -> None:
    operation = operation_of(method.function)
    assert f"`{operation.verb} {operation.path}" in (method.function.__doc__ or "")


@every_method
def test_the_least_arguments_make_a_request_as_described(
    method: ClientMethod, client: VirtFusion, panel: DescribedPanel
) -> None:
    check(method, method.required, client, panel)


@every_method
def test_all_arguments_make_a_request_as_described(
    method: ClientMethod, client: VirtFusion, panel: DescribedPanel
) -> None:
    check(method, method.all_arguments, client, panel)


@pytest.mark.parametrize(
    ("method", "parameter"),
    [pytest.param(method, name, id=f"{method}-{name}") for method in METHODS for name in method.parameters],
)
def test_each_value_of_an_argument_reaches_the_panel(
    method: ClientMethod, parameter: str, client: VirtFusion, panel: DescribedPanel
) -> None:
    for value in method.samples(parameter):
        check(method, {**method.all_arguments, parameter: value}, client, panel)
    requests = {repr((one.path, one.query, one.body)) for one in panel.sent}
    assert len(requests) == len(method.samples(parameter)) > 1


def check(method: ClientMethod, arguments: dict[str, Any], client: VirtFusion, panel: DescribedPanel) -> None:
    """Calls `method` and holds its one request against the vendor's file."""
    before = len(panel.sent)
    method.call(client, arguments)
    (sent,) = panel.sent[before:]
    operation = operation_of(method.function)
    assert (operation.verb, operation.path) == sent.described.key
    assert sent.path == path_of(operation, arguments)
    check_query(sent)
    if sent.described.body is None:
        assert sent.body is None
    else:
        Draft202012Validator(sent.described.body).validate(sent.body)
        same_name = {key: arguments[snake_case(key)] for key in sent.body if snake_case(key) in arguments}
        assert {key: sent.body[key] for key in same_name} == same_name


def path_of(operation: Operation, arguments: dict[str, Any]) -> str:
    """The path that these arguments should lead to."""

    def value(placeholder: re.Match[str]) -> str:
        name = snake_case(placeholder[1])
        return quote(str(arguments[OUR_WORDS.get(name, name) if name not in arguments else name]), safe="")

    return re.sub(r"\{(\w+)\}", value, operation.path)


def check_query(sent: Sent) -> None:
    described = sent.described.queries
    for name, value in sent.query:
        # A list is spelt with brackets, also where the file describes a single value in its schema.
        kind = described.get(name) or described[name.removesuffix("[]")]
        assert VALUE_OF_TYPE[kind](value), f"{name}={value} is no {kind}"


def test_a_text_relation_is_announced_as_one(client: VirtFusion, panel: DescribedPanel) -> None:
    client.users.get("klant/7")
    client.users.get(7)
    assert [(one.path, one.query) for one in panel.sent] == [
        ("/users/klant%2F7/byExtRelation", (("relStr", "true"),)),
        ("/users/7/byExtRelation", ()),
    ]


def test_a_package_change_always_sends_its_eleven_flags(client: VirtFusion, panel: DescribedPanel) -> None:
    info = client.servers.change_package(7, 9, components={"primary_disk_size": False})
    (sent,) = panel.sent
    assert sent.described.body
    assert sent.body == {flag: flag != "primaryDiskSize" for flag in sent.described.body["properties"]}
    assert len(sent.body) == 11
    assert info[0].startswith("CPU cores not updated.")


def test_a_component_that_no_package_has_is_refused_before_anything_is_sent(
    client: VirtFusion, panel: DescribedPanel
) -> None:
    with pytest.raises(ValueError, match="disk_size"):
        client.servers.change_package(7, 9, components={"disk_size": False})
    assert panel.sent == []


def test_custom_xml_always_sends_its_twelve_keys(client: VirtFusion, panel: DescribedPanel) -> None:
    client.servers.set_custom_xml(7, clock="<clock/>", clock_enabled=True)
    (sent,) = panel.sent
    assert sent.described.body
    assert sent.body.keys() == sent.described.body["properties"].keys()
    assert {name: value for name, value in sent.body.items() if value} == {"clock": "<clock/>", "clockEnabled": True}


def test_a_change_of_a_user_sends_only_what_is_given(client: VirtFusion, panel: DescribedPanel) -> None:
    client.users.modify(7, email="new@example.com", self_service_resource_group_profiles=[])
    assert panel.sent[0].body == {"email": "new@example.com", "selfServiceResourceGroupProfiles": []}
