"""Pulumi's own dynamic-provider host as a process, called over gRPC as the engine calls it, without the CLI."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from google.rpc import status_pb2
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc
from typing_extensions import override

from tests.stack import child_environment

Properties = dict[str, Any]
STATUS_DETAILS = "grpc-status-details-bin"


@dataclass(frozen=True)
class Log:
    """One message to the engine; `severity` is "DEBUG", "INFO", "WARNING" or "ERROR"."""

    severity: str
    message: str
    urn: str
    ephemeral: bool


@dataclass(frozen=True)
class PartlyMade:
    """What the engine would record of an object that exists although its create or update failed."""

    id: str
    outputs: Properties
    reasons: list[str]
    secrets: frozenset[str]
    inputs: Properties | None = None
    """Of a refresh."""


class HostError(Exception):
    """The host answered with an error; the text is what the engine would show, `partly_made` what it would keep."""

    def __init__(self, message: str, partly_made: PartlyMade | None) -> None:
        super().__init__(message)
        self.message = message
        self.partly_made = partly_made


@dataclass(frozen=True)
class Checked:
    inputs: Properties
    failures: list[tuple[str, str]]
    """Pairs of property and reason."""


@dataclass(frozen=True)
class Diffed:
    """`changed` None leaves the comparison of the inputs to the engine."""

    changed: bool | None
    replaces: list[str]
    delete_before_replace: bool
    differing: list[str] | None = None
    """The properties that differ, where the provider compares them itself."""


@dataclass(frozen=True)
class Made:
    """An object with its outputs; `secrets` names the properties that hold a secret."""

    id: str
    outputs: Properties
    secrets: frozenset[str]


@dataclass(frozen=True)
class Read:
    """`id` is empty for an object that is gone; `inputs` None where the provider gave none."""

    id: str
    outputs: Properties
    inputs: Properties | None
    secrets: frozenset[str]
    reasons: list[str] = field(default_factory=list)
    """Why the next update has to be run although nothing changed; the engine warns of them."""


class Engine(engine_pb2_grpc.EngineServicer):
    """The part of the engine that a provider host talks to: its log."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self._server = grpc.server(ThreadPoolExecutor(max_workers=8))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    @override
    def Log(self, request: engine_pb2.LogRequest, context: Any) -> empty_pb2.Empty:
        severity = engine_pb2.LogSeverity.Name(request.severity)
        self.logs.append(Log(severity, request.message, request.urn, request.ephemeral))
        return empty_pb2.Empty()

    def close(self) -> None:
        self._server.stop(None).wait()


