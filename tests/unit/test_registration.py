"""What the SDK sends and resolves when a program makes a resource, and that a newer SDK may do it otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from pulumi.runtime import resource as sdk
from pulumi.runtime import rpc, settings
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.stack import massage
from typing_extensions import override

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.program import registration
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema.plain_values import transformed

EXAMPLE_IDS = {"TrafficBlock": "7/8"}
"""Ids that are no number alone."""

pytestmark = pytest.mark.usefixtures("program_loop", "engine")


class Engine(Mocks):
    """Answers what the engine would, and keeps the requests."""

    def __init__(self) -> None:
        self.answers: Mapping[str, Any] = {"memory": 1024, "uuid": "u-1"}
        self.requests: list[Any] = []
        self.failure: Exception | None = None
        self.id = "7"

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        if self.failure is not None:
            raise self.failure
        return self.id, {**args.inputs, **self.answers}

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"nobody calls {args.token}")


class Monitor(MockMonitor):
    """Keeps what the program asks of the engine."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.requests = engine.requests

    @override
    def RegisterResource(self, request: Any) -> Any:
        self.requests.append(request)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]

    @override
    def ReadResource(self, request: Any) -> Any:
        self.requests.append(request)
        return super().ReadResource(request)  # type: ignore[no-untyped-call]


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine()
    pulumi.runtime.set_mocks(engine, monitor=Monitor(engine))
    yield engine
    settings.reset_options()


def values_of(program: Callable[[], list[pulumi.Output[Any]]]) -> list[Any]:
    """Runs a program, and answers the values of its outputs."""
    seen: list[Any] = []

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def run() -> pulumi.Output[Any]:
        return pulumi.Output.all(*program()).apply(seen.extend)

    run()
    return seen


def a_server(name: str = "a", **arguments: Any) -> virtfusion.Server:
    return virtfusion.Server(name, package_id=1, user_id=1, hypervisor_group_id=1, **arguments)


def newer_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    """One in which neither of the functions has its name any more."""
    monkeypatch.setattr(registration, "rpc", SimpleNamespace())
    monkeypatch.setattr(registration, "sdk", SimpleNamespace())


