"""What Pulumi's dynamic-provider host keeps to itself, found in its call stack, each trick with a plain fallback.

The host passes a provider neither the URN, the time limit, the old inputs nor its gRPC context. They are locals of the
servicer's frame, above ours. Where a newer host differs, `call()` answers None and callers do without.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from types import FrameType
from typing import Any, NoReturn

SERVICER = "DynamicResourceProviderServicer"


class Answered(Exception):
    """The call has its answer, an error of ours; whoever catches this has nothing to add."""


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


@cache
def widen(threads: int) -> bool:
    """Let the host answer that many calls at once instead of four; False where its thread pool was not found.

    No call waits for another, so more threads cannot deadlock. A waiting build holds a thread but no request, and with
    a thread for every call that the engine makes, a check never queues behind one.
    """
    pool = next(filter(None, map(_thread_pool, sys._current_frames().values())), None)
    if pool is None:
        log("the dynamic host's thread pool was not found: it answers four calls at once", debug=True)
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
def end_with_the_engine() -> None:
    """End this process soon after its engine: nothing that is made later would ever reach a state."""
    address, _, port = _engine_address().rpartition(":")
    if port.isdecimal():
        threading.Thread(target=_watch, args=(address, int(port)), name="engine watch", daemon=True).start()


def _watch(address: str, port: int) -> None:
    while _is_listening(address, port):
        time.sleep(1)
    os._exit(1)  # nobody is left to be told anything, and other threads may wait for the panel for long


def _is_listening(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=10).close()
    except ConnectionRefusedError:
        return False
    except OSError:  # too busy, or out of ports: no proof of anything
        return True
    return True


def _engine_address() -> str:
    """The host's only argument."""
    return sys.argv[1] if len(sys.argv) > 1 and ":" in sys.argv[1] else ""


@cache
def _engine() -> Any:
    """The engine's log service."""
    import grpc
    from pulumi.runtime.proto import engine_pb2_grpc

    address = _engine_address()
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)) if address else None


def log(message: str, *, warning: bool = False, passing: bool = False, debug: bool = False) -> None:
    """Say something under the resource being handled.

    `passing` text is a status line that is not kept; `debug` text is for who asks the CLI for its debug log.
    """
    import grpc
    from pulumi.runtime.proto import engine_pb2

    current, engine = call(), _engine()
    if current is None or engine is None:
        if not passing and not debug:
            print(message, file=sys.stderr)
        return
    severity = engine_pb2.WARNING if warning else engine_pb2.DEBUG if debug else engine_pb2.INFO
    try:
        engine.Log(engine_pb2.LogRequest(severity=severity, message=message, urn=current.urn, ephemeral=passing))
    except grpc.RpcError:
        print(message, file=sys.stderr)


def fail(message: str) -> NoReturn:
    """Fail the call with nothing but `message`: no class name, no traceback."""
    current = call()
    if current is not None:
        _abort(current, message, [])
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
    from google.protobuf import struct_pb2
    from pulumi.runtime.proto import provider_pb2

    current = call()
    if current is None:
        return
    kept = struct_pb2.Struct()
    kept.CopyFrom(_serialized(properties))
    failed = provider_pb2.ErrorResourceInitFailed(id=id_, properties=kept, reasons=reasons)
    if inputs is not None:
        failed.inputs.CopyFrom(_serialized(inputs))
    _abort(current, "; ".join(reasons), [failed])


def secret(value: Any) -> dict[str, Any]:
    """A value that the engine encrypts; `Output.secret` needs an event loop, which a provider thread lacks."""
    from pulumi.runtime import rpc

    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}


def _serialized(properties: Mapping[str, Any]) -> Any:
    import asyncio

    from pulumi.runtime import rpc

    return asyncio.run(rpc.serialize_properties(dict(properties), {}))


def _abort(current: Call, message: str, details: list[Any]) -> NoReturn:
    import grpc
    from google.protobuf import any_pb2
    from google.rpc import status_pb2

    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    for detail in details:
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    current.context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    try:
        current.context.abort(grpc.StatusCode.UNKNOWN, message)
    except Exception:  # gRPC has no class for it
        raise Answered from None
    raise AssertionError("a gRPC context aborts by raising")


def _bare_exception(message: str) -> Exception:
    """An exception whose traceback is one line, for a host whose context was not found."""
    sys.tracebacklimit = 0
    error = type("VirtFusionError", (Exception,), {"__module__": "builtins"})(message)
    assert isinstance(error, Exception)
    return error
