"""The output form of a function, which asks once its arguments are known."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from functools import cache
from typing import Any, TypeVar

import pulumi
from pulumi.runtime import rpc

from ..api.record import holds_secret
from ..config import Settings
from ..program.failure import keeping, plain_errors
from ..program.panel import settings_of
from ..program.provider import Provider
from ..schema.non_secret import texts_within

T = TypeVar("T")


def later(
    function: Callable[..., T], opts: pulumi.InvokeOptions | None, *arguments: object, **named: object
) -> pulumi.Output[T]:
    """Return an output of `function` for the inputs, asked in a thread; it is secret when it holds a secret.

    The output is unknown, without a request, while an input, the provider of `opts` or a dependency is unknown.
    """
    with plain_errors():
        asked = pulumi.Output.all(
            arguments=list(arguments),
            named=named,
            settings=settings_of(_provider(opts)),
            after=_dependencies(opts),
            made=_made([*arguments, *named.values()]),
        )

    async def answer(known: Mapping[str, Any]) -> T:
        given = [known["arguments"], known["named"]]
        keep = keeping(frozenset(texts_within(given))) if await asked.is_secret() else nullcontext()
        return await _in_a_thread(function, known, keep)

    answered: pulumi.Output[T] = asked.apply(answer)
    return answered.apply(_sealed)


async def _in_a_thread(function: Callable[..., T], asked: Mapping[str, Any], keep: AbstractContextManager[None]) -> T:
    settings: Settings = asked["settings"]
    with plain_errors():
        panel = settings.panel()

    def call() -> T:
        with keep:
            return function(*asked["arguments"], client=panel, **asked["named"])

    # The context says to which run of which program the answer belongs.
    return await asyncio.get_running_loop().run_in_executor(_threads(settings), copy_context().run, call)


@cache
def _threads(settings: Settings) -> ThreadPoolExecutor:
    """Return a pool of `max_concurrency` threads for a panel; resources that are being made occupy Pulumi's own."""
    return ThreadPoolExecutor(settings.max_concurrency, thread_name_prefix="virtfusion")


def _provider(opts: pulumi.InvokeOptions | None) -> Provider | None:
    """Return the provider in `opts`, or that of their parent."""
    if opts is None:
        return None
    provider = opts.provider
    if provider is None and opts.parent is not None:
        inherited = opts.parent.get_provider("pulumi-python:dynamic/virtfusion:Function")
        return inherited if isinstance(inherited, Provider) else None
    if provider is not None and not isinstance(provider, Provider):
        raise pulumi.RunError(f"opts.provider must be a pulumi_virtfusion.Provider, not {type(provider).__name__}")
    return provider


def _dependencies(opts: pulumi.InvokeOptions | None) -> pulumi.Output[Any]:
    """Return an output that is known when all resources in `opts.depends_on` exist, with children of components."""
    if not isinstance(opts, pulumi.InvokeOutputOptions) or opts.depends_on is None:
        return pulumi.Output.from_input([])

    def with_children(listed: Any) -> Awaitable[dict[str, pulumi.Resource]]:
        return rpc._expand_dependencies(listed if isinstance(listed, Sequence) else [listed], None)

    def ids(resources: dict[str, pulumi.Resource]) -> pulumi.Output[Any]:
        return pulumi.Output.all(*[r.id for r in resources.values() if isinstance(r, pulumi.CustomResource)])

    listed: pulumi.Output[Any] = pulumi.Output.from_input(opts.depends_on)
    expanded: pulumi.Output[dict[str, pulumi.Resource]] = listed.apply(with_children)
    return expanded.apply(ids)


def _made(inputs: Sequence[object]) -> pulumi.Output[Any]:
    """Return an output, known when all resources behind the inputs exist: a relation is known before its user."""

    async def resources() -> set[pulumi.Resource]:
        listed = [await one.resources() for one in inputs if isinstance(one, pulumi.Output)]
        return set().union(*listed)

    def ids(found: set[pulumi.Resource]) -> pulumi.Output[Any]:
        return pulumi.Output.all(*[one.id for one in found if isinstance(one, pulumi.CustomResource)])

    found: pulumi.Output[set[pulumi.Resource]] = pulumi.Output.from_input(resources())
    return found.apply(ids)


def _sealed(answer: T) -> pulumi.Input[T]:
    return pulumi.Output.secret(answer) if holds_secret(answer) else answer
