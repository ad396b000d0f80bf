"""The engine's calls, each passed to a lifecycle, with requests and responses translated.

gRPC names the methods; `Properties` hold what a request brings, in our names and without envelopes (`wire.py`).
"""

from __future__ import annotations

import json
import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from ...api.errors import NotFound
from ...config import NotConfigured, Settings, name_sender
from ...lifecycle.contract import Incomplete, Problem, Values
from ...lifecycle.foresight import foreseen_new
from ...lifecycle.identity import HINTS
from ...lifecycle.lifecycle import Lifecycle
from ...lifecycle.run import run_of
from ...resources import MODULES, resource_class
from ...schema import type_tokens
from ...schema.non_secret import texts_within
from ...version import VERSION
from .. import import_option
from ..answering import CallContext, Failed, answering, learn, secret_outputs
from ..engine import CallAborted, Engine, Severity, end_call, partly_made
from ..import_option import IMPORT_ID, planned
from . import configuration, functions, imports
from .detail import diff_response
from .names import Names, of_fields
from .schema import schema
from .wire import Properties, arrived, leaving

STRUCTS = ("args", "inputs", "news", "old_inputs", "olds", "properties")
"""The fields of requests that hold properties."""


@dataclass(frozen=True)
class ResourceCall:
    """One call about a resource."""

    request: Any
    context: CallContext
    lifecycle: Lifecycle
    names: Names
    marked: set[str]
    """The properties of the resource that any call has sent as a secret."""

    def sent(self, field: str) -> Properties:
        """Return the properties in a field of the request."""
        properties = arrived(getattr(self.request, field), self.names)
        self.marked.update(properties.secret)
        return properties

    @property
    def last_inputs(self) -> Values | None:
        """The program's inputs of the last update; None where the engine does not send them."""
        return self.sent("old_inputs").values or None

    def inputs(self, values: Values, *of: Properties) -> struct_pb2.Struct:
        """Return a message of inputs, with those marked secret that arrived so."""
        return leaving(values, self.names, frozenset().union(*(one.secret for one in of)))

    def outputs(self, id_: str, values: Values, *of: Properties) -> struct_pb2.Struct:
        """Return a message of outputs, with those marked secret that are declared so or arrived so.

        The outputs that are the id in another type are added, since not every language derives them from the id.
        """
        of_id = {f.name: f.from_id(id_) for f in self.lifecycle.fields.values() if f.from_id is not None and id_}
        secret = secret_outputs(self.lifecycle).union(*(one.secret for one in of))
        return leaving({**values, **of_id}, self.names, secret)

    def partly_made(self, error: Incomplete, *of: Properties) -> Any:
        """Return the error detail with which the engine keeps the partly made object."""
        outputs = self.outputs(error.made.id, error.made.outputs, *of)
        reasons = [self.context.safe(reason) for reason in error.reasons]
        return partly_made(error.made.id, outputs, reasons, error.inputs and self.inputs(error.inputs, *of))


