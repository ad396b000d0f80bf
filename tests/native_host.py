"""The plug-in as a process, called over gRPC as the engine calls it, without the CLI; names are ours on this side."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from google.protobuf import json_format, struct_pb2
from pulumi.dynamic import ResourceProvider
from pulumi.runtime.proto import provider_pb2
from typing_extensions import override

from pulumi_virtfusion.providers.dynamic.provider import DynamicProvider
from pulumi_virtfusion.providers.native.names import Names
from pulumi_virtfusion.providers.native.provider import names_of
from pulumi_virtfusion.providers.native.wire import sealed
from pulumi_virtfusion.resources import resource_class
from tests.provider_host import Checked, HostedResource, Properties, ProviderHost, revealed, struct_of


class NativeHost(ProviderHost):
    """The running plug-in, configured as the stack's own provider is."""

    module = "pulumi_virtfusion.providers.native.plugin"
    marked: ClassVar[dict[str, set[str]]] = defaultdict(set)
    """By URN, the properties that arrived marked as secret: the engine keeps the marks, and sends them to any host."""

    @override
    def configure(self, config: Mapping[str, str]) -> None:
        handshake = provider_pb2.ProviderHandshakeRequest(engine_address=self.engine_address, supports_views=True)
        self.stub.Handshake(handshake)
        args = struct_of({key.partition(":")[2]: text for key, text in config.items()})
        self.stub.Configure(provider_pb2.ConfigureRequest(args=args, acceptSecrets=True, sends_old_inputs=True))

    @override
    def resource(
        self, provider: ResourceProvider, *, name: str = "a", type_: str = "virtfusion:Server", stack: str = "dev"
    ) -> HostedResource:
        assert isinstance(provider, DynamicProvider)
        return self.resource_of(provider.lifecycle.resource, name, stack)

    def resource_of(self, kind: str, name: str = "a", stack: str = "dev") -> NativeResource:
        """One resource of that class."""
        return NativeResource(self, kind, f"urn:pulumi:{stack}::program::virtfusion:index:{kind}::{name}")


@dataclass(frozen=True)
class NativeResource(HostedResource):
    """One resource behind the plug-in; the `blob` is its class's name."""

    host: NativeHost

    @property
    def names(self) -> Names:
        return names_of(self.blob)

    @override
    def check(self, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None) -> Checked:
        """Without the values that reasons show: the dynamic host, which is told of no marks, shows none."""
        checked = super().check(news, olds)
        failures = [(name, re.sub(r" \(got .*?\)(?=$|;)", "", reason)) for name, reason in checked.failures]
        return Checked(checked.inputs, failures)

    def foreseen(
        self, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any], old_inputs: Mapping[str, Any]
    ) -> Properties:
        """What a preview of an update says of the outputs."""
        request = provider_pb2.UpdateRequest(
            id=id_,
            urn=self.urn,
            olds=self._sealed(olds),
            news=self._sealed(news),
            old_inputs=self._sealed(old_inputs),
            preview=True,
        )
        return self.plain(self._answer(self.host.stub.Update, request).properties)

    def foreseen_new(self, inputs: Mapping[str, Any]) -> Properties:
        """What a preview of a create says of the outputs."""
        request = provider_pb2.CreateRequest(urn=self.urn, properties=self._sealed(inputs), preview=True)
        return self.plain(self._answer(self.host.stub.Create, request).properties)

    @override
    def _sealed(self, properties: Mapping[str, Any]) -> struct_pb2.Struct:
        marked = self.host.marked[self.urn]
        return struct_of(
            {self.names.on_the_wire(n): _sealed_once(v) if n in marked else v for n, v in properties.items()}
        )

    @override
    def plain(self, struct: struct_pb2.Struct) -> Properties:
        """Without what is the id in another type, which a program in Python makes of the id."""
        self.host.marked[self.urn].update(self._secrets(struct))
        fields = resource_class(self.blob).fields
        values = {self._name(name): value for name, value in revealed(json_format.MessageToDict(struct)).items()}
        return {
            name: self.names.value_of_ours(name, value)
            for name, value in values.items()
            if name not in fields or fields[name].from_id is None
        }

    @override
    def _name(self, name: str) -> str:
        return self.names.of_ours(name)


def _sealed_once(value: Any) -> Any:
    return value if value != revealed(value) else sealed(value)
