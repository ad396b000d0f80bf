"""From an answer to an error or a value, through the whole client."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_virtfusion.api import (
    AuthenticationError,
    Conflict,
    Locked,
    NotFound,
    OutcomeUnknown,
    PanelError,
    PermissionDenied,
    RateLimited,
    ValidationFailed,
    VirtFusion,
    VirtFusionError,
)
from tests.unit.api.conftest import TOKEN, ClientOf, Play
from tests.unit.api.scripted_panel import Line, answers

HTML = b"<!DOCTYPE html><html><body>nginx</body></html>"
OK = answers(200, {"data": {"id": 7, "ownerId": 3, "name": "web"}})


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        (answers(401), AuthenticationError, "answered 401: Unauthorized. The API token is missing, wrong, expired"),
        (answers(401), AuthenticationError, "--run-program"),
        (
            answers(403, {"message": "Unauthorized."}),
            PermissionDenied,
            "answered 403: Unauthorized. The API token's scope",
        ),
        (
            answers(403, HTML),
            PermissionDenied,
            "answered 403: Forbidden. That is not an answer of VirtFusion's API: check",
        ),
        (answers(404, {"msg": "server not found"}), NotFound, "answered 404: server not found."),
        (answers(404, {"errors": ["No such user"]}), NotFound, "answered 404: No such user."),
        (answers(404, HTML), PanelError, "answered 404: Not Found. That is not an answer of VirtFusion's API: check"),
        (answers(404), PanelError, "check the endpoint"),
        (answers(404, {"message": "The route x could not be found."}), PanelError, "check the endpoint"),
        (answers(409, {"errors": ["E-mail in use"]}), Conflict, "answered 409: E-mail in use."),
        (answers(422, {"errors": ["Invalid package", "No address"]}), ValidationFailed, "Invalid package; No address."),
        (answers(302, b"", {"Location": "http://192.0.2.1/steal"}), PanelError, "a redirect, which is not followed."),
        (answers(405, HTML), PanelError, "check the endpoint"),
        (answers(400, {"message": "Bad"}), PanelError, "answered 400: Bad."),
    ],
)
def test_an_answer_becomes_its_error(
    line: Line, kind: type[VirtFusionError], text: str, play: Play, client_of: ClientOf
) -> None:
    panel = play(line)
    with pytest.raises(VirtFusionError) as error:
        client_of(panel).servers.rename(7, "web")
    assert type(error.value) is kind
    assert str(error.value).startswith("PUT /servers/7/modify/name answered ")
    assert text in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.path == "/servers/7/modify/name"
    assert len(panel.requests) == 1


@pytest.mark.parametrize(("status", "kind"), [(423, Locked), (429, RateLimited)])
def test_a_refusal_for_now_is_tried_until_the_time_limit(
    status: int, kind: type[VirtFusionError], play: Play, client_of: ClientOf
) -> None:
    panel = play(answers(status, {"msg": "Do not disturb"}))
    client = client_of(panel)
    with pytest.raises(kind, match=f"answered {status}: Do not disturb."), client.time_limit(0.5):
        client.servers.build(7, operating_system_id=1)
    assert len(panel.requests) > 3


@pytest.mark.parametrize("status", [423, 429])
def test_a_create_that_was_refused_for_now_is_sent_again(status: int, play: Play, client_of: ClientOf) -> None:
    panel = play(answers(status, {"msg": "busy"}), answers(status, {"message": "Too Many Attempts."}), OK)
    assert client_of(panel).servers.create(package_id=1, user_id=3, hypervisor_group_id=2).name == "web"
    assert len(panel.requests) == 3


@pytest.mark.parametrize("status", [401, 403, 409, 422, 423, 429])
def test_a_refusal_that_is_not_the_apis_proves_nothing_of_a_create(
    status: int, play: Play, client_of: ClientOf
) -> None:
    panel = play(answers(status, HTML), OK)
    with pytest.raises(OutcomeUnknown, match=f"answered {status}: .*whether a proxy or firewall answered instead") as e:
        client_of(panel).servers.create(package_id=1, user_id=3, hypervisor_group_id=2)
    assert (e.value.may_be_done, len(panel.requests)) == (True, 1)


def test_a_retry_after_is_kept(play: Play, client_of: ClientOf) -> None:
    panel = play(answers(429, b"", {"Retry-After": "1"}), OK)
    client_of(panel).servers.get(7)
    first, second = (request.at for request in panel.requests)
    assert 0.95 < second - first < 2


def test_a_429_slows_every_thread(play: Play, client_of: ClientOf) -> None:
    panel = play(answers(429, b"", {"Retry-After": "1"}), OK)
    client = client_of(panel)
    with ThreadPoolExecutor(5) as threads:
        refused = threads.submit(client.servers.get, 7)
        while not panel.requests:
            time.sleep(0.005)
        time.sleep(0.1)
        others = [threads.submit(client.servers.get, 7) for _ in range(3)]
        assert [one.result().name for one in [refused, *others]] == ["web"] * 4
    first, *later = sorted(request.at for request in panel.requests)
    assert len(later) == 4
    assert min(later) - first > 0.95


def test_no_more_requests_are_in_flight_than_allowed(play: Play, client_of: ClientOf) -> None:
    panel = play(answers(200, {"data": {"id": 7, "ownerId": 3}}, after=0.05))
    client = client_of(panel, max_concurrency=3)
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(client.servers.get, [7] * 24))
    assert len(panel.requests) == 24
    assert panel.most_in_flight == 3


def test_a_thread_keeps_its_connection(play: Play, client_of: ClientOf) -> None:
    panel = play(OK)
    client = client_of(panel)
    for _ in range(5):
        client.servers.get(7)
    assert panel.connections == 1


def test_a_request_carries_the_token_and_wants_json(play: Play, client_of: ClientOf) -> None:
    panel = play(OK)
    client_of(panel).servers.create(package_id=1, user_id=3, hypervisor_group_id=2)
    (request,) = panel.requests
    assert request.path == "/api/v1/servers"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["Accept"] == "application/json"
    assert request.headers["Content-Type"] == "application/json"
    assert request.json == {"packageId": 1, "userId": 3, "hypervisorId": 2}


def test_a_request_without_a_body_announces_none(play: Play, client_of: ClientOf) -> None:
    panel = play(answers(204))
    client_of(panel).servers.suspend(7)
    assert panel.requests[0].headers.get("Content-Type") is None
    assert panel.requests[0].body == b""


def test_an_entry_in_netrc_does_not_replace_the_token(
    play: Play, client_of: ClientOf, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    panel = play(OK)
    client_of(panel).servers.get(7)
    assert panel.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_proxy_of_the_environment_is_used(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = play(OK)
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    VirtFusion("http://panel.example.com", TOKEN).servers.get(7)
    assert proxy.requests[0].path == "http://panel.example.com/api/v1/servers/7?remoteState=false"


ECHO = f"the token {TOKEN} and its half {TOKEN.partition('|')[2]} are known here"

FAILING: dict[str, Line] = {
    "401": answers(401, {"message": ECHO}),
    "403": answers(403, {"errors": {"token": [ECHO]}}),
    "404": answers(404, {"msg": ECHO}),
    "409": answers(409, {"errors": [ECHO]}),
    "422": answers(422, {"errors": [ECHO]}),
    "500": answers(500, {"message": ECHO}),
    "unreadable": answers(200, {"data": {"id": ECHO, "ownerId": ECHO}}),
    "cut off": answers(200, ECHO.encode()),
    "redirect": answers(302, b"", {"Location": f"http://192.0.2.1/?{TOKEN}"}),
}
CALLS: dict[str, Callable[[VirtFusion], Any]] = {
    "read": lambda client: client.servers.get(7),
    "create": lambda client: client.servers.create(package_id=1, user_id=3, hypervisor_group_id=2),
}


@pytest.mark.parametrize("line", FAILING.values(), ids=FAILING)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_no_error_log_or_traceback_shows_the_token(
    call: Callable[[VirtFusion], Any], line: Line, play: Play, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(play(line))
    with caplog.at_level(logging.DEBUG), pytest.raises(VirtFusionError) as failure:
        call(client)
    error = failure.value
    trace = "".join(traceback.format_exception(error))
    shown = f"{error} {error!r} {error.messages} {error.path} {error.args} {trace} {caplog.text}"
    assert_hides_the_token(shown)


def test_locals_of_a_traceback_do_not_show_the_token(play: Play, client_of: ClientOf) -> None:
    client = client_of(play(answers(422, {"errors": [ECHO]})))
    try:
        client.servers.get(7)
    except VirtFusionError as error:
        ours = traceback.TracebackException.from_exception(error, capture_locals=True)
        assert_hides_the_token("".join(ours.format()))
    else:
        pytest.fail("a 422 is an error")


def assert_hides_the_token(text: str) -> None:
    assert TOKEN not in text
    assert TOKEN.partition("|")[2] not in text


def test_pages_are_fetched_one_after_the_other_and_all_but_the_last_once_more(play: Play, client_of: ClientOf) -> None:
    read = [1, 2, 3, 1, 2]
    panel = play(*(answers(200, page(number, last=3)) for number in read))
    rows = client_of(panel).servers.list()
    assert panel.requests == []
    assert next(rows).server_id == 1
    assert len(panel.requests) == 1
    assert [row.server_id for row in rows] == [101, 2, 102, 3, 103]
    assert [request.path for request in panel.requests] == [
        f"/api/v1/servers?results=200&page={number}" for number in read
    ]


def test_the_urls_in_a_page_are_not_followed(play: Play, client_of: ClientOf) -> None:
    elsewhere = play(OK)
    panel = play(*(answers(200, page(number, last=2, host=elsewhere.url)) for number in (1, 2, 1)))
    assert len(list(client_of(panel).servers.list())) == 4
    assert elsewhere.requests == []


def page(number: int, *, last: int, host: str = "http://192.0.2.1") -> dict[str, object]:
    following = f"{host}/api/v1/servers?page={number + 1}" if number < last else None
    rows = [{"id": number, "owner": 1}, {"id": 100 + number, "owner": 1}]
    return {"current_page": number, "last_page": last, "next_page_url": following, "data": rows}


@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'""', b"null"])
def test_a_write_succeeds_with_whatever_body_a_panel_of_some_age_sends(
    status: int, body: bytes, play: Play, client_of: ClientOf
) -> None:
    client = client_of(play(answers(status, body if status != 204 else b"")))
    client.servers.rename(7, "web")
    assert client.servers.boot(7) is None
    assert client.servers.change_package(7, 9) == []
    assert client.servers.set_vnc(7, True).enabled is False


def test_parsing_does_not_care_for_the_content_type(play: Play, client_of: ClientOf) -> None:
    firewall = answers(200, {"data": {"enabled": True, "rules": []}}, {"Content-Type": "application/octet-stream"})
    assert client_of(play(firewall)).servers.get_firewall(7, "primary").enabled