class NativeProvider(provider_pb2_grpc.ResourceProviderServicer):
    """The plug-in's service for one provider resource of a program, in a process of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.settings: Settings | str = Settings()
        self._marked: defaultdict[str, set[str]] = defaultdict(set)
        """By URN, the properties that calls have sent as a secret: the outputs of an earlier call are in plain."""
        self._tells_programs = False
        """Whether a call names the run's resource monitor where a program runs; one of `pulumi import` names none."""

    # -- the provider itself ------------------------------------------------------------------------------------

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        self.engine = Engine(request.engine_address)
        self._tells_programs = request.supports_views
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        self.engine = Engine(request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema()))

    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        news = arrived(request.news, configuration.NAMES)
        if warning := configuration.warning(request.urn, news):
            self.engine.log(warning, "", Severity.WARNING)  # a provider's own URN is shown to nobody
        return configuration.check(news)

    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        olds = request.old_inputs if request.HasField("old_inputs") else request.olds
        return configuration.diff(*(arrived(one, configuration.NAMES) for one in (olds, request.news)))

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        try:
            self.settings = configuration.settings(arrived(request.args, configuration.NAMES).values)
        except NotConfigured as error:  # said when a resource is checked: an error here has no resource to stand under
            self.settings = str(error)
        name_sender("provider")
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Ignore the notice, which comes at every end: results of running calls still have to reach the state."""
        return empty_pb2.Empty()

    # -- resources ----------------------------------------------------------------------------------------------

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        with self._call(request, context) as call:
            olds, news = call.sent("olds"), call.sent("news")
            arguments = dict(news.values)
            hints = arguments.pop(HINTS, {})
            checked = imports.check(call.lifecycle, call.context, olds.values, arguments)
            learn(call.context, checked.inputs, hints)
            failures = [
                provider_pb2.CheckFailure(reason=call.context.safe(f"{p.argument}: {_said_of(p, news)}"))
                for p in checked.problems
            ]
            return provider_pb2.CheckResponse(inputs=call.inputs(checked.inputs, news), failures=failures)

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        with self._call(request, context) as call:
            olds, news = call.sent("olds").values, call.sent("news").values
            diff, before = imports.diff(call.lifecycle, call.context, request.id, olds, call.last_inputs, news)
            return diff_response(diff, before, news, call.lifecycle.fields, call.names)

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        with self._call(request, context) as call:
            news = call.sent("properties")
            if request.preview:
                outputs = foreseen_new(call.lifecycle.fields, news.values, adopted=IMPORT_ID in news.values)
                return provider_pb2.CreateResponse(properties=call.outputs("", outputs, news))
            try:
                made = import_option.create(call.lifecycle, call.context, news.values)
            except Incomplete as error:
                end_call(context, call.context.safe(str(error)), [call.partly_made(error, news)])
            return provider_pb2.CreateResponse(id=made.id, properties=call.outputs(made.id, made.outputs, news))

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        with self._call(request, context) as call:
            outputs, inputs = call.sent("properties"), call.sent("inputs")
            try:
                if outputs.values:
                    found = imports.refresh(call.lifecycle, call.context, request.id, inputs.values, outputs.values)
                else:
                    found = imports.read(
                        call.lifecycle,
                        call.context,
                        request.id,
                        inputs.values,
                        for_program=not self._tells_programs or bool(request.resource_status_address),
                    )
            except NotFound:
                if not outputs.values:  # a look-up or an import, not a refresh
                    raise
                return provider_pb2.ReadResponse()
            except Incomplete as error:
                end_call(context, call.context.safe(str(error)), [call.partly_made(error, inputs, outputs)])
            id_ = found.id or request.id
            return provider_pb2.ReadResponse(
                id=id_,
                properties=call.outputs(id_, found.outputs, inputs, outputs),
                inputs=call.inputs(found.inputs, inputs),
            )

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        with self._call(request, context) as call:
            outputs, news = call.sent("olds").values, call.sent("news")
            if request.preview and not imports.is_only_read(call.last_inputs, news.values):
                olds, last_inputs = imports.known(
                    call.lifecycle, call.context, request.id, outputs, call.last_inputs, news.values
                )
                outputs = call.lifecycle.foresee_update(olds, planned(news.values), last_inputs)
                return provider_pb2.UpdateResponse(properties=call.outputs(request.id, outputs, news))
            try:
                outputs = imports.update(
                    call.lifecycle, call.context, request.id, outputs, call.last_inputs, news.values
                )
            except Incomplete as error:
                end_call(context, call.context.safe(str(error)), [call.partly_made(error, news)])
            return provider_pb2.UpdateResponse(properties=call.outputs(request.id, outputs, news))

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        with self._call(request, context) as call:
            outputs = call.sent("properties").values
            imports.delete(call.lifecycle, call.context, request.id, outputs, call.last_inputs)
            return empty_pb2.Empty()

    def List(self, request: Any, context: Any) -> Iterator[Any]:  # noqa: N802
        with self._answering(context, "", tuple) as for_lifecycle:
            listed = imports.listed(type_tokens.kind_of(request.token), for_lifecycle.panel)
            for id_, name in islice(listed, request.limit if request.limit > 0 else None):
                result = provider_pb2.ListResponse.Result(id=id_, name=name)
                yield provider_pb2.ListResponse(result=result)

    # -- functions ----------------------------------------------------------------------------------------------

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        args = arrived(request.args, functions.names_of(request.tok))
        with self._answering(context, "", lambda: args.secret_texts) as answering_to:
            answer = functions.invoke(request.tok, args, answering_to.panel)
            response = provider_pb2.InvokeResponse()
            getattr(response, "return").CopyFrom(answer)  # a word of Python's own
            return response

    # -- shared by all calls -------------------------------------------------------------------------------------

    @contextmanager
    def _call(self, request: Any, context: Any) -> Iterator[ResourceCall]:
        kind = kind_of(request.urn)
        if kind not in MODULES:
            end_call(context, f"There is no resource {kind!r} in this plug-in, version {VERSION}.")
        lifecycle, names = resource_class(kind).lifecycle, names_of(kind)
        secrets = partial(self._secrets, request, lifecycle, names)
        with self._answering(context, request.urn, secrets, getattr(request, "timeout", 0)) as for_lifecycle:
            yield ResourceCall(request, for_lifecycle, lifecycle, names, self._marked[request.urn])

    def _secrets(self, request: Any, lifecycle: Lifecycle, names: Names) -> Iterator[str]:
        """Yield the texts that no message may show: those sent as secrets or declared secret, now or before."""
        sent = [arrived(getattr(request, name), names) for name in STRUCTS if hasattr(request, name)]
        declared, before = secret_outputs(lifecycle), Properties()
        if isinstance(self.settings, Settings):
            with suppress(NotConfigured):
                outputs = run_of(self.settings.panel()).outputs_before(request.urn)
                before = Properties(dict(outputs), frozenset(self._marked[request.urn] & outputs.keys()))
        for properties in [*sent, before]:
            yield from properties.secret_texts
            yield from texts_within([properties.values[name] for name in declared if name in properties.values])

    @contextmanager
    def _answering(self, context: Any, urn: str, secrets: Any, time_limit: float = 0) -> Iterator[CallContext]:
        def all_secrets() -> Iterable[str]:
            token = self.settings.token if isinstance(self.settings, Settings) else ""
            return texts_within([token, *secrets()])

        try:
            with answering(self.settings, self.engine.log, urn, all_secrets, time_limit or None) as for_lifecycle:
                yield for_lifecycle
        except CallAborted:
            raise
        except Failed as failure:
            message = str(failure)
        except Exception:  # a bug, whose traceback has no secret
            message = traceback.format_exc()
        else:
            return
        end_call(context, message)


def _said_of(problem: Problem, news: Properties) -> str:
    """Return the reason of a refused argument, with its value unless the value is a secret."""
    return problem.with_value if problem.with_value and problem.argument not in news.secret else problem.reason


@cache
def names_of(kind: str) -> Names:
    """Return the names of a resource class."""
    return of_fields(resource_class(kind).fields)


def kind_of(urn: str) -> str:
    """Return the class name in a URN: `Server` of `urn:pulumi:dev::program::parent$virtfusion:index:Server::web`."""
    qualified = urn.split("::")[2] if urn.count("::") >= 3 else ""
    return qualified.rpartition("$")[2].rpartition(":")[2]
