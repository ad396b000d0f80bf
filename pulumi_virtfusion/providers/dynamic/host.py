"""What Pulumi's dynamic-provider host keeps to itself, found in its call stack, each trick with a plain fallback.

The host passes a provider neither the URN, the time limit, the old inputs nor its gRPC context. They are locals of the
servicer's frame, above ours. Where a newer host differs, `call()` answers None and callers do without.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from types import FrameType
from typing import Any, NoReturn

from ..engine import Engine, Severity, end_call, partly_made

SERVICER = "DynamicResourceProviderServicer"


@dataclass(frozen=True)
class Call:
    """One call of the engine, as the host received it."""

    request: Any
    context: Any

    @property
    def urn(self) -> str:
        return str(getattr(self.request, "urn", ""))

    @property
    def time_limit(self) -> float | None:
        """Seconds of `custom_timeouts`, or None."""
        return float(getattr(self.request, "timeout", 0)) or None

    @property
    def inputs(self) -> dict[str, Any] | None:
        """The inputs of a read, which the host drops."""
        return self._properties("inputs")

    @property
    def old_inputs(self) -> dict[str, Any] | None:
        """The old inputs of a diff, an update or a deletion, which the host drops."""
        return self._properties("old_inputs")

    def _properties(self, name: str) -> dict[str, Any] | None:
        from pulumi.runtime import rpc

        properties = getattr(self.request, name, None)
        return dict(rpc.deserialize_properties(properties)) if properties else None


def call() -> Call | None:
    """The engine's call that this thread is answering."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        found = frame.f_locals
        if type(found.get("self")).__name__ == SERVICER and "request" in found and "context" in found:
            return Call(found["request"], found["context"])
        frame = frame.f_back
    return None


def urn() -> str:
    """Of the resource that this thread is answering for; "" where nothing tells."""
    current = call()
    return current.urn if current is not None else ""


@cache
def widen(threads: int) -> bool:
    """Let the host answer that many calls at once instead of four; False where its thread pool was not found.

    No call waits for another, so more threads cannot deadlock. A waiting build holds a thread but no request, and with
    a thread for every call that the engine makes, a check never queues behind one.
    """
    pool = next(filter(None, map(_thread_pool, sys._current_frames().values())), None)
    if pool is None:
        log("the dynamic host's thread pool was not found: it answers four calls at once", urn(), Severity.DEBUG)
        return False
    pool._max_workers = max(pool._max_workers, threads)
    for _ in range(32):  # what is queued already gets its thread only when something is submitted
        pool.submit(int)
    return True


def _thread_pool(frame: FrameType) -> Any:
    """The executor of the gRPC server that the host's main thread keeps."""
    found: FrameType | None = frame
    while found is not None:
        pool = getattr(getattr(found.f_locals.get("server"), "_state", None), "thread_pool", None)
        if isinstance(pool, ThreadPoolExecutor) and hasattr(pool, "_max_workers"):
            return pool
        found = found.f_back
    return None


@cache
def engine() -> Engine:
    """The engine that the host serves, by the host's only argument."""
    return Engine(sys.argv[1] if len(sys.argv) > 1 and ":" in sys.argv[1] else "")


def log(message: str, urn: str, severity: Severity = Severity.INFO) -> None:
    """Say something under a resource; where the host does not tell which one that is, on stderr."""
    reaches_engine = urn or call() is not None
    (engine() if reaches_engine else Engine("")).log(message, urn, severity)


def fail(message: str) -> NoReturn:
    """Fail the call with nothing but `message`: no class name, no traceback."""
    current = call()
    if current is not None:
        end_call(current.context, message)
    raise _bare_exception(message) from None


def show_tracebacks() -> None:
    """Undo what an error of ours may have set: a bug is shown with all that led to it."""
    if hasattr(sys, "tracebacklimit"):
        del sys.tracebacklimit


def fail_keeping(
    id_: str, properties: Mapping[str, Any], reasons: list[str], inputs: Mapping[str, Any] | None = None
) -> None:
    """Fail a create or update whose object exists: the engine keeps it as partially created.

    A refresh (which tells `inputs`) does not fail then: it warns, and the next update is run although nothing changed.
    Returns where the host cannot be told so, for the caller to undo what was made.
    """
    current = call()
    if current is None:
        return
    sent = None if inputs is None else _serialized(inputs)
    failed = partly_made(id_, _serialized(properties), reasons, sent)
    end_call(current.context, "; ".join(reasons), [failed])


def secret(value: Any) -> dict[str, Any]:
    """A value that the engine encrypts; `Output.secret` needs an event loop, which a provider thread lacks."""
    from pulumi.runtime import rpc

    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}


def _serialized(properties: Mapping[str, Any]) -> Any:
    import asyncio

    from pulumi.runtime import rpc

    return asyncio.run(rpc.serialize_properties(dict(properties), {}))


def _bare_exception(message: str) -> Exception:
    """An exception whose traceback is one line, for a host whose context was not found."""
    sys.tracebacklimit = 0
    error = type("VirtFusionError", (Exception,), {"__module__": "builtins"})(message)
    assert isinstance(error, Exception)
    return error
