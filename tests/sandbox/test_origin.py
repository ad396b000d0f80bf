"""Who may reach the panel: by its own names only, and no control by a page of another site."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from starlette.requests import Request

from pulumi_virtfusion.sandbox import RunningPanel
from pulumi_virtfusion.sandbox.panel.refusals import LaravelRefusal
from pulumi_virtfusion.sandbox.wire.origin import Names, certified_names

from .conftest import Api

FAULT = '{"path": "^/connect$", "status": 500}'
JSON = {"Content-Type": "application/json"}


def send(panel: RunningPanel, method: str, path: str, body: str | None, headers: dict[str, str]) -> requests.Response:
    return requests.request(method, panel.origin + path, data=body, headers=headers, timeout=10)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "faults", FAULT), ("POST", "reset", None), ("DELETE", "requests", None), ("GET", "state", None)],
)
def test_a_page_of_another_site_moves_no_control(
    api: Api, panel: RunningPanel, headers: dict[str, str], method: str, path: str, body: str | None
) -> None:
    api.new_server()
    before, log = panel.state(), panel.requests()
    answer = send(panel, method, f"/_sandbox/{path}", body, JSON | headers)
    assert (answer.status_code, list(answer.json())) == (403, ["message"])
    assert (panel.state(), panel.requests(), panel.sandbox.faults.all) == (before, log, [])


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "",
        None,
    ],
)
def test_what_a_form_can_send_is_no_control(panel: RunningPanel, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    assert send(panel, "POST", "/_sandbox/faults", FAULT, headers).status_code == 415
    assert panel.sandbox.faults.all == []
    if kind is not None:
        assert send(panel, "POST", "/_sandbox/reset", None, headers).status_code == 415


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}])
def test_the_panel_s_own_page_and_a_command_line_move_controls(panel: RunningPanel, headers: dict[str, str]) -> None:
    own = {"Origin": panel.origin} if headers else {}
    kind = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert send(panel, "POST", "/_sandbox/faults", FAULT, {**kind, **headers, **own}).status_code == 204
    assert send(panel, "POST", "/_sandbox/reset", None, {**headers, **own}).status_code == 204


def asking(host: str, names: Names, *, with_token: bool = False) -> int:
    """200, or the status that the name is refused with."""
    request = Request({"type": "http", "headers": [(b"host", host.encode())], "method": "GET", "path": "/"})
    try:
        names.refuse_foreign(request, with_token=with_token)
    except LaravelRefusal as refusal:
        return refusal.status
    return 200


LOOPBACK = ["localhost", "LOCALHOST:1", "127.0.0.1:8765", "127.0.0.2", "[::1]", "[::1]:8765"]
NUMBERS = ["192.0.2.7:8765", "[2001:db8::1]:8765", "10.0.0.1"]
FOREIGN = [
    "evil.example",
    "localhost.evil.example:80",
    "127.0.0.1.evil.example",
    "",
    "[",
    "localhost:80:80",
    "::1",
    "2130706433",
]


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_names_are_always_ours(host: str) -> None:
    assert {asking(host, Names(address)) for address in ("127.0.0.1", "0.0.0.0", "::", "panel")} == {200}


@pytest.mark.parametrize("host", FOREIGN)
def test_a_name_that_others_can_point_here_is_refused_wherever_the_panel_listens(host: str) -> None:
    assert {asking(host, Names(address)) for address in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "panel")} == {403}


@pytest.mark.parametrize("host", NUMBERS)
def test_a_number_is_ours_when_the_panel_listens_beyond_loopback(host: str) -> None:
    assert (asking(host, Names("127.0.0.1")), asking(host, Names("0.0.0.0"))) == (403, 200)


def test_the_name_that_the_panel_was_told_to_listen_on_is_ours() -> None:
    assert (asking("panel:8765", Names("panel")), asking("panel", Names("0.0.0.0"))) == (200, 403)


def test_the_api_proves_itself_by_its_token_where_others_may_ask_at_all() -> None:
    assert asking("panel.example", Names("0.0.0.0"), with_token=True) == 200
    assert asking("panel.example", Names("127.0.0.1"), with_token=True) == 403


@pytest.mark.parametrize(("address", "has"), [("0.0.0.0", False), ("::", False), ("192.0.2.7", True), ("panel", True)])
def test_a_certificate_names_what_the_panel_listens_on_unless_that_is_everything(address: str, has: bool) -> None:
    names: list[Any] = certified_names(address)
    assert (address in names, names[:3]) == (has, ["localhost", "127.0.0.1", "::1"])
