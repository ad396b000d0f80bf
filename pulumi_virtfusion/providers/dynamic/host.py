"""Access to the request and gRPC context of Pulumi's dynamic-provider host, with a fallback for each trick.

The host passes a provider neither the URN, the time limit, the old inputs nor its gRPC context. They are locals of the
servicer's frame, above ours. Where a newer host differs, `current_call()` returns None and callers do without.
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
class HostCall:
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


def current_call() -> HostCall | None:
    """Return the engine's call that this thread is answering; None where no frame of the host holds one."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        found = frame.f_locals
        if type(found.get("self")).__name__ == SERVICER and "request" in found and "context" in found:
            return HostCall(found["request"], found["context"])
        frame = frame.f_back
    return None


def urn() -> str:
    """Return the URN of the resource whose call this thread is answering; "" where the host hides the call."""
    current = current_call()
    return current.urn if current is not None else ""


@cache
def widen(threads: int) -> bool:
    """Let the host answer that many calls concurrently instead of four; return False without its thread pool.

    No call waits for another, so more threads cannot deadlock. A waiting build holds a thread but no request, and with
    a thread for every call that the engine makes, a check never queues behind one.
    """
    pool = next(filter(None, map(_thread_pool, sys._current_frames().values())), None)
    if pool is None:
        log("the dynamic host's thread pool was not found: it answers four calls at once", urn(), Severity.DEBUG)
        return False
    pool._max_workers = max(pool._max_workers, threads)
    for _ in range(32):  # a call that is queued already gets its thread only at the next submit
        pool.submit(int)
    return True


def _thread_pool(frame: FrameType) -> Any:
    """Return the executor of the gRPC server that a frame of the host's main thread holds, or None."""
    found: FrameType | None = frame
    while found is not None:
        pool = getattr(getattr(found.f_locals.get("server"), "_state", None), "thread_pool", None)
        if isinstance(pool, ThreadPoolExecutor) and hasattr(pool, "_max_workers"):
            return pool
        found = found.f_back
    return None


@cache
def engine() -> Engine:
    """Return the engine that the host serves; its address is the host's only argument."""
    return Engine(sys.argv[1] if len(sys.argv) > 1 and ":" in sys.argv[1] else "")


def log(message: str, urn: str, severity: Severity = Severity.INFO) -> None:
    """Show a message under a resource; print to stderr where neither `urn` nor a call of the engine is known."""
    reaches_engine = urn or current_call() is not None
    (engine() if reaches_engine else Engine("")).log(message, urn, severity)


def fail(message: str) -> NoReturn:
    """Fail the call with `message` alone, without class name and traceback."""
    current = current_call()
    if current is not None:
        end_call(current.context, message)
    raise _bare_exception(message) from None


def show_tracebacks() -> None:
    """Restore full tracebacks, which `fail` may have switched off: a bug is shown with its traceback."""
    if hasattr(sys, "tracebacklimit"):
        del sys.tracebacklimit


def fail_keeping(
    id_: str, properties: Mapping[str, Any], reasons: list[str], inputs: Mapping[str, Any] | None = None
) -> None:
    """Fail a create or update whose object exists: the engine keeps the object as partially created.

    A refresh, which gives `inputs`, does not fail then: the engine warns, and runs the next update in any case.
    Return without an error where the host's context was not found: the caller then undoes the create.
    """
    current = current_call()
    if current is None:
        return
    sent = None if inputs is None else _serialized(inputs)
    failed = partly_made(id_, _serialized(properties), reasons, sent)
    end_call(current.context, "; ".join(reasons), [failed])


def secret(value: Any) -> dict[str, Any]:
    """Mark a value for encryption by the engine; `Output.secret` needs an event loop, which a provider thread lacks."""
    from pulumi.runtime import rpc

    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}


def _serialized(properties: Mapping[str, Any]) -> Any:
    import asyncio

    from pulumi.runtime import rpc

    return asyncio.run(rpc.serialize_properties(dict(properties), {}))


def _bare_exception(message: str) -> Exception:
    """Return an exception with a traceback of one line, for a host whose context was not found."""
    sys.tracebacklimit = 0
    error = type("VirtFusionError", (Exception,), {"__module__": "builtins"})(message)
    assert isinstance(error, Exception)
    return error
