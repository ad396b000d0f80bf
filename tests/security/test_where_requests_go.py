"""The token goes to the panel and nowhere else."""

from __future__ import annotations

import json
import logging
import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from pulumi_virtfusion.api import (
    ConnectionFailed,
    OutcomeUnknown,
    PanelError,
    RetryPolicy,
    VirtFusion,
    VirtFusionError,
    operation_of,
)
from pulumi_virtfusion.api.http.route import Route
from tests.contract import openapi
from tests.contract.client_methods import METHODS, ClientMethod
from tests.unit.api.conftest import TOKEN, ClientOf, Play
from tests.unit.api.scripted_panel import answers

OK = answers(200, {"data": {"id": 7, "ownerId": 3, "name": "web"}})
CALLS: dict[str, Callable[[VirtFusion], Any]] = {
    "GET": lambda client: client.servers.get(7),
    "POST": lambda client: client.servers.create(package_id=1, user_id=3, hypervisor_group_id=2),
    "PUT": lambda client: client.servers.rename(7, "web"),
    "DELETE": lambda client: client.servers.delete(7),
}
PROXY_PASSWORD = "MarkedPasswordOfTheProxy"


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_no_redirect_is_followed(
    status: int, call: Callable[[VirtFusion], Any], play: Play, client_of: ClientOf
) -> None:
    elsewhere = play(OK)
    panel = play(answers(status, b"", {"Location": f"{elsewhere.url}/api/v1/servers/7"}))
    with pytest.raises((PanelError, OutcomeUnknown), match=f"answered {status}, a redirect, which is not followed"):
        call(client_of(panel))
    assert (len(panel.requests), elsewhere.connections) == (1, 0)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_no_url_in_an_answer_is_followed(method: ClientMethod, play: Play, client_of: ClientOf) -> None:
    elsewhere = play(OK)
    panel = play(answers(200, example_with_urls_of(method, elsewhere.url)))
    method.call(client_of(panel), method.all_arguments)
    assert (len(panel.requests), elsewhere.connections) == (1, 0)


def example_with_urls_of(method: ClientMethod, url: str) -> bytes:
    """The vendor's example with every URL, and some more, leading elsewhere."""
    operation = operation_of(method.function)
    (described,) = (one for one in openapi.described() if one.key == (operation.verb, operation.path))
    answer = openapi.answer_to(described, next(iter(method.all_arguments.values()), None))
    body = json.loads(re.sub(r'https?:[^"\\]+', f"{url}/", json.dumps(answer)))
    if isinstance(body, dict):
        body |= {"url": url, "redirect": url, "links": [{"url": url}], "next_page_url": f"{url}/?page=2"}
    return json.dumps(body).encode()


