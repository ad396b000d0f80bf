"""Answers that no HTTP library sends, from panels, proxies and load balancers that break the rules."""

from __future__ import annotations

import io
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from pulumi_virtfusion.api import ConnectionFailed, OutcomeUnknown, PanelError, RetryPolicy, VirtFusion
from tests.unit.api.conftest import TOKEN, ClientOf, Play
from tests.unit.api.scripted_panel import CLOSES_AFTER_READING, Line, answers

SERVER = b'{"data": {"id": 7, "ownerId": 3, "name": "web"}}'
LENGTH = f"Content-Length: {len(SERVER)}\r\n".encode()
BRIEF = RetryPolicy(lost=0.1, connecting=0.1, first_delay=0.02)
CREATED = b"HTTP/1.1 201 Created\r\n"

BROKEN: dict[str, bytes] = {
    "two lengths": CREATED + LENGTH + b"Content-Length: 9\r\n\r\n" + SERVER,
    "two lengths in one header": CREATED + b"Content-Length: 48, 9\r\n\r\n" + SERVER,
    "no status": b"Created\r\n\r\n" + SERVER,
    "a status of four digits": b"HTTP/1.1 2010 X\r\n" + LENGTH + b"\r\n" + SERVER,
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "a TLS alert in plain": b"\x15\x03\x01\x00\x02\x02\x46",
    "too many headers": CREATED + b"".join(b"X-%d: 1\r\n" % number for number in range(200)) + b"\r\n" + SERVER,
    "a header without end": CREATED + b"X: " + b"a" * 70_000 + b"\r\n\r\n" + SERVER,
    "a chunk that is none": CREATED + b"Transfer-Encoding: chunked\r\n\r\nno\r\n" + SERVER,
    "chunks that break off": CREATED + b"Transfer-Encoding: chunked\r\n\r\nff\r\n" + SERVER,
    "a head that breaks off": CREATED + b"Content-Len",
    "protocols switched": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
    "nothing but forerunners": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 300,
}
FORERUNNERS: dict[str, bytes] = {
    "100": b"HTTP/1.1 100 Continue\r\n\r\n",
    "102, several times": b"HTTP/1.1 102 Processing\r\n\r\n" * 5,
    "103 with headers": b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nContent-Length: 5\r\n\r\n",
    "all of them": b"HTTP/1.1 100 X\r\n\r\nHTTP/1.1 103 X\r\nX: 1\r\n\r\nHTTP/1.1 100 X\r\n\r\nHTTP/1.1 102 X\r\n\r\n",
}


def create(client: VirtFusion) -> Any:
    return client.servers.create(package_id=1, user_id=3, hypervisor_group_id=2)


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_a_create_whose_answer_breaks_the_rules_is_an_unknown_outcome(
    answer: bytes, play: Play, client_of: ClientOf
) -> None:
    panel = play(Line(answer, close=True))
    with pytest.raises(OutcomeUnknown, match="not repeated") as lost:
        create(client_of(panel, retry_policy=BRIEF))
    assert len(panel.requests) == 1
    assert "Nothing was sent" not in str(lost.value)
    assert lost.value.may_be_done


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_a_read_whose_answer_breaks_the_rules_comes_to_an_end(answer: bytes, play: Play, client_of: ClientOf) -> None:
    with pytest.raises((ConnectionFailed, PanelError)):
        client_of(play(Line(answer, close=True)), retry_policy=BRIEF).servers.get(7)


@pytest.mark.parametrize("forerunner", FORERUNNERS.values(), ids=FORERUNNERS)
def test_what_runs_before_an_answer_is_none(forerunner: bytes, play: Play, client_of: ClientOf) -> None:
    panel = play(Line(forerunner + CREATED + LENGTH + b"\r\n" + SERVER))
    client = client_of(panel)
    assert create(client).server_id == 7
    assert client.servers.get(7).name == "web"
    assert panel.connections == 1


def test_after_a_switch_of_protocols_the_connection_is_not_used_again(play: Play, client_of: ClientOf) -> None:
    switched = Line(BROKEN["protocols switched"])
    panel = play(switched, answers(200, SERVER))
    client = client_of(panel)
    with pytest.raises(PanelError, match="answered 101, which ends no request"):
        client.servers.get(7)
    assert client.servers.get(7).name == "web"
    assert panel.connections == 2


