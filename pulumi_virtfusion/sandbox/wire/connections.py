"""The open connections, for faults below HTTP or below TLS."""

from __future__ import annotations

import os
import socket
from asyncio import Transport
from contextlib import suppress
from typing import Any

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connection:
    """The connection of a request; each method does nothing once the client has gone."""

    def __init__(self, transport: Transport | None) -> None:
        self._transport = transport

    def send(self, content: bytes) -> None:
        """Write past the HTTP server, which goes on unaware of these bytes."""
        if self._transport is not None:
            self._transport.write(content)

    def send_plain(self, content: bytes) -> None:
        """Write past the HTTP server and past TLS."""
        if self._transport is not None:
            # A short text fits into the socket's buffer whole.
            with suppress(OSError):
                os.write(self._transport.get_extra_info("socket").fileno(), content)

    def close(self) -> None:
        """End the connection after the bytes that are written already."""
        if self._transport is not None:
            self._transport.close()


class Connections:
    """The open connections by the peer's address."""

    def __init__(self) -> None:
        self._open: dict[Any, Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        opened = self._open

        class Tracked(H11Protocol):
            def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
                # asyncio leaves it off for sockets accepted from one that was made elsewhere, and answers then
                # wait 40 ms for the client's acknowledgement of their headers.
                transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                # Once TLS has ended the transport knows its peer no more.
                self._peer = transport.get_extra_info("peername")[:2]
                opened[self._peer] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                opened.pop(self._peer, None)
                super().connection_lost(exc)

        return Tracked

    def of(self, scope: Scope) -> Connection:
        return Connection(self._open.get(tuple(scope["client"])))
