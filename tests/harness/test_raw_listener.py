"""What goes wrong in a listener's own threads is told, and by nobody else's mouth."""

from __future__ import annotations

import socket

import pytest

from tests.raw_listener import Listener


def test_an_error_is_raised_when_it_stops_and_printed_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(connection: socket.socket) -> None:
        connection.recv(1)
        raise LookupError("of the listener")

    listener = Listener(fail)
    with socket.create_connection(("127.0.0.1", int(listener.address.rpartition(":")[2]))) as connection:
        connection.sendall(b"x")
        assert connection.recv(1) == b""
    with pytest.raises(LookupError, match="of the listener"):
        listener.stop()
    assert capsys.readouterr() == ("", "")
