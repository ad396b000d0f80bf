"""The provider that Pulumi's dynamic-provider host calls, as a translation to the lifecycles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import UNKNOWN as PULUMI_UNKNOWN
from pulumi.output import Unknown as PulumiUnknown

from ...api.errors import NotFound, VirtFusionError
from ...config import NotConfigured, Settings, name_sender
from ...lifecycle.contract import Found, Incomplete, Made, Problem, Refused, Values
from ...lifecycle.identity import HINTS
from ...lifecycle.lifecycle import Lifecycle
from ...lifecycle.planning import DIFFERING_INPUTS
from ...lifecycle.run import run_of
from ...schema.non_secret import texts_within
from ...schema.plain_values import UNKNOWN, Unknown, carriable, is_known, transformed, whole
from .. import import_option
from ..answering import MOST_CALLS, CallContext, Failed, answering, learn, secret_outputs
from ..engine import CallAborted
from ..import_option import IMPORT_ID
from . import host
from .program import CLOSED, NON_SECRET, is_non_secret

T = TypeVar("T")
PROVIDER_KEY = "__provider"
MADE_BY_THE_PLUG_IN = (
    "The state of this resource is the plug-in's, and this program goes through the dynamic provider: run `pulumi "
    "config set virtfusion:door native`. Nothing was changed. To go back for good, `pulumi stack import` the state "
    "that was exported before the move."
)


class DynamicProvider(ResourceProvider):
    """The dynamic provider of one resource class."""

    serialize_as_secret_always = False

    def __init__(self, lifecycle: Lifecycle, provider_of: Callable[[str], DynamicProvider]) -> None:
        """Make the provider; a pickle names `provider_of`, which returns this provider for the resource's name."""
        super().__init__()
        self.lifecycle = lifecycle
        self._provider_of = provider_of
        self.settings: Settings | str = Settings()
        self._closed: dict[str, frozenset[str]] = {}
        """By URN, the names of the arguments that may be secret, from the last check in this process."""

    def __reduce__(self) -> tuple[Callable[[str], DynamicProvider], tuple[str]]:
        return self._provider_of, (self.lifecycle.resource,)

    def configure(self, req: ConfigureRequest) -> None:
        try:
            self.settings = Settings.read(req.config.get)
            name_sender("provider")
            host.widen(MOST_CALLS)
            host.engine().end_together()
            import_module("pydantic.type_adapter")  # before all threads want it at once
        except NotConfigured as error:  # said when a resource is checked: an error here has no resource to stand under
            self.settings = str(error)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        olds, arguments = _arriving(_olds), _arriving(news)
        non_secret, hints = arguments.pop(NON_SECRET, None), arguments.pop(HINTS, {})
        self._closed[host.urn()] = frozenset(
            # Without a constructor of ours no argument is known as non-secret: no value is shown, and none redacted.
            name
            for name, value in arguments.items()
            if non_secret is not None and not is_non_secret(name, value, non_secret)
        ) - {IMPORT_ID}
        with self._answering(_olds, arguments) as context:
            _refuse_the_plug_ins(_olds)
            checked = import_option.check(self.lifecycle, context, olds, arguments)
            learn(context, checked.inputs, hints)
            closed = [name for name in sorted(self._closed[host.urn()]) if is_known(checked.inputs.get(name))]
            if closed:  # an argument may also lack its copy because it is unknown: it is not listed
                checked.inputs[CLOSED] = " ".join(closed)
        failures = [
            CheckFailure("", context.safe(f"{p.argument}: {_said_of(p, arguments, non_secret or {})}"))
            for p in checked.problems
        ]
        return CheckResult(_leaving(checked.inputs), failures)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        with self._answering(_olds, _news) as context:
            _refuse_the_plug_ins(_olds)
            diff = self.lifecycle.diff(context, _id, _arriving(_olds), _planned(_news), _old_inputs())
        if not diff.changed:
            return DiffResult(changes=False)
        # `changes=None` lets the engine compare the inputs itself, in every detail.
        return DiffResult(changes=None, replaces=diff.replaces, delete_before_replace=diff.delete_first)

    def create(self, props: dict[str, Any]) -> CreateResult:
        with self._answering(props) as context:
            try:
                made = import_option.create(self.lifecycle, context, _arriving(props))
            except Incomplete as error:
                self._keep(context, error, props)
                raise Refused(f"{error} {self._undone(context, error.made)}") from None
        return CreateResult(made.id, self._sealed(made.outputs))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        outputs = _arriving(props)
        with self._answering(props) as context:
            call = host.current_call()
            inputs = _arriving(call.inputs) if call is not None and call.inputs is not None else self._inputs(outputs)
            try:
                found = self.lifecycle.read(context, id_, inputs, outputs)
            except NotFound:
                if not outputs:  # a look-up, not a refresh
                    raise
                return ReadResult("", {})
            except Incomplete as error:
                self._keep(context, error, props)
                found = Found(error.made.outputs, error.inputs or inputs)
        return self._read(id_, found)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        with self._answering(_olds, _news) as context:
            try:
                outputs = self.lifecycle.update(context, _id, _arriving(_olds), _planned(_news), _old_inputs())
            except Incomplete as error:
                self._keep(context, error, _news)
                raise Refused(str(error)) from None
        return UpdateResult(self._sealed(outputs))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        with self._answering(_props) as context:
            self.lifecycle.delete(context, _id, _arriving(_props), _old_inputs())

    def _inputs(self, outputs: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in outputs.items()
            if name in self.lifecycle.fields and self.lifecycle.fields[name].is_input
        }

    def _read(self, id_: str, found: Found) -> ReadResult:
        return ReadResult(found.id or id_, self._sealed(found.outputs), carriable(found.inputs))

    def _keep(self, context: CallContext, error: Incomplete, props: dict[str, Any]) -> None:
        provider = {PROVIDER_KEY: props[PROVIDER_KEY]}
        outputs = {**self._sealed(error.made.outputs), **provider}
        inputs = None if error.inputs is None else {**error.inputs, **provider}
        host.fail_keeping(error.made.id, outputs, [context.safe(reason) for reason in error.reasons], inputs)

    def _undone(self, context: CallContext, made: Made) -> str:
        """Delete the partly made object, and return a sentence on the result."""
        try:
            self.lifecycle.delete(context, made.id, made.outputs)
        except VirtFusionError as error:
            return (
                f"Deleting {self.lifecycle.noun} {made.id} again failed too: {error} "
                f'To take it over, add opts=pulumi.ResourceOptions(import_="{made.id}").'
            )
        return "What was made of it was deleted again."

    def _sealed(self, outputs: dict[str, Any]) -> dict[str, Any]:
        secret = secret_outputs(self.lifecycle)
        values = {name: carriable(value) for name, value in outputs.items()}
        return {name: host.secret(value) if name in secret else value for name, value in values.items()}

    def _secrets(self, call: host.HostCall | None, properties: Iterable[dict[str, Any]]) -> Iterator[str]:
        urn = "" if call is None else call.urn
        inputs = {} if call is None else _arriving(call.inputs or call.old_inputs or {})
        token, before = "", dict[str, Any]()
        if isinstance(self.settings, Settings):
            token = self.settings.token
            with suppress(NotConfigured):
                before = dict(run_of(self.settings.panel()).outputs_before(urn))
        known = [*map(_arriving, properties), inputs, before]
        known += [values[DIFFERING_INPUTS] for values in known if isinstance(values.get(DIFFERING_INPUTS), dict)]
        closed = {*self._closed.get(urn, ()), *(name for values in known for name in values.get(CLOSED, "").split())}
        closed |= {f.name for f in self.lifecycle.fields.values() if f.secret}
        values = [one.get(name) for one in known for name in closed]
        return texts_within([token, *values])

    @contextmanager
    def _answering(self, *properties: dict[str, Any]) -> Iterator[CallContext]:
        """Wrap a call: an error of ours fails the call with one paragraph, and a bug keeps its traceback."""
        call = host.current_call()
        limit = None if call is None else call.time_limit
        secrets = partial(self._secrets, call, properties)
        try:
            with answering(self.settings, host.log, host.urn(), secrets, limit) as context:
                yield context
        except Failed as failure:
            message = str(failure)
        except CallAborted:
            raise
        except Exception:
            host.show_tracebacks()
            raise
        else:
            return
        host.fail(message)


