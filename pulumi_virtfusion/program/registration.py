"""A cheaper registration of resources with Pulumi's SDK: no output and no stack frame that nobody reads.

The SDK makes an output of every property of every resource, four futures and a task each. It also sends the engine the
interpreter's own frames beneath the program's, which are two fifths of a server's state. Two functions of the SDK do
this; both are replaced while a resource of ours is being registered. A newer SDK that lacks one works unchanged.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import RLock
from types import FrameType
from typing import Any

import pulumi
from pulumi.runtime import resource as sdk
from pulumi.runtime import rpc
from pulumi.runtime.proto import source_pb2

from ..providers.native.names import Names
from ..schema.plain_values import whole_numbers

Answer = tuple[Any, bool, bool, "set[pulumi.Resource] | None", "Exception | None"]
"""A property's value, whether it is known, whether it is secret, its dependencies, and an error instead of a value."""
_registering = RLock()
"""Programs in threads of one process take turns, or the last one would restore another one's replacement.

Reentrant, since a transformation may make resources meanwhile. The SDK only starts the registration under it.
"""
NOT_THE_PROGRAM = frozenset({"pulumi", "pulumi_virtfusion", "runpy", "asyncio"})


class LazyOutputs(Mapping[str, Callable[..., None]]):
    """The engine's answers about a resource; an output is made only when the program asks for one.

    For the SDK, this mapping is the table of functions by which it resolves a resource's outputs.
    """

    def __init__(self, resource: pulumi.Resource, properties: Iterable[str], names: Names) -> None:
        self.resource = resource
        self._names = {name: names.of_ours(name) for name in properties}
        """By a property's name between the program and the engine, our name of it."""
        self._ours = names
        self._answers: dict[str, Answer] = {}
        self._outputs: dict[str, pulumi.Output[Any]] = {}
        self._awaited: dict[str, list[asyncio.Future[Any]]] = {}

    def __getitem__(self, name: str) -> Callable[..., None]:
        own = self._names.get(name, name)  # for a state from before a move, the engine uses our own names
        if own not in self.ours:
            raise KeyError(name)
        return partial(self._resolve, own)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @property
    def ours(self) -> Collection[str]:
        """Our names of the properties."""
        return self._names.values()

    def output(self, name: str) -> pulumi.Output[Any]:
        """Return the output of that name, the same one at every call."""
        if name not in self._outputs:
            futures = self._awaited[name] = [asyncio.Future[Any]() for _ in range(4)]
            self._outputs[name] = pulumi.Output(*futures)
            if name in self._answers:
                self._tell(name)
        return self._outputs[name]

    def _resolve(self, name: str, *answer: Any) -> None:
        if name in self._answers:  # the engine has resolved the property by its other name
            return
        self._answers[name] = answer
        if name in self._awaited:
            self._tell(name)

    def _tell(self, name: str) -> None:
        value, known, secret, dependencies, failure = self._answers[name]
        resources, *futures = self._awaited.pop(name)
        resources.set_result({*(dependencies or ()), self.resource})
        value = self._ours.value_of_ours(name, whole_numbers(value))
        for future, fact in zip(futures, (value, known, secret), strict=True):
            if failure is None:
                future.set_result(fact)
            else:
                future.set_exception(failure)
                future.exception()  # asyncio would warn of each exception that nobody retrieves


class Attributes(dict[str, Any]):
    """A resource's `__dict__`, which makes an output at its first look-up, unless the SDK has made one.

    `pulumi.export` of a whole resource goes through `keys`.
    """

    def __init__(self, own: Mapping[str, Any], answers: LazyOutputs) -> None:
        super().__init__(own)
        self._answers = answers
        self._converted: dict[str, pulumi.Output[Any]] = {}

    def output(self, name: str) -> pulumi.Output[Any]:
        """Return the output of that name, with an int for every whole number also where the SDK has made the output."""
        if (made := self.get(name)) is None:
            return self[name]  # type: ignore[no-any-return]
        if name not in self._converted:
            self._converted[name] = made.apply(whole_numbers)
        return self._converted[name]

    def keys(self) -> Any:
        return {**dict.fromkeys(self._answers.ours), **self}.keys()

    def __missing__(self, name: str) -> pulumi.Output[Any]:
        if name not in self._answers.ours:
            raise KeyError(name)
        return self._answers.output(name)


@contextmanager
def spare(answers: LazyOutputs) -> Iterator[None]:
    """Let the SDK resolve these answers instead of outputs of its own while it registers the resource."""

    def outputs_of(resource: pulumi.Resource, properties: pulumi.Inputs, custom: bool) -> Any:
        mine = resource is answers.resource  # a transformation may register other resources meanwhile
        return answers if mine else make_outputs(resource, properties, custom)

    with (
        _registering,
        _replaced(rpc, "transfer_properties", outputs_of) as make_outputs,
        _replaced(sdk, "_get_stack_trace", _trace),
    ):
        yield


@contextmanager
def _replaced(module: Any, name: str, replacement: Callable[..., Any]) -> Iterator[Any]:
    original = getattr(module, name, None)
    if original is None:
        yield None
        return
    setattr(module, name, replacement)
    try:
        yield original
    finally:
        setattr(module, name, original)


def _trace() -> source_pb2.StackTrace:
    """Return the stack trace of the resource's creation: the program's own frames, innermost first."""
    return source_pb2.StackTrace(frames=[source_pb2.StackFrame(pc=_position(frame)) for frame in _frames()])


def _position(frame: FrameType) -> source_pb2.SourcePosition | None:
    file = Path(frame.f_code.co_filename)
    return source_pb2.SourcePosition(uri=file.as_uri(), line=frame.f_lineno) if file.is_absolute() else None


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe()
    while frame is not None and not _is_the_programs(frame):
        frame = frame.f_back
    while frame is not None and _is_the_programs(frame):
        yield frame
        frame = frame.f_back


def _is_the_programs(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] not in NOT_THE_PROGRAM