@pytest.fixture
def secured(tmp_path: Path) -> tuple[ssl.SSLContext, str]:
    """What a panel with TLS needs, and the bundle that trusts it."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return context, str(tmp_path / "ca.pem")


def test_an_answer_in_plain_on_a_connection_with_tls_is_an_unknown_outcome(
    play: Play, client_of: ClientOf, secured: tuple[ssl.SSLContext, str]
) -> None:
    context, bundle = secured
    plain = Line(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", in_plain=True, close=True)
    panel = play(plain, tls=context)
    with pytest.raises(OutcomeUnknown, match="what came back is not TLS") as lost:
        create(client_of(panel, ca_bundle=bundle))
    assert len(panel.requests) == 1
    assert "Nothing was sent" not in str(lost.value)
    panel = play(plain, answers(200, SERVER), tls=context)
    assert client_of(panel, ca_bundle=bundle).servers.get(7).name == "web"


def test_bytes_that_follow_an_answer_are_not_the_next_one(
    play: Play, client_of: ClientOf, secured: tuple[ssl.SSLContext, str]
) -> None:
    context, bundle = secured
    head = b"HTTP/1.1 200 OK\r\nContent-Length: "
    # Filling our buffer, so that the surplus stays where the next answer is read.
    length = io.DEFAULT_BUFFER_SIZE - len(head) - len(b"8000\r\n\r\n")
    first = head + f"{length}\r\n\r\n".encode() + SERVER.ljust(length)
    with_surplus = Line(first + b"HTTP/1.1 204 No Content\r\n\r\n")
    for tls, trusted in ((None, {}), (context, {"ca_bundle": bundle})):
        client = client_of(play(with_surplus, answers(423, {"msg": "locked"}), answers(404, b""), tls=tls), **trusted)
        client.servers.get(7)
        with pytest.raises(PanelError, match="answered 404"):
            client.servers.delete(7)


class Listener:
    """Does to each connection what it is told, and counts them."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self.connections = 0
        self._serve = serve
        self._socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                self._serve(connection)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def listen() -> Iterator[Callable[[Callable[[socket.socket], None]], Listener]]:
    listeners: list[Listener] = []

    def start(serve: Callable[[socket.socket], None]) -> Listener:
        listeners.append(Listener(serve))
        return listeners[-1]

    yield start
    for listener in listeners:
        listener.close()


Listen = Callable[[Callable[[socket.socket], None]], Listener]


def test_a_handshake_that_breaks_off_sent_nothing_and_is_tried_again(listen: Listen) -> None:
    listener = listen(socket.socket.close)
    client = VirtFusion(f"https://{listener.address}", TOKEN, retry_policy=BRIEF)
    with pytest.raises(ConnectionFailed, match=r"could not reach the panel .* Nothing was sent\.") as failed:
        create(client)
    assert listener.connections > 1
    assert not failed.value.may_be_done


@pytest.mark.parametrize(
    ("answer", "text", "again"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "wants a user name and a password", False),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "the proxy answered 403", True),
        (b"HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n", "the proxy answered 503", True),
        (b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 502 Bad Gateway\r\n\r\n", "", True),
        (b"", "", True),
    ],
)
def test_a_proxy_that_opens_no_way_is_nothing_sent(
    answer: bytes, text: str, again: bool, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    proxy = listen(refuse)
    monkeypatch.setenv("HTTPS_PROXY", f"http://somebody:geheim@{proxy.address}")
    with pytest.raises(ConnectionFailed, match="Nothing was sent") as failed:
        create(VirtFusion("https://panel.example.com", TOKEN, retry_policy=BRIEF))
    assert f"the panel https://panel.example.com through the proxy http://{proxy.address}: " in str(failed.value)
    assert text in str(failed.value)
    assert "geheim" not in str(failed.value)
    assert (proxy.connections > 1) is again


def test_nothing_was_sent_is_said_of_all_attempts_or_not_at_all(play: Play, client_of: ClientOf) -> None:
    panel = play(CLOSES_AFTER_READING)
    client = client_of(panel, retry_policy=RetryPolicy(lost=5, connecting=0.2, first_delay=0.3, longest_delay=0.3))
    stopping = threading.Timer(0.02, panel.stop)
    stopping.start()
    with pytest.raises(ConnectionFailed, match="An earlier attempt was sent") as failed:
        client.servers.rename(7, "web")
    stopping.join()
    assert "Nothing was sent" not in str(failed.value)
    assert failed.value.may_be_done