class ProviderHost:
    """A running host, configured with `config`, as `{"virtfusion:endpoint": ...}`; `environment` is its own."""

    module = "pulumi.dynamic"
    """What the process runs."""

    def __init__(self, config: Mapping[str, str], environment: Mapping[str, str] | None = None) -> None:
        self._engine = Engine()
        self.printed: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", self.module, self._engine.address],
            env=child_environment(PULUMI_PROJECT="program", PULUMI_CONFIG="{}", **(environment or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        port: Future[int] = Future()
        self._reader = threading.Thread(target=self._read, args=(port,), daemon=True)
        self._reader.start()
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port.result(timeout=60)}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self.configure(config)

    def configure(self, config: Mapping[str, str]) -> None:
        self.stub.Configure(provider_pb2.ConfigureRequest(args=struct_of(config)))

    @property
    def logs(self) -> list[Log]:
        """All that was said to the engine since the host started, or since `forget_logs`."""
        return list(self._engine.logs)

    @property
    def engine_address(self) -> str:
        """Where it speaks to the engine."""
        return self._engine.address

    def forget_logs(self) -> None:
        self._engine.logs.clear()

    def resource(
        self, provider: ResourceProvider, *, name: str = "a", type_: str = "test:Resource", stack: str = "dev"
    ) -> HostedResource:
        """One resource of a program whose class is provided by `provider`."""
        urn = f"urn:pulumi:{stack}::program::pulumi-python:dynamic/{type_}::{name}"
        return HostedResource(self, serialize_provider(provider), urn)

    def close(self) -> None:
        """End the host, and all that belongs to it."""
        self._channel.close()
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._engine.close()

    def _read(self, port: Future[int]) -> None:
        """The first number printed is the port; a provider may print later, and a full pipe would stop it."""
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                if not port.done() and line.strip().isdigit():
                    port.set_result(int(line))
                else:
                    self.printed.append(line)
        if not port.done():
            port.set_exception(RuntimeError("the provider host did not start:\n" + "".join(self.printed)))


class ProviderHosts:
    """The hosts of a test session. A host reads its configuration once, so there is one for each."""

    def __init__(self, host: type[ProviderHost] = ProviderHost) -> None:
        self._host = host
        self._hosts: dict[frozenset[tuple[str, str]], ProviderHost] = {}

    def configured(self, config: Mapping[str, str]) -> ProviderHost:
        """The host with this configuration, its log empty."""
        key = frozenset(config.items())
        if key not in self._hosts:
            self._hosts[key] = self._host(config)
        self._hosts[key].forget_logs()
        return self._hosts[key]

    def close(self) -> None:
        for host in self._hosts.values():
            host.close()


@dataclass(frozen=True)
class HostedResource:
    """The engine's calls for one resource, on plain values: `rpc.UNKNOWN` is an unknown, `__provider` is left out.

    Numbers come back as floats. Every call raises HostError; `timeout` is `custom_timeouts` in seconds.
    """

    host: ProviderHost
    blob: str = field(repr=False)
    urn: str

    @property
    def logs(self) -> list[Log]:
        """What was said to the engine about this resource."""
        return [log for log in self.host.logs if log.urn == self.urn]

    def check(self, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None) -> Checked:
        """`olds` are the inputs of the last update, None for a new resource."""
        old_inputs = None if olds is None else self._sealed(olds)
        request = provider_pb2.CheckRequest(urn=self.urn, news=self._sealed(news), olds=old_inputs)
        answer = self._answer(self.host.stub.Check, request)
        failures = [(failure.property, failure.reason) for failure in answer.failures]
        return Checked(self.plain(answer.inputs), failures)

    def diff(
        self, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any], old_inputs: Mapping[str, Any] | None = None
    ) -> Diffed:
        """`olds` are the old outputs, `news` checked inputs."""
        request = provider_pb2.DiffRequest(id=id_, urn=self.urn, olds=self._sealed(olds), news=self._sealed(news))
        request.old_inputs.CopyFrom(self._sealed(old_inputs or {}))
        answer = self._answer(self.host.stub.Diff, request)
        changed = {answer.DIFF_NONE: False, answer.DIFF_SOME: True}.get(answer.changes)
        differing = [self._name(name) for name in answer.diffs] if answer.hasDetailedDiff else None
        return Diffed(changed, list(map(self._name, answer.replaces)), answer.deleteBeforeReplace, differing)

    def create(self, inputs: Mapping[str, Any], *, timeout: float = 0) -> Made:
        request = provider_pb2.CreateRequest(urn=self.urn, properties=self._sealed(inputs), timeout=timeout)
        answer = self._answer(self.host.stub.Create, request)
        return Made(answer.id, self.plain(answer.properties), self._secrets(answer.properties))

    def update(
        self,
        id_: str,
        olds: Mapping[str, Any],
        news: Mapping[str, Any],
        old_inputs: Mapping[str, Any] | None = None,
        *,
        timeout: float = 0,
    ) -> Made:
        """`olds` are the old outputs, `news` checked inputs."""
        request = provider_pb2.UpdateRequest(
            id=id_, urn=self.urn, olds=self._sealed(olds), news=self._sealed(news), timeout=timeout
        )
        if old_inputs is not None:
            request.old_inputs.CopyFrom(self._sealed(old_inputs))
        answer = self._answer(self.host.stub.Update, request)
        return Made(id_, self.plain(answer.properties), self._secrets(answer.properties))

    def read(
        self,
        id_: str,
        outputs: Mapping[str, Any],
        inputs: Mapping[str, Any] | None = None,
        *,
        in_a_program: bool = False,
    ) -> Read:
        """A refresh with `outputs` and `inputs` of the state, a look-up with `outputs` empty."""
        request = provider_pb2.ReadRequest(id=id_, urn=self.urn, properties=self._sealed(outputs))
        if in_a_program:
            request.resource_status_address = self.host.engine_address
        if inputs is not None:
            request.inputs.CopyFrom(self._sealed(inputs))
        try:
            answer = self._answer(self.host.stub.Read, request)
        except HostError as error:
            if (part := error.partly_made) is None:
                raise
            return Read(part.id, part.outputs, part.inputs, part.secrets, part.reasons)
        read_inputs = self.plain(answer.inputs) if answer.HasField("inputs") else None
        return Read(answer.id, self.plain(answer.properties), read_inputs, self._secrets(answer.properties))

    def delete(
        self, id_: str, outputs: Mapping[str, Any], old_inputs: Mapping[str, Any] | None = None, *, timeout: float = 0
    ) -> None:
        request = provider_pb2.DeleteRequest(id=id_, urn=self.urn, properties=self._sealed(outputs), timeout=timeout)
        if old_inputs is not None:
            request.old_inputs.CopyFrom(self._sealed(old_inputs))
        self._answer(self.host.stub.Delete, request)

    def _sealed(self, properties: Mapping[str, Any]) -> struct_pb2.Struct:
        return struct_of({**properties, PROVIDER_KEY: self.blob})

    def plain(self, struct: struct_pb2.Struct) -> Properties:
        """The properties of a message by our names, out of their envelopes."""
        values: Properties = revealed(json_format.MessageToDict(struct))
        return {name: value for name, value in values.items() if name != PROVIDER_KEY}

    def _name(self, name: str) -> str:
        """How we call the property that a message calls so."""
        return name

    def _secrets(self, struct: struct_pb2.Struct) -> frozenset[str]:
        values = json_format.MessageToDict(struct)
        return frozenset(self._name(name) for name, value in values.items() if value != revealed(value))

    def _answer(self, call: Any, request: Any) -> Any:
        try:
            return call(request)
        except grpc.RpcError as error:
            raise self._error(error) from None

    def _error(self, error: Any) -> HostError:
        """As the engine's client reads it: the status in the trailing metadata goes before the plain text."""
        trailing = {item.key: item.value for item in error.trailing_metadata() or ()}
        if STATUS_DETAILS not in trailing:
            return HostError(error.details() or "", None)
        status = status_pb2.Status.FromString(trailing[STATUS_DETAILS])
        partly_made = None
        failed = provider_pb2.ErrorResourceInitFailed()
        for detail in status.details:
            if detail.Unpack(failed):
                inputs = self.plain(failed.inputs) if failed.HasField("inputs") else None
                outputs, secrets = self.plain(failed.properties), self._secrets(failed.properties)
                partly_made = PartlyMade(failed.id, outputs, list(failed.reasons), secrets, inputs)
        return HostError(status.message, partly_made)


def struct_of(values: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(values), struct_pb2.Struct())


def revealed(value: Any) -> Any:
    """Secrets out of their envelopes, at any depth."""
    if isinstance(value, list):
        return [revealed(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
        return revealed(value["value"])
    return {name: revealed(item) for name, item in value.items()}
