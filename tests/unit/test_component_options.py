"""Which parts of a component get which of Pulumi's options, and what is refused because no part could heed it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from typing_extensions import override

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.components import MODULES, component_class

pytestmark = pytest.mark.usefixtures("program_loop")

TYPE = "pulumi-python:dynamic/virtfusion:"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"
VPS: dict[str, Any] = {
    "package_id": 1,
    "user_id": 1,
    "hypervisor_group_id": 1,
    "operating_system_id": 1,
    "public_keys": {"laptop": KEY, "my.phone": KEY},
    "firewall_rulesets": [1],
    "extra_ipv4": 2,
}
CUSTOMER: dict[str, Any] = {
    "name": "Ada",
    "email": "ada@example.com",
    "ext_relation_id": 7,
    "public_keys": {"laptop": KEY},
    "hourly_group_profiles": [1.0],  # as another stack's outputs have it
    "resource_group_profiles": [2],
    "pack_id": 1,
    "credit_tokens": 5,
}
GIVEN = {"Vps": VPS, "Customer": CUSTOMER}
EVERY_PART = {
    "Vps": {"server", "key-laptop", "key-my.phone", "addresses", "build", "firewall"},
    "Customer": {"user", "key-laptop", "hourly-profile-1", "resource-profile-2", "pack", "credit"},
}


class Engine(MockMonitor):
    """Keeps what is registered, by its name, and answers for each the outputs that a test gives its type."""

    def __init__(self, answers: dict[str, dict[str, Any]]) -> None:
        super().__init__(Answering(answers))
        self.registered: dict[str, Any] = {}

    @override
    def RegisterResource(self, request: Any) -> Any:
        self.registered[request.name] = request
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


class Answering(Mocks):
    def __init__(self, answers: dict[str, dict[str, Any]]) -> None:
        self.answers = answers

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        return "7", {**args.inputs, **self.answers.get(args.typ.removeprefix(TYPE), {})}

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"nobody calls {args.token}")


@pytest.fixture
def declare() -> Iterator[Callable[..., dict[str, Any]]]:
    """Declares a component named `a` with options, and answers the registration of each part by the part's name."""

    def run(kind: str, arguments: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        engine = Engine({})
        pulumi.runtime.set_mocks(engine.mocks, monitor=engine)

        @pulumi.runtime.test  # type: ignore[untyped-decorator]
        def program() -> None:
            given = {**GIVEN[kind], **(arguments or {})}
            component_class(kind)("a", **given, opts=pulumi.ResourceOptions(**options))

        program()
        return {name.removeprefix("a-"): one for name, one in engine.registered.items() if one.type.startswith(TYPE)}

    yield run
    settings.reset_options()


Declare = Callable[..., dict[str, Any]]
REQUEST = {
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "hide_diffs": "hideDiffs",
    "additional_secret_outputs": "additionalSecretOutputs",
}


def named(parts: dict[str, Any], option: str) -> dict[str, list[str]]:
    """What an option names, of each part that has got it."""
    found = {part: list(getattr(request, REQUEST[option])) for part, request in parts.items()}
    return {part: names for part, names in found.items() if names}


PLACED: list[tuple[str, str, dict[str, list[str]]]] = [
    ("Vps", "package_id", {"server": ["package_id"]}),
    ("Vps", "package_change", {"server": ["package_change"]}),
    ("Vps", "package_change.memory", {"server": ["package_change.memory"]}),
    ("Vps", 'package_change["memory"]', {"server": ['package_change["memory"]']}),
    ("Vps", "package_change.*", {"server": ["package_change.*"]}),
    ("Vps", '["memory"]', {"server": ["memory"]}),
    ("Vps", "user_id", {"server": ["user_id"], "key-laptop": ["user_id"], "key-my.phone": ["user_id"]}),
    ("Vps", "name", {"server": ["name"]}),
    ("Vps", "operating_system_id", {"build": ["operating_system_id"]}),
    ("Vps", "hostname", {"build": ["hostname"]}),
    ("Vps", "ssh_keys", {"build": ["ssh_keys"]}),
    ("Vps", "ssh_keys[0]", {"build": ["ssh_keys[0]"]}),
    ("Vps", "ssh_keys[*]", {"build": ["ssh_keys[*]"]}),
    ("Vps", "public_keys", {"key-laptop": ["public_key"], "key-my.phone": ["public_key"]}),
    ("Vps", "public_keys[*]", {"key-laptop": ["public_key"], "key-my.phone": ["public_key"]}),
    ("Vps", "public_keys.laptop", {"key-laptop": ["public_key"]}),
    ("Vps", 'public_keys["my.phone"]', {"key-my.phone": ["public_key"]}),
    ("Vps", "extra_ipv4", {"addresses": ["quantity"]}),
    ("Vps", "firewall_rulesets", {"firewall": ["rulesets"]}),
    ("Vps", "build_triggers", {"build": ["triggers"]}),
    ("Vps", "build_triggers[0].image", {"build": ["triggers[0].image"]}),
    ("Vps", "swap", {"build": ["swap"]}),  # no argument of a Vps, but a transform may give it to its build
    ("Vps", "*", {part: ["*"] for part in EVERY_PART["Vps"]}),
    ("Customer", "email", {"user": ["email"]}),
    ("Customer", "pack_id", {"pack": ["pack_id"]}),
    ("Customer", "credit_tokens", {"credit": ["tokens"]}),
    ("Customer", "public_keys.laptop", {"key-laptop": ["public_key"]}),
    ("Customer", "enabled", {"user": ["enabled"]}),
    ("Customer", "*", {part: ["*"] for part in EVERY_PART["Customer"]}),
]


@pytest.mark.parametrize("option", ["ignore_changes", "replace_on_changes", "hide_diffs"])
@pytest.mark.parametrize(("kind", "path", "expected"), PLACED)
def test_an_option_goes_to_the_part_that_has_the_argument(
    declare: Declare, option: str, kind: str, path: str, expected: dict[str, list[str]]
) -> None:
    if option not in inspect.signature(pulumi.ResourceOptions).parameters:
        pytest.skip("this SDK has no such option")
    assert named(declare(kind, **{option: [path]}), option) == expected


def test_several_names_go_to_their_parts(declare: Declare) -> None:
    parts = declare("Vps", ignore_changes=["memory", "hostname", "traffic"], replace_on_changes=["memory"])
    assert named(parts, "ignore_changes") == {"server": ["memory", "traffic"], "build": ["hostname"]}
    assert named(parts, "replace_on_changes") == {"server": ["memory"]}


def test_an_argument_that_is_left_out_may_be_named(declare: Declare) -> None:
    without = {"public_keys": None, "firewall_rulesets": None, "extra_ipv4": 0}
    names = ["public_keys", "firewall_rulesets", "extra_ipv4"]
    parts = declare("Vps", without, ignore_changes=names)
    assert sorted(parts) == ["build", "server"]
    assert named(parts, "ignore_changes") == {}


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("Vps", "address", {"server": ["primary_ipv4"]}),
        ("Vps", "ipv4_addresses", {"server": ["ipv4_addresses"], "addresses": ["addresses"]}),
        ("Vps", "hostname", {"build": ["hostname"], "server": ["hostname"]}),
        ("Vps", "password", {"build": ["password"]}),
        ("Vps", "memory", {"server": ["memory"]}),
        ("Vps", "mac_address", {"server": ["mac_address"]}),
        ("Vps", "firewall_rulesets", {"firewall": ["rulesets"]}),
        ("Customer", "email", {"user": ["email"]}),
        ("Customer", "suspended", {"user": ["suspended"]}),
    ],
)
def test_a_secret_output_is_one_of_its_part(
    declare: Declare, kind: str, name: str, expected: dict[str, list[str]]
) -> None:
    option = "additional_secret_outputs"
    assert named(declare(kind, **{option: [name]}), option) == expected


