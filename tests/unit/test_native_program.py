"""What a program sends the engine of a resource, through either door, so that options and older states fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest
from google.protobuf import json_format
from pulumi.runtime import settings
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from typing_extensions import override

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.config import environment_variable
from pulumi_virtfusion.schema.type_tokens import DYNAMIC, NATIVE

pytestmark = pytest.mark.usefixtures("program_loop")

Sent = Callable[..., dict[str, Any]]
TYPES = {"native": f"{NATIVE}Server", "dynamic": f"{DYNAMIC}Server"}
OLD = "urn:pulumi:dev::program::{}::old"


class Answering(Mocks):
    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        return "7", args.inputs

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"nobody calls {args.token}")


class Engine(MockMonitor):
    def __init__(self) -> None:
        super().__init__(Answering())
        self.requests: dict[str, Any] = {}

    @override
    def RegisterResource(self, request: Any) -> Any:
        self.requests[request.name] = json_format.MessageToDict(request)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    """Registers a server through a door, and answers the request; what has to be made in a program is a function."""

    def register(door: str, /, aliases: Any = None, ignore_changes: Any = None, **arguments: Any) -> dict[str, Any]:
        monkeypatch.setenv(environment_variable("door"), door)
        engine = Engine()
        pulumi.runtime.set_mocks(engine.mocks, monitor=engine)

        @pulumi.runtime.test  # type: ignore[untyped-decorator]
        def program() -> None:
            made: dict[str, Any] = {name: value() if callable(value) else value for name, value in arguments.items()}
            known: Any = aliases() if callable(aliases) else aliases
            opts = pulumi.ResourceOptions(aliases=known, ignore_changes=ignore_changes)
            virtfusion.Server("a", package_id=1, user_id=1, hypervisor_group_id=1, **made, opts=opts)

        program()
        registered: dict[str, Any] = engine.requests["a"]
        return registered

    yield register
    settings.reset_options()


def aliases_of(request: dict[str, Any]) -> list[dict[str, Any] | str]:
    return [
        alias.get("urn") or {name: value for name, value in alias["spec"].items() if value}
        for alias in request["aliases"]
    ]


@pytest.mark.parametrize(("door", "other"), [("native", "dynamic"), ("dynamic", "native")])
@pytest.mark.parametrize(
    ("alias", "spec"),
    [
        ({"name": "old"}, {"name": "old"}),
        ({"parent": None}, {"noParent": True}),
        ({"name": "old", "parent": pulumi.ROOT_STACK_RESOURCE}, {"name": "old", "noParent": True}),
        ({"name": "old", "project": "before"}, {"name": "old", "project": "before"}),
        ({"stack": "prod"}, {"stack": "prod"}),
        ({"name": "old", "parent": "urn:pulumi:dev::program::a:b:C::c"},
         {"name": "old", "parentUrn": "urn:pulumi:dev::program::a:b:C::c"}),
    ],
)  # fmt: skip
def test_an_alias_without_a_type_is_of_both_doors(
    sent: Sent, door: str, other: str, alias: dict[str, Any], spec: dict[str, Any]
) -> None:
    for given in (pulumi.Alias(**alias), lambda: pulumi.Output.from_input(1).apply(lambda _: pulumi.Alias(**alias))):
        found = aliases_of(sent(door, aliases=lambda one=given: [one() if callable(one) else one]))
        assert spec in found
        assert {**spec, "type": TYPES[other]} in found
        assert found[-1] == {"type": TYPES[other]}


@pytest.mark.parametrize(("door", "other"), [("native", "dynamic"), ("dynamic", "native")])
def test_an_alias_of_one_door_by_its_type_or_urn_is_one_of_the_other_too(sent: Sent, door: str, other: str) -> None:
    urns = [OLD.format(TYPES[one]) for one in (door, other)]
    assert set(urns) <= {one for one in aliases_of(sent(door, aliases=urns[:1])) if isinstance(one, str)}
    assert set(urns) <= {one for one in aliases_of(sent(door, aliases=urns[1:])) if isinstance(one, str)}
    for type_ in TYPES.values():
        found = aliases_of(sent(door, aliases=[pulumi.Alias(name="old", type_=type_)]))
        assert {"name": "old", "type": TYPES[other]} in found
        assert {"name": "old", "type": TYPES[door]} in found
    below = [f"urn:pulumi:dev::program::{prefix}User::ada" for prefix in (NATIVE, DYNAMIC)]
    found = aliases_of(sent(door, aliases=[pulumi.Alias(name="old", parent=below[0])]))
    assert {"name": "old", "type": TYPES[other], "parentUrn": below[1]} in found


def test_an_alias_of_something_else_stays_as_it_is(sent: Sent) -> None:
    found = aliases_of(sent("native", aliases=[OLD.format("a:b:C"), pulumi.Alias(type_="a:b:C")]))
    assert found == [OLD.format("a:b:C"), {"type": "a:b:C"}, {"type": TYPES["dynamic"]}]


FLAGS = {"primary_disk_size": False}


@pytest.mark.parametrize(
    "flags",
    [
        FLAGS,
        lambda: pulumi.Output.from_input(FLAGS),
        lambda: {"primary_disk_size": pulumi.Output.from_input(False)},
    ],
)
def test_keys_of_a_declared_object_are_sent_as_options_name_them(sent: Sent, flags: Any) -> None:
    request = sent("native", package_change=flags, ignore_changes=["package_change.primary_disk_size"])
    assert request["object"]["packageChange"] == {"primaryDiskSize": False}
    assert "packageChange.primaryDiskSize" in request["ignoreChanges"]


def test_a_secret_object_stays_one(sent: Sent) -> None:
    sealed = sent("native", package_change=lambda: pulumi.Output.secret(FLAGS))["object"]["packageChange"]
    assert sealed["value"] == {"primaryDiskSize": False}


@pytest.mark.parametrize(
    ("ignored", "sent_as"),
    [
        (["hypervisor_group_id"], ["hypervisorGroupId", "hypervisor_group_id"]),
        (["name", "*"], ["name", "*"]),
        (["package_change.memory"], ["packageChange.memory", "package_change"]),
        (['package_change["primary_disk_size"]'], ['packageChange["primaryDiskSize"]', "package_change"]),
        (['["package_change"].memory'], ['["packageChange"].memory', "package_change"]),
        (["package_change.*"], ["packageChange", "package_change"]),
    ],
)  # fmt: skip
def test_an_ignored_argument_is_found_in_the_state_of_either_door(
    sent: Sent, ignored: list[str], sent_as: list[str]
) -> None:
    assert sent("native", ignore_changes=ignored)["ignoreChanges"] == sent_as
    assert sent("dynamic", ignore_changes=ignored)["ignoreChanges"] == ignored