@pytest.mark.parametrize("newer", [False, True], ids=["this SDK", "a newer SDK"])
def test_outputs_are_what_the_engine_answers(newer: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if newer:
        newer_sdk(monkeypatch)

    def program() -> list[pulumi.Output[Any]]:
        server = a_server(memory=512)
        return [server.memory, server.uuid, server.package_id, server.hostname, server.server_id]

    assert values_of(program) == [1024, "u-1", 1, None, 7]


def spelled(value: Any) -> Any:
    """The value as a program's text shows it: a whole number as `7`, however deep it lies."""
    return transformed(value, lambda leaf: f"{leaf}")


def engines(value: Any) -> Any:
    """The value as the engine carries it: every number is a double."""
    return transformed(value, lambda leaf: float(leaf) if type(leaf) is int else leaf)


NESTED = {"memory": 7, "deep": [1, {"of": [2, 1.5, True, "3", None]}], "none": []}
"""Stands for whatever a panel's answer may be; no output is told apart by its declared type."""


@pytest.mark.parametrize("newer", [False, True], ids=["this SDK", "a newer SDK"])
@pytest.mark.parametrize("looked_up", [False, True], ids=["made", "looked up"])
@pytest.mark.parametrize("name", MODULES)
def test_a_whole_number_is_an_int_in_every_output(
    name: str, looked_up: bool, newer: bool, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if newer:
        newer_sdk(monkeypatch)
    made = resource_class(name)
    answered = {f.name: f for f in made.fields.values() if f.from_id is None}
    engine.answers = dict.fromkeys(answered, engines(NESTED))
    engine.id = EXAMPLE_IDS.get(name, "7")

    def program() -> list[pulumi.Output[Any]]:
        one = made.get("a", engine.id) if looked_up else made("a", **dict.fromkeys(_inputs(made), 5))
        return [pulumi.Output.all(**{each: getattr(one, each) for each in made.fields})]

    (seen,) = values_of(program)
    # A look-up has no arguments, and the panel never tells some of them.
    never = {f.name for f in answered.values() if looked_up and f.is_input and f.read_back == "never"}
    for output in answered.keys() - never:
        assert spelled(seen[output]) == spelled(NESTED), output
    for output in made.fields.keys() - answered.keys():
        assert spelled(seen[output]) == spelled(made.fields[output].from_id(engine.id)), output


def _inputs(made: Any) -> list[str]:
    return [f.name for f in made.fields.values() if f.is_input]


def test_an_output_may_be_asked_for_when_the_engine_has_answered() -> None:
    def program() -> list[pulumi.Output[Any]]:
        server = a_server()
        return [server.urn.apply(lambda _: server.memory)]

    assert values_of(program) == [1024]


@pytest.mark.parametrize("newer", [False, True], ids=["this SDK", "a newer SDK"])
def test_a_whole_resource_can_be_exported(newer: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if newer:
        newer_sdk(monkeypatch)
    exported, *_ = values_of(lambda: [pulumi.Output.from_input(massage(a_server(), []))])
    told = {f.name for f in virtfusion.Server.fields.values() if f.read_back != "never" and f.from_id is None}
    assert exported.keys() == {"urn", "id", "package_id"} | told
    assert (exported["id"], exported["memory"], exported["uuid"]) == ("7", 1024, "u-1")


def test_an_output_is_one_and_depends_on_its_resource() -> None:
    seen: list[Any] = []

    async def look(server: virtfusion.Server) -> None:
        seen.extend([await server.memory.resources() == {server}, await server.uuid.is_secret()])

    def program() -> list[pulumi.Output[Any]]:
        server = a_server()
        seen.append(server.memory is server.memory)
        return [pulumi.Output.from_input(look(server))]

    values_of(program)
    assert seen == [True, True, False]


@pytest.mark.parametrize("when", ["before", "after"])
def test_outputs_of_a_resource_that_failed_fail(when: str, engine: Engine) -> None:
    engine.failure = ValueError("the panel is away")
    seen: list[str] = []

    async def look(server: virtfusion.Server) -> None:
        outputs = [server.memory] if when == "before" else []
        with pytest.raises(ValueError, match="the panel is away"):
            await server.urn.future()
        for output in outputs or [server.memory]:
            with pytest.raises(ValueError, match="the panel is away"):
                await output.future()
        seen.append("failed")

    with pytest.raises(ValueError, match="the panel is away"):
        values_of(lambda: [pulumi.Output.from_input(look(a_server()))])
    assert seen == ["failed"]


def test_the_sdk_is_as_it_was_afterwards() -> None:
    before = rpc.transfer_properties, sdk._get_stack_trace
    values_of(lambda: [a_server().memory])
    with pytest.raises(TypeError):
        virtfusion.Server("b", package_id=1)  # type: ignore[call-arg]
    assert (rpc.transfer_properties, sdk._get_stack_trace) == before


def test_resources_of_others_are_registered_as_ever() -> None:
    """Even one that a transformation makes in the middle of the registration of ours."""

    class Other(pulumi.CustomResource):
        memory: pulumi.Output[int]

    others: list[Other] = []

    def transformation(args: pulumi.ResourceTransformationArgs) -> None:
        if args.type_ != "other:index:Other":
            others.append(Other("other:index:Other", "b", {"memory": 1}))

    def program() -> list[pulumi.Output[Any]]:
        server = virtfusion.Server(
            "a",
            package_id=1,
            user_id=1,
            hypervisor_group_id=1,
            opts=pulumi.ResourceOptions(transformations=[transformation]),
        )
        return [server.memory, others[0].memory]

    assert values_of(program) == [1024, 1024]


PLACES: dict[str, Callable[[], object]] = {
    "a server": lambda: a_server(),
    "a look-up": lambda: virtfusion.Server.get("a", "7"),
    "in an apply": lambda: pulumi.Output.from_input(1).apply(lambda _: a_server()),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_engine_is_told_the_programs_lines_and_no_other(
    place: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a program, whose frames lie on the SDK's and the interpreter's."""
    monkeypatch.setattr(registration, "NOT_THE_PROGRAM", registration.NOT_THE_PROGRAM | {"_pytest", "pluggy"})

    def program() -> list[pulumi.Output[Any]]:
        PLACES[place]()
        return []

    values_of(program)
    request = engine.requests[-1]
    files = [frame.pc.uri.rpartition("/")[2] for frame in request.stackTrace.frames]
    assert files, "no line of the program"
    assert set(files) == {"test_registration.py"}
    assert request.sourcePosition == request.stackTrace.frames[0].pc