@pytest.mark.parametrize("kind", GIVEN)
def test_what_means_any_resource_means_every_part(declare: Declare, kind: str) -> None:
    parts = declare(
        kind,
        protect=True,
        retain_on_delete=True,
        delete_before_replace=True,
        custom_timeouts=pulumi.CustomTimeouts(create="90m", delete="5m"),
    )
    assert parts.keys() == EVERY_PART[kind]
    for request in parts.values():
        assert (request.protect, request.retainOnDelete, request.deleteBeforeReplace) == (True, True, True)
        assert (request.customTimeouts.create, request.customTimeouts.delete) == ("90m", "5m")


@pytest.mark.parametrize("kind", GIVEN)
def test_without_options_a_part_has_none(declare: Declare, kind: str) -> None:
    for request in declare(kind).values():
        assert [request.protect, request.retainOnDelete, request.deleteBeforeReplace] == [False] * 3
        assert [list(getattr(request, option)) for option in REQUEST.values()] == [[]] * len(REQUEST)


VPS_HAS = (
    "package_id, package_change, user_id, hypervisor_group_id, operating_system_id, name, hostname, memory, cpu_cores, "
    "traffic, public_keys, ssh_keys, firewall_rulesets, extra_ipv4, ipv6, build_triggers, backup_plan_id"
)
CUSTOMER_HAS = "name, email, ext_relation_id, rel_str, self_service, public_keys, pack_id, credit_tokens"
REFUSED: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    (
        "Vps",
        {"ignore_changes": ["memroy"]},
        ValueError,
        f"ignore_changes: Vps has no argument memroy (did you mean memory?); it has {VPS_HAS}",
    ),
    (
        "Vps",
        {"replace_on_changes": ["disk[0]"]},
        ValueError,
        f"replace_on_changes: Vps has no argument disk; it has {VPS_HAS}",
    ),
    (
        "Vps",
        {"additional_secret_outputs": ["adress"]},
        ValueError,
        "additional_secret_outputs: Vps has no output adress (did you mean address?); it has server_id, address, "
        f"ipv4_addresses, hostname, state, password, {VPS_HAS.replace('hostname, ', '')}",
    ),
    (
        "Vps",
        {"additional_secret_outputs": ["server_id"]},
        ValueError,
        "additional_secret_outputs: server_id is an id, which Pulumi never hides",
    ),
    (
        "Vps",
        {"ignore_changes": ["package_change.memroy"]},
        ValueError,
        "ignore_changes: package_change.memroy: memroy is none of backup_plan, cpu, memory, primary_disk_read_iops, "
        "primary_disk_read_throughput, primary_disk_size, primary_disk_write_iops, primary_disk_write_throughput, "
        "primary_network_inbound_speed, primary_network_outbound_speed, primary_network_traffic (did you mean memory?)",
    ),
    ("Vps", {"ignore_changes": ["memory.x"]}, ValueError, "ignore_changes: memory.x: memory has no such part"),
    ("Vps", {"ignore_changes": ["ssh_keys.x"]}, ValueError, "ignore_changes: ssh_keys.x: ssh_keys has no such part"),
    (
        "Vps",
        {"ignore_changes": ["extra_ipv4[0]"]},
        ValueError,
        "ignore_changes: extra_ipv4[0]: quantity has no such part",
    ),
    (
        "Vps",
        {"ignore_changes": ["public_keys[0]"]},
        ValueError,
        "ignore_changes: 'public_keys[0]' is no path of a property such as public_keys.laptop",
    ),
    (
        "Vps",
        {"ignore_changes": [""]},
        ValueError,
        "ignore_changes: '' is no path of a property such as memory or package_change.memory",
    ),
    ("Vps", {"ignore_changes": ["public_keys.phone"]}, ValueError, "ignore_changes: a has no part key-phone"),
    ("Vps", {"ignore_changes": "memory"}, TypeError, "ignore_changes must be a list of names, not a str"),
    ("Vps", {"ignore_changes": [7]}, TypeError, "ignore_changes must be a list of names, and 7 is none"),
    (
        "Vps",
        {"import_": "69"},
        ValueError,
        "import_: takes over one object, and this is several: declare each with import_ as a resource of its own "
        "first, and then name those in formerly",
    ),
    ("Vps", {"version": "1.2.3"}, ValueError, "version: chooses a plug-in, and these resources have none"),
    ("Vps", {"id": "69"}, ValueError, "id: looks at one object, and this is several: use get of the parts' classes"),
    (
        "Customer",
        {"ignore_changes": ["emial"]},
        ValueError,
        f"ignore_changes: Customer has no argument emial (did you mean email?); it has {CUSTOMER_HAS}",
    ),
    (
        "Customer",
        {"ignore_changes": ["hourly_group_profiles"]},
        ValueError,
        "ignore_changes: hourly_group_profiles makes and deletes parts of Customer, which is no change of one",
    ),
]