def _refuse_the_plug_ins(olds: dict[str, Any]) -> None:
    """Raise `Refused` for a state of the plug-in: a forgotten `door` setting must not recreate everything."""
    if olds and PROVIDER_KEY not in olds:
        raise Refused(MADE_BY_THE_PLUG_IN)


def _said_of(problem: Problem, news: dict[str, Any], non_secret: dict[str, Any]) -> str:
    """Return the reason of a refused argument, with its value where the value is known to be no secret."""
    shows = problem.with_value and is_non_secret(problem.argument, news.get(problem.argument), non_secret)
    return problem.with_value if shows else problem.reason


def _planned(news: dict[str, Any]) -> Values:
    return import_option.planned(_arriving(news))


def _old_inputs() -> dict[str, Any] | None:
    """Return the program's inputs of the last update; None where the host hides them."""
    call = host.current_call()
    inputs = call.old_inputs if call is not None else None
    return _arriving(inputs or {}) or None


def _arriving(properties: dict[str, Any]) -> dict[str, Any]:
    """Convert a host's properties to plain values, with `UNKNOWN` and whole numbers of ours."""
    return {
        name: transformed(value, lambda leaf: UNKNOWN if isinstance(leaf, PulumiUnknown) else whole(leaf))
        for name, value in properties.items()
        if name != PROVIDER_KEY
    }


def _leaving(inputs: dict[str, Any]) -> dict[str, Any]:
    """Convert plain values to those that the host serialises."""
    return {
        name: transformed(value, lambda leaf: PULUMI_UNKNOWN if isinstance(leaf, Unknown) else leaf)
        for name, value in inputs.items()
    }
