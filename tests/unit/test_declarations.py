"""Every reader of a declared field finds what it needs; a forgotten place fails with the name of its field."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import TypeAdapter

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.api.http.operation import operation_of
from pulumi_virtfusion.api.records import Package
from pulumi_virtfusion.api.sections.servers import package_change
from pulumi_virtfusion.config import Settings
from pulumi_virtfusion.lifecycle.behaviour import Behaviour
from pulumi_virtfusion.lifecycle.run import Run
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.sandbox import running
from pulumi_virtfusion.schema.descriptions import described
from pulumi_virtfusion.schema.fields import Change, Field, called_by
from pulumi_virtfusion.schema.types import PackageChange, Triggers
from pulumi_virtfusion.takeover.description import attached

RESOURCES = {name: resource_class(name) for name in MODULES}
FIELDS = {f"{name}.{f.name}": f for name, resource in RESOURCES.items() for f in resource.fields.values()}
INPUTS = {name: f for name, f in FIELDS.items() if f.is_input}
OPERATIONS = {name: f.operation for name, f in FIELDS.items() if f.operation is not None}
COMPONENTS = {name: f for name, f in FIELDS.items() if f.package_component is not None}


def each(named: dict[str, Any]) -> pytest.MarkDecorator:
    """One test a name."""
    return pytest.mark.parametrize("name", named)


@each(RESOURCES)
def test_a_resource_says_what_it_is_made_by_and_what_it_is(name: str) -> None:
    behaviour: Behaviour = RESOURCES[name].behaviour
    assert behaviour.noun
    assert RESOURCES[name].__doc__
    for method in (behaviour.made_by, *behaviour.found_by, *behaviour.removed_by):
        for called in called_by(method):
            assert operation_of(called).path.startswith("/")


@each(FIELDS)
def test_a_field_is_documented_in_a_sentence(name: str) -> None:
    text = described(FIELDS[name].owner).get(FIELDS[name].name, "")
    assert text.endswith(".")
    assert "\n\n" not in text


@each(FIELDS)
def test_a_field_has_a_type_that_reads_its_own_empty_value(name: str) -> None:
    declared = FIELDS[name]
    assert declared.value_type is not None
    if not declared.is_input and declared.from_id is None:
        TypeAdapter(declared.value_type).validate_python(declared.empty)


@each(INPUTS)
def test_what_may_be_left_out_says_so_in_its_type(name: str) -> None:
    optional = type_name(INPUTS[name]).startswith("Optional")
    assert optional == (not INPUTS[name].required)


@each(FIELDS)
def test_outputs_are_computed_and_inputs_are_not(name: str) -> None:
    assert (type_name(FIELDS[name]) == "Computed") == (FIELDS[name].change is Change.COMPUTED)


def type_name(declared: Field) -> str:
    """`OptionalArg` of `OptionalArg[Name]`."""
    return str(getattr(declared.declared_type, "__origin__", declared.declared_type).__name__)


@each(OPERATIONS)
def test_an_operation_takes_the_argument_by_its_name(name: str) -> None:
    # A trigger is no value: all it says is that the operation runs again.
    taken = inspect.signature(OPERATIONS[name]).parameters
    assert FIELDS[name].name in taken or FIELDS[name].value_type is Triggers


@each(OPERATIONS)
def test_an_operation_names_the_calls_that_the_tables_show(name: str) -> None:
    for method in called_by(OPERATIONS[name]):
        assert operation_of(method).verb in ("PUT", "POST", "DELETE")


@each(INPUTS)
def test_an_argument_is_read_by_something(name: str) -> None:
    """By the creating call, by an operation, or in the code of the behaviour."""
    declared = INPUTS[name]
    resource = RESOURCES[name.partition(".")[0]]
    behaviour = resource.behaviour
    operations = [f.operation for f in resource.fields.values() if f.operation is not None]
    taken = any(declared.name in inspect.signature(one).parameters for one in (behaviour.made_by, *operations))
    code = "".join(inspect.getsource(one) for one in type(behaviour).__mro__[:-1] if one is not Behaviour)
    assert taken or re.search(rf"\b{declared.name}\b", code)


@each(RESOURCES)
def test_the_creating_call_takes_nothing_that_no_argument_gives(name: str) -> None:
    taken = inspect.signature(RESOURCES[name].behaviour.made_by).parameters.keys() - {"self", "context"}
    # The client's own section stands first where the operation is a function of ours.
    required = {one for one in taken if one not in ("servers", "users", "packs")}
    assert required <= RESOURCES[name].fields.keys()


@each(RESOURCES)
def test_a_place_says_what_its_deletion_leaves_of_it(name: str) -> None:
    """The place stays at the panel, so a review must not call it deleted."""
    behaviour: Behaviour = RESOURCES[name].behaviour
    assert behaviour.when_deleted or not behaviour.is_a_place


@each(RESOURCES)
def test_what_describes_a_new_one_in_a_review_is_an_argument(name: str) -> None:
    behaviour: Behaviour = RESOURCES[name].behaviour
    assert set(behaviour.described_by) <= {f.name for f in behaviour.inputs()}


def test_only_a_create_only_argument_has_a_reason() -> None:
    assert [name for name, f in FIELDS.items() if bool(f.reason) != (f.change is Change.CREATE_ONLY)] == []


# -- the package change --------------------------------------------------------------------------------------------


def test_the_flags_of_a_package_change_are_the_clients_components() -> None:
    assert PackageChange.__annotations__.keys() == package_change.PACKAGE_COMPONENTS.keys()
    assert len(package_change.PACKAGE_COMPONENTS) == 11


@each(COMPONENTS)
def test_what_a_package_change_overwrites_is_a_component_and_a_value_of_the_package(name: str) -> None:
    declared = COMPONENTS[name]
    assert declared.package_component in package_change.PACKAGE_COMPONENTS
    assert declared.name in Package.model_fields


# -- what the panel tells ------------------------------------------------------------------------------------------

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"
SERVER = {"package_id": 5, "user_id": 2, "hypervisor_group_id": 1, "power_state": "stopped"}
RANGE = {"start": "198.51.101.10", "end": "198.51.101.20"}
GIVEN: dict[str, dict[str, Any]] = {
    "User": {
        "name": "Ada",
        "email": "ada@example.com",
        "ext_relation_id": 1001,
        "self_service_hourly_resource_pack": 1,
    },
    "SshKey": {"user_id": 2, "name": "laptop", "public_key": KEY},
    "ResourcePack": {"relation": 1001, "pack_id": 1},
    "Server": SERVER,
    "ServerBuild": {"server_id": 1, "operating_system_id": 1, "hostname": "web.example.com", "ssh_keys": [1]},
    "ServerFirewall": {"server_id": 1, "interface": "primary", "enabled": True, "rulesets": [1]},
    "ServerIpv4Addresses": {"server_id": 1, "interface": "primary", "quantity": 1},
    "NetworkWhitelistEntry": {"server_id": 1, "interface": "primary", "ip": "192.0.2.77", "cidr": 32},
    "TrafficBlock": {"server_id": 1, "month": 1, "amount": 100},
    "ServerCustomXml": {"server_id": 1, "os": "<bios/>", "os_enabled": True},
    "HourlyGroupProfile": {"relation": 1001, "profile_id": 2},
    "ResourceGroupProfile": {"relation": 1001, "profile_id": 2},
    "HourlyResourcePack": {"relation": 1001, "pack_id": 2},
}
"""One of everything that can be read back, each made after what it needs."""


@dataclass
class PanelContext:
    panel: Any
    settings: Settings = field(default_factory=Settings)
    run: Run = field(default_factory=Run)
    urn: str = ""

    def warn(self, message: str) -> None:
        pass

    def inform(self, message: str) -> None:
        pass

    def progress(self, message: str) -> None:
        pass


@dataclass
class Living:
    """An object that a lifecycle made on a real panel."""

    id: str
    record: Any
    """As its resource finds it."""
    context: PanelContext


@pytest.fixture(scope="module")
def living() -> Iterator[dict[str, Living]]:
    with running(build_seconds=0.05) as panel:
        context = PanelContext(VirtFusion(panel.origin, panel.token))
        made_ones = {}
        for name, given in GIVEN.items():
            lifecycle = RESOURCES[name].lifecycle
            checked = lifecycle.check(context, {}, given)
            assert not checked.problems, (name, checked.problems)
            made = lifecycle.create(context, checked.inputs)
            made_ones[name] = Living(made.id, lifecycle.behaviour.find(context, made.id, checked.inputs), context)
        yield made_ones


@each({name: resource for name, resource in RESOURCES.items() if resource.behaviour.found_by})
def test_what_is_always_told_is_read_when_neither_the_program_nor_the_state_says_it(
    name: str, living: dict[str, Living]
) -> None:
    told = RESOURCES[name].behaviour.outputs(living[name].record, {}, {})
    always = [f.name for f in RESOURCES[name].fields.values() if f.is_input and f.read_back == "always"]
    assert [one for one in always if one not in told] == []


FOUND_ON_SERVERS = {
    name: one for name, one in RESOURCES.items() if type(one.behaviour).on_server is not Behaviour.on_server
}


@each(FOUND_ON_SERVERS)
def test_what_stands_on_a_server_is_found_there_as_it_was_made(name: str, living: dict[str, Living]) -> None:
    """And declared with all that it needs, so that a program can take it over."""
    behaviour, panel = RESOURCES[name].behaviour, living[name].context.panel
    server = panel.servers.get(1)
    (found,) = behaviour.on_server(panel, server)
    assert (found.id, behaviour.value_of(found.record, "server_id")) == (living[name].id, 1)
    (declared,) = (one for one in attached(panel, server, None) if one.kind == name)
    assert {f.name for f in behaviour.fields.values() if f.required} <= declared.arguments.keys()


@each(GIVEN)
def test_the_request_that_deletes_an_orphan_is_complete(name: str, living: dict[str, Living]) -> None:
    behaviour: Behaviour = RESOURCES[name].behaviour
    known = behaviour.outputs(living[name].record, GIVEN[name], {})
    request = behaviour.removal("1001" if name == "User" else living[name].id, known)
    assert "{" not in request.partition(" {")[0]
    assert re.match(r"DELETE /\w+/", request) or not behaviour.removed_by or behaviour.repeatable
