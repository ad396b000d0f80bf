"""Messages to the engine, errors without a traceback, and errors that keep a partly made object."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Iterable
from enum import Enum
from functools import cached_property
from typing import Any, NoReturn

STATUS_DETAILS = "grpc-status-details-bin"


class CallAborted(Exception):
    """The gRPC call has ended with an error of ours; a handler must not answer it again."""


class Severity(Enum):
    """The display of a message: PASSING is a status line that is not kept, DEBUG is for the debug log."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    PASSING = "PASSING"


class Engine:
    """The engine that started this process; its address is "" where no engine did."""

    def __init__(self, address: str) -> None:
        self.address = address

    def log(self, message: str, urn: str, severity: Severity = Severity.INFO) -> None:
        """Show a message under a resource; print INFO and WARNING to stderr where the engine cannot be reached."""
        import grpc
        from pulumi.runtime.proto import engine_pb2

        passing = severity is Severity.PASSING
        level = getattr(engine_pb2, Severity.INFO.value if passing else severity.value)
        request = engine_pb2.LogRequest(severity=level, message=message, urn=urn, ephemeral=passing)
        try:
            self._stub.Log(request)
        except (grpc.RpcError, NotConnected):
            if severity in (Severity.INFO, Severity.WARNING):
                print(message, file=sys.stderr)

    @cached_property
    def _stub(self) -> Any:
        import grpc
        from pulumi.runtime.proto import engine_pb2_grpc

        if not self.address:
            raise NotConnected
        return engine_pb2_grpc.EngineStub(grpc.insecure_channel(self.address))

    def end_together(self) -> None:
        """End this process within about a second after the engine: a later create would never reach a state."""
        address, _, port = self.address.rpartition(":")
        if port.isdecimal():
            threading.Thread(target=_watch, args=(address, int(port)), name="engine watch", daemon=True).start()


class NotConnected(Exception):
    """There is no engine to talk to."""


def _watch(address: str, port: int) -> None:
    while _is_listening(address, port):
        time.sleep(1)
    os._exit(1)  # no engine is left to read an answer, and other threads may wait for the panel for long


def _is_listening(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=10).close()
    except ConnectionRefusedError:
        return False
    except OSError:  # too busy, or out of ports: no proof of anything
        return True
    return True


def partly_made(id_: str, properties: Any, reasons: list[str], inputs: Any = None) -> Any:
    """Return the error detail that makes the engine keep a partly made object, and run the next update in any case.

    A refresh, which gives `inputs`, does not fail then: the engine warns.
    """
    from pulumi.runtime.proto import provider_pb2

    failed = provider_pb2.ErrorResourceInitFailed(id=id_, properties=properties, reasons=reasons)
    if inputs is not None:
        failed.inputs.CopyFrom(inputs)
    return failed


def end_call(context: Any, message: str, details: Iterable[Any] = ()) -> NoReturn:
    """End a gRPC call with `message` alone, without class name and traceback; always raise `CallAborted`."""
    import grpc
    from google.protobuf import any_pb2
    from google.rpc import status_pb2

    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    for detail in details:
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    context.set_trailing_metadata(((STATUS_DETAILS, status.SerializeToString()),))
    try:
        context.abort(grpc.StatusCode.UNKNOWN, message)
    except Exception:  # gRPC has no class for it
        raise CallAborted from None
    raise AssertionError("a gRPC context aborts by raising")
