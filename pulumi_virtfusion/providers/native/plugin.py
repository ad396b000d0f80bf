"""The process `pulumi-resource-virtfusion`: serves one provider on a port, which it prints, until its engine ends.

Without an engine's address, the process serves any engine that attaches: `PULUMI_DEBUG_PROVIDERS=virtfusion:PORT pulumi
up`.
"""

from __future__ import annotations

import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from ...version import VERSION
from ..answering import MOST_CALLS
from ..engine import Engine
from .provider import NativeProvider

LARGEST_MESSAGE = 400 * 2**20
"""The engine's own limit, in bytes."""


def main() -> None:
    """Serve until the process is stopped; `--version` is for people and for `virtfusion doctor`."""
    if "--version" in sys.argv[1:]:
        print(VERSION)
        return
    address = next((argument for argument in sys.argv[1:] if ":" in argument), "")
    engine = Engine(address)
    server = served(NativeProvider(engine))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    signal.signal(signal.SIGINT, lambda *_: server.stop(None))
    print(port, flush=True)
    engine.end_together()
    server.wait_for_termination()


def served(provider: NativeProvider) -> Any:
    """Return a gRPC server of the provider, not started yet."""
    limits = [("grpc.max_receive_message_length", LARGEST_MESSAGE), ("grpc.max_send_message_length", LARGEST_MESSAGE)]
    server = grpc.server(ThreadPoolExecutor(MOST_CALLS), options=limits)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    return server


if __name__ == "__main__":
    main()
