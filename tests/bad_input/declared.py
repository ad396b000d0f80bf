"""What a program's declarations send to the engine, and what the provider host's check says to that.

The constructors are real, and so is the host; only the engine between them is a double, which does what the engine
does: it takes the marks of secrets off before a dynamic provider sees them, whose host does not accept them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
import pulumi
from google.protobuf import struct_pb2
from google.rpc import status_pb2
from pulumi.runtime import rpc, settings
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import provider_pb2, resource_pb2
from typing_extensions import override

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.schema.plain_values import transformed
from pulumi_virtfusion.schema.type_tokens import DYNAMIC, NATIVE, kind_of
from tests.provider_host import STATUS_DETAILS, ProviderHost


def unknown() -> pulumi.Output[Any]:
    """What a preview does not know yet."""
    return pulumi.Output(set(), _done(rpc.UNKNOWN), _done(False), _done(False))


def secret(value: object) -> Callable[[], pulumi.Output[Any]]:
    """An argument that the program marks as secret, made when the program runs."""
    return lambda: pulumi.Output.secret(value)


def output(value: object) -> Callable[[], pulumi.Output[Any]]:
    """An argument that comes out of something else and is no secret."""
    return lambda: pulumi.Output.from_input(value)


def _run(value: Any) -> Any:
    return value() if callable(value) else value


def _done(value: object) -> asyncio.Future[Any]:
    future: asyncio.Future[Any] = asyncio.Future()
    future.set_result(value)
    return future


@dataclass(frozen=True)
class Declared:
    """One resource as it reached the engine."""

    type: str
    name: str
    properties: struct_pb2.Struct

    @property
    def kind(self) -> str:
        return kind_of(self.type)

    def put(self, name: str, value: struct_pb2.Value) -> None:
        """As a transformation of the program does that puts another value in the place of a property's."""
        self.properties.fields[name].CopyFrom(value if self.type.startswith(NATIVE) else _unmarked(value))


class Nobody(Mocks):
    """Is never asked: the engine below answers."""

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        raise AssertionError(f"nobody registers {args.name}")

    @override
    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"nobody calls {args.token}")


class Engine(MockMonitor):
    """Keeps what is registered; in a preview a new object has no id."""

    def __init__(self) -> None:
        super().__init__(Nobody())
        self.declared: list[Declared] = []

    @override
    def RegisterResource(self, request: Any) -> Any:
        if request.type.startswith((DYNAMIC, NATIVE)):
            sent = request.object if request.type.startswith(NATIVE) else unmarked(request.object)
            self.declared.append(Declared(request.type, request.name, sent))
        urn = self.make_urn(request.parent, request.type, request.name)
        return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)


def declared_by(program: Callable[[], object]) -> list[Declared]:
    """Runs a program in a preview, and answers what it registers."""
    engine = Engine()
    with _event_loop():
        pulumi.runtime.set_mocks(Nobody(), preview=True, monitor=engine)

        @pulumi.runtime.test  # type: ignore[untyped-decorator]
        def run() -> None:
            program()

        try:
            run()
        finally:
            settings.reset_options()
    return engine.declared


@contextmanager
def _event_loop() -> Iterator[None]:
    """Pulumi takes the thread's own, which an earlier test may have closed."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        loop.close()
        asyncio.set_event_loop(None)


def declare(kind: str, arguments: Mapping[str, Any], **options: Any) -> list[Declared]:
    """One resource; an argument that is a function is made while the program runs."""
    made = getattr(virtfusion, kind)

    def program() -> None:
        made("a", **transformed(arguments, _run), opts=pulumi.ResourceOptions(**options))

    return declared_by(program)


def check(host: ProviderHost, declared: Declared, *, stack: str = "dev") -> provider_pb2.CheckResponse:
    """The host's answer; raises grpc.RpcError where that is an error."""
    urn = f"urn:pulumi:{stack}::program::{declared.type}::{declared.name}"
    answer: provider_pb2.CheckResponse = host.stub.Check(provider_pb2.CheckRequest(urn=urn, news=declared.properties))
    return answer


def refusals(host: ProviderHost, declared: list[Declared]) -> list[str]:
    """All that the checks of these resources refuse, as the CLI shows it."""
    said = []
    for one in declared:
        try:
            said += [failure.reason for failure in check(host, one).failures]
        except grpc.RpcError as error:
            said.append(message_of(error))
    return said


def message_of(error: Any) -> str:
    """As the engine's client reads it: the status in the trailing metadata goes before the plain text."""
    trailing = {item.key: item.value for item in error.trailing_metadata()}
    if STATUS_DETAILS not in trailing:
        return str(error.details())
    return str(status_pb2.Status.FromString(trailing[STATUS_DETAILS]).message)


def unmarked(struct: struct_pb2.Struct) -> struct_pb2.Struct:
    """Secrets out of their envelopes, at any depth."""
    return struct_pb2.Struct(fields={name: _unmarked(value) for name, value in struct.fields.items()})


def _unmarked(value: struct_pb2.Value) -> struct_pb2.Value:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=map(_unmarked, value.list_value.values)))
    if kind != "struct_value":
        return value
    fields = value.struct_value.fields
    if rpc._special_sig_key in fields and fields[rpc._special_sig_key].string_value == rpc._special_secret_sig:
        return _unmarked(fields["value"])
    return struct_pb2.Value(struct_value=unmarked(value.struct_value))
