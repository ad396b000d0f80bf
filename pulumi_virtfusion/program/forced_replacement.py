"""A replacement that no plan has seen: warned of, or refused, by the preview of a Python program.

For `--target-replace`, `--replace` and `pulumi state taint`, the engine asks a provider for no diff, and checks the
resource as a new one, without a word of the old object. Only the stack's state tells that there is one. A preview reads
that state, once, where a resource comes back without an id: it is made anew, and was in the state before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import rpc, settings
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import resource_pb2

from ..api.errors import VirtFusionError
from ..config import NotConfigured, Settings
from ..lifecycle.context import SilentContext
from ..lifecycle.contract import Refused
from ..providers.native.names import Names
from ..schema.fields import Change
from ..schema.plain_values import whole_numbers
from .awaited import awaited
from .panel import settings_of

if TYPE_CHECKING:
    from .resource import Resource

STATE = "pulumi:pulumi:readStackResourceOutputs"
_states: WeakKeyDictionary[object, asyncio.Future[Mapping[str, Any]]] = WeakKeyDictionary()
"""By run, the outputs of every resource in the stack's state."""


@dataclass(frozen=True)
class KeepingContext(SilentContext):
    """A `Context` that keeps the warnings of another thread: Pulumi logs only from the event loop's."""

    warnings: list[str] = field(default_factory=list)

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def watch(resource: Resource, names: Names, opts: pulumi.ResourceOptions | None) -> None:
    """Look, once the engine has answered a preview, whether the resource is replaced without a plan."""
    manager = getattr(settings.SETTINGS, "rpc_manager", None)
    if manager is None or isinstance(settings.get_monitor(), MockMonitor):
        return  # no engine has a state
    hidden = frozenset(map(names.of_ours, (opts.additional_secret_outputs if opts is not None else None) or ()))
    is_seen = bool(opts is not None and opts.replace_on_changes)
    # As a call to the engine, the look is waited for by the program's end, and an error of it ends the program.
    look = manager.do_rpc("forced replacement", _look)
    resource.__dict__["_watching"] = asyncio.ensure_future(look(manager, resource, names, hidden, is_seen))


async def _look(run: object, resource: Resource, names: Names, hidden: Collection[str], is_seen: bool) -> None:
    try:
        if await resource.id.is_known():
            return
        urn = await resource.urn.future()
    except Exception:  # Pulumi reports a failed registration
        return
    olds = _of_ours((await _state_of(run)).get(str(urn), {}), names)
    if not olds:
        return
    arguments = {name: await awaited(value) for name, value in resource._given.items()}
    news = {name: value for name, (value, _) in arguments.items()}
    changed = resource.lifecycle.changed(olds, resource.behaviour.completed(news))
    if any(f.change is Change.REPLACE for f in changed) or (changed and is_seen):
        return  # the provider was asked for a diff, and has said it
    secret = {f.name for f in resource.fields.values() if f.secret} | set(hidden)
    secret |= {name for name, (_, is_secret) in arguments.items() if is_secret}
    visible = {name: value for name, value in olds.items() if name not in secret}
    panel = await _panel_of(resource)
    if panel is not None:
        context, loop = KeepingContext(panel), asyncio.get_running_loop()
        try:
            await loop.run_in_executor(None, resource.lifecycle.foresee_forced, context, visible, news)
        except (Refused, VirtFusionError) as refusal:
            raise pulumi.RunError(f"{type(resource).__name__} {resource._name!r}: {refusal}") from None
        for message in context.warnings:
            pulumi.log.warn(message, resource)


async def _panel_of(resource: Resource) -> Settings | None:
    try:
        return await settings_of(resource._provider).future()
    except NotConfigured:
        return None


async def _state_of(run: object) -> Mapping[str, Any]:
    if run not in _states:
        _states[run] = asyncio.ensure_future(_read_state())
    return await _states[run]


async def _read_state() -> Mapping[str, Any]:
    """Ask the engine; the SDK's own call would end the program where there is no state yet."""
    with suppress(Exception):
        arguments = await rpc.serialize_properties({"stackName": pulumi.get_stack()}, {})
        request = resource_pb2.ResourceInvokeRequest(tok=STATE, args=arguments)
        monitor: Any = settings.get_monitor()
        answer = await asyncio.get_running_loop().run_in_executor(None, monitor.Invoke, request)
        found = rpc.deserialize_properties(getattr(answer, "return"))  # a word of Python's own
        outputs = rpc.unwrap_rpc_secret(found["outputs"])
        return {urn: rpc.unwrap_rpc_secret(one.get("outputs")) or {} for urn, one in outputs.items()}
    return {}


def _of_ours(outputs: Mapping[str, Any], names: Names) -> dict[str, Any]:
    ours = {names.of_ours(name): value for name, value in outputs.items()}
    return {name: names.value_of_ours(name, whole_numbers(value)) for name, value in ours.items()}