@pytest.fixture
def unproxied(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


class _Tunnel(socketserver.StreamRequestHandler):
    """Opens what CONNECT asks for at `_Proxy.leads_to`, and keeps what it reads of both directions."""

    def handle(self) -> None:
        assert isinstance(self.server, _Proxy)
        proxy = self.server
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            proxy.heard += line
        if proxy.leads_to is None:
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(proxy.leads_to) as there:
            back = threading.Thread(target=self._carry, args=(there, self.connection))
            back.start()
            self._carry(self.connection, there)
            there.shutdown(socket.SHUT_WR)
            back.join()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        assert isinstance(self.server, _Proxy)
        try:
            while data := source.recv(65536):
                self.server.heard += data
                target.sendall(data)
        except OSError:
            return


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    heard = b""
    leads_to: tuple[str, int] | None = None

    @property
    def url(self) -> str:
        return f"http://somebody:{PROXY_PASSWORD}@127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def proxy() -> Iterator[_Proxy]:
    with _Proxy(("127.0.0.1", 0), _Tunnel) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_proxy_carries_what_it_cannot_read(
    proxy: _Proxy, play: Play, unproxied: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("panel.example.com").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    panel = play(OK, tls=context)
    proxy.leads_to = ("127.0.0.1", int(panel.url.rpartition(":")[2]))
    unproxied.setenv("HTTPS_PROXY", proxy.url)
    client = VirtFusion("https://panel.example.com", TOKEN, ca_bundle=str(tmp_path / "ca.pem"))
    assert client.servers.get(7).name == "web"
    assert proxy.heard.startswith(b"CONNECT panel.example.com:443 ")
    assert b"Proxy-Authorization: Basic " in proxy.heard
    assert TOKEN.encode() not in proxy.heard
    assert b"Authorization: Bearer" not in proxy.heard
    with pytest.raises(ConnectionFailed, match="not trusted"):
        VirtFusion("https://panel.example.com", TOKEN).servers.get(7)


def test_a_host_of_no_proxy_is_reached_directly(
    proxy: _Proxy, play: Play, client_of: ClientOf, unproxied: pytest.MonkeyPatch
) -> None:
    unproxied.setenv("HTTP_PROXY", proxy.url)
    unproxied.setenv("http_proxy", proxy.url)
    unproxied.setenv("NO_PROXY", "127.0.0.1")
    assert client_of(play(OK)).servers.get(7).name == "web"
    assert proxy.heard == b""


PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
THIS_MACHINE = [
    "127.0.0.1", "127.8.9.10", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]",
    "localhost", "LocalHost", "localhost.", "panel.localhost",
]  # fmt: skip


@pytest.mark.parametrize("host", THIS_MACHINE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_way_to_this_machine_leads_through_no_proxy(scheme: str, host: str, unproxied: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        unproxied.setenv(name, "http://proxy.example.com:3128")
    assert Route.to(f"{scheme}://{host}:8765/api/v1").proxies == {}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_proxy_never_hears_what_goes_to_this_machine(
    host: str, proxy: _Proxy, play: Play, unproxied: pytest.MonkeyPatch
) -> None:
    for name in PROXIES:
        unproxied.setenv(name, proxy.url)
    panel = play(OK)
    assert VirtFusion(panel.url.replace("127.0.0.1", host), TOKEN).servers.get(7).name == "web"
    assert proxy.heard == b""


@pytest.mark.parametrize("host", ["panel.example.com", "10.0.0.7", "[2001:db8::1]", "127.0.0.1.example.com"])
def test_the_way_to_another_machine_is_the_environments(host: str, unproxied: pytest.MonkeyPatch) -> None:
    unproxied.setenv("HTTPS_PROXY", "somebody:geheim@[2001:db8::2]:3128")
    route = Route.to(f"https://{host}/api/v1")
    assert str(route) == f"https://{host} through the proxy http://[2001:db8::2]:3128"
    assert "geheim" not in repr(route)
    unproxied.setenv("NO_PROXY", host.strip("[]"))
    assert str(Route.to(f"https://{host}/api/v1")) == f"https://{host}"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://127.0.0.1:1", "http://:1", "127.0.0.1:x"])
def test_a_proxy_that_is_none_is_nothing_sent(proxy: str, unproxied: pytest.MonkeyPatch) -> None:
    unproxied.setenv("HTTPS_PROXY", proxy)
    client = VirtFusion("https://panel.example.com", TOKEN, retry_policy=RetryPolicy(connecting=0.1))
    with pytest.raises(ConnectionFailed, match=r"through the proxy .*Nothing was sent\."):
        CALLS["POST"](client)


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_proxy_that_refuses_leaves_its_password_out_of_everything(
    call: Callable[[VirtFusion], Any],
    there: bool,
    proxy: _Proxy,
    unproxied: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    unproxied.setenv("HTTPS_PROXY", proxy.url if there else f"http://somebody:{PROXY_PASSWORD}@127.0.0.1:1")
    client = VirtFusion("https://panel.example.com", TOKEN, retry_policy=RetryPolicy(lost=0.1, connecting=0.1))
    with caplog.at_level(logging.DEBUG), pytest.raises(VirtFusionError) as failure:
        call(client)
    assert PROXY_PASSWORD not in f"{failure.value} {failure.value!r} {caplog.text}"
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("endpoint", "variable", "no_proxy", "said"),
    [
        (
            "http://plain-1.example.com",
            "HTTP_PROXY",
            "",
            ["the proxy http://127.0.0.1:3128, which all of it goes through"],
        ),
        ("http://plain-2.example.com", "ALL_PROXY", "", ["the proxy http://127.0.0.1:3128"]),
        ("http://plain-3.example.com", "HTTP_PROXY", "plain-3.example.com", ["not encrypted: everybody on the way"]),
        ("http://plain-4.example.com", "HTTPS_PROXY", "", ["not encrypted: everybody on the way"]),
        ("https://safe.example.com", "HTTPS_PROXY", "", []),
        ("http://127.0.0.1:8765", "HTTP_PROXY", "", []),
    ],
)
def test_what_a_proxy_can_read_is_warned_of_once(
    endpoint: str,
    variable: str,
    no_proxy: str,
    said: list[str],
    unproxied: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    unproxied.setenv(variable, f"http://somebody:{PROXY_PASSWORD}@127.0.0.1:3128")
    unproxied.setenv("NO_PROXY", no_proxy)
    for _ in range(3):
        VirtFusion(endpoint, TOKEN)
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == len(said)
    assert all(part in text for part, text in zip(said, warnings, strict=True))
    assert PROXY_PASSWORD not in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_an_entry_of_netrc_is_neither_sent_nor_missed(
    host: str, play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {host} login somebody password else\ndefault login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    panel = play(OK)
    VirtFusion(panel.url.replace("127.0.0.1", host), TOKEN).servers.get(7)
    assert [request.headers["Authorization"] for request in panel.requests] == [f"Bearer {TOKEN}"]
