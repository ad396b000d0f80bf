"""Python runs this first in a provider host whose gRPC server keeps its thread pool where nobody finds it."""

from typing import Any

import grpc


class OtherServer:
    """A server of gRPC, and nothing of its insides."""

    def __init__(self, server: Any) -> None:
        self.add_generic_rpc_handlers = server.add_generic_rpc_handlers
        self.add_registered_method_handlers = server.add_registered_method_handlers
        self.add_insecure_port = server.add_insecure_port
        self.start = server.start
        self.stop = server.stop


make_server = grpc.server
grpc.server = lambda *args, **options: OtherServer(make_server(*args, **options))  # type: ignore[assignment]
