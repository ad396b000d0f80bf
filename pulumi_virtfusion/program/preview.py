"""Stable outputs stay known while a preview shows an update of their resource.

A dynamic provider cannot give the engine the outputs of a planned update. So the engine calls every output unknown, and
each dependent resource shows a change that will not happen. A stable output is read from the panel instead.
The state of an earlier version may lack an output, which the engine calls unknown through either door.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pulumi

from ..api.errors import VirtFusionError
from ..config import NotConfigured
from ..lifecycle.context import SilentContext
from ..schema.plain_values import whole_numbers
from .panel import settings_of

if TYPE_CHECKING:
    from ..schema.fields import Field
    from .resource import Resource


class ProgramContext(SilentContext):
    """The `Context` of a lifecycle in the program's own process; its messages go to Pulumi's log."""

    def warn(self, message: str) -> None:
        pulumi.log.warn(message)

    def inform(self, message: str) -> None:
        pulumi.log.info(message)

    def progress(self, message: str) -> None:
        pulumi.log.debug(message)


def resolved(resource: Resource, field: Field, output: pulumi.Output[Any]) -> pulumi.Output[Any]:
    """Return `output`, with the panel's value where a preview calls it unknown although the object exists."""
    outcome = asyncio.ensure_future(_settle(resource, field, output))

    async def value() -> Any:
        return (await outcome)[0]

    async def is_known() -> bool:
        return (await outcome)[1]

    return pulumi.Output(
        asyncio.ensure_future(output.resources()),
        asyncio.ensure_future(value()),
        asyncio.ensure_future(is_known()),
        asyncio.ensure_future(output.is_secret()),
    )


async def _settle(resource: Resource, field: Field, output: pulumi.Output[Any]) -> tuple[Any, bool]:
    if await output.is_known():
        return await output.future(), True
    unknown = await output.future(with_unknowns=True), False
    for name, value in (await _known(resource, field.given_as)).items():
        return field.given_as[name](value), True
    if not await resource.id.is_known():
        return unknown
    try:
        value = resource.behaviour.value_of(await _record_of(resource), field.name)
    except (VirtFusionError, NotConfigured):
        return unknown
    may_come = value is None or (field.fed_by is not None and not value)
    return unknown if may_come else (whole_numbers(value), True)


async def _known(resource: Resource, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of those arguments that the program gives and that are known."""
    given = {name: pulumi.Output.from_input(resource._given[name]) for name in names if name in resource._given}
    return {name: await value.future() for name, value in given.items() if await value.is_known()}


async def _record_of(resource: Resource) -> Any:
    """Return the panel's record, read once a resource."""
    reading: asyncio.Future[Any] | None = resource.__dict__.get("_reading")
    if reading is None:
        reading = resource.__dict__["_reading"] = asyncio.ensure_future(_read(resource))
    return await reading


async def _read(resource: Resource) -> Any:
    id_ = await resource.id.future() or ""
    settings = await settings_of(resource._provider).future()
    if settings is None:
        raise NotConfigured("the provider's own arguments are not known yet")
    context, behaviour = ProgramContext(settings), resource.behaviour
    given = await _known(resource, behaviour.found_with)
    return await asyncio.get_running_loop().run_in_executor(
        None, lambda: behaviour.look_in_preview(context, id_, given)
    )