@pytest.mark.parametrize(("kind", "options", "error", "said"), REFUSED)
def test_what_no_part_could_heed_is_refused(
    declare: Declare, kind: str, options: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as raised:
        declare(kind, **options)
    assert str(raised.value) == said


@pytest.mark.parametrize("option", ["replacement_trigger", "replace_with", "plugin_download_url", "urn"])
def test_options_that_pulumi_would_ignore_are_refused(declare: Declare, option: str) -> None:
    if option not in inspect.signature(pulumi.ResourceOptions).parameters:
        pytest.skip("this SDK has no such option")
    with pytest.raises(ValueError, match=f"^{option}: "):
        declare("Vps", **{option: "x"})


# -- the table of places -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", MODULES)
def test_the_table_has_every_argument_and_only_fields_that_there_are(kind: str) -> None:
    places = component_class(kind).places
    taken = inspect.signature(component_class(kind)).parameters.keys() - {"resource_name", "formerly", "opts"}
    assert taken == places.arguments.keys() | places.making
    for placed in places.arguments.values():
        for part, name in placed.items():
            assert places.kinds[part].fields[name].is_input
    for output, placed in places.outputs.items():
        assert output in component_class(kind).__annotations__
        for part, name in placed.items():
            assert name in places.kinds[part].fields


# -- outputs -------------------------------------------------------------------------------------------------------

ANSWERS: dict[str, dict[str, Any]] = {
    "Server": {
        "primary_ipv4": "192.0.2.1",
        "ipv4_addresses": ["192.0.2.1", "192.0.2.2"],
        "hostname": "",
        "state": "allocated",
    },
    "ServerIpv4Addresses": {"addresses": ["192.0.2.2", "192.0.2.9"]},
    "ServerBuild": {"hostname": "web.example.com", "state": "complete", "password": "secret word"},
}


def test_each_output_is_the_one_of_the_part_that_knows_it() -> None:
    engine = Engine(ANSWERS)
    pulumi.runtime.set_mocks(engine.mocks, monitor=engine)
    seen: dict[str, Any] = {}

    async def look(web: virtfusion.Vps) -> None:
        for name in web.places.outputs:
            seen[name] = await getattr(web, name).future()
        seen["secret"] = [name for name in web.places.outputs if await getattr(web, name).is_secret()]

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def program() -> pulumi.Output[None]:
        return pulumi.Output.from_input(look(virtfusion.Vps("a", **VPS)))

    try:
        program()
    finally:
        settings.reset_options()
    assert seen == {
        "server_id": 7,
        "address": "192.0.2.1",
        "ipv4_addresses": ["192.0.2.1", "192.0.2.2", "192.0.2.9"],
        "hostname": "web.example.com",
        "state": "complete",
        "password": "secret word",
        "secret": ["password"],
    }
