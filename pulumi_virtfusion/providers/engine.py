"""What a provider says to the engine beside its answers: messages, errors without a traceback, what is half made."""

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
    """The call has its answer, an error of ours; whoever catches this has nothing to add."""


class Severity(Enum):
    """How a message is shown; PASSING is a status line that is not kept, DEBUG for who asks for the debug log."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    PASSING = "PASSING"


class Engine:
    """The engine that started this process; "" where nobody did."""

    def __init__(self, address: str) -> None:
        self.address = address

    def log(self, message: str, urn: str, severity: Severity = Severity.INFO) -> None:
        """Say something under a resource; on stderr where the engine cannot be told."""
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
        """End this process soon after the engine: nothing that is made later would ever reach a state."""
        address, _, port = self.address.rpartition(":")
        if port.isdecimal():
            threading.Thread(target=_watch, args=(address, int(port)), name="engine watch", daemon=True).start()


class NotConnected(Exception):
    """There is no engine to talk to."""


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


def partly_made(id_: str, properties: Any, reasons: list[str], inputs: Any = None) -> Any:
    """The detail of an error whose object exists: the engine keeps it, and the next update is run whatever changed.

    A refresh (which tells `inputs`) does not fail then: it warns.
    """
    from pulumi.runtime.proto import provider_pb2

    failed = provider_pb2.ErrorResourceInitFailed(id=id_, properties=properties, reasons=reasons)
    if inputs is not None:
        failed.inputs.CopyFrom(inputs)
    return failed


def end_call(context: Any, message: str, details: Iterable[Any] = ()) -> NoReturn:
    """End a gRPC call with nothing but `message`: no class name, no traceback."""
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
