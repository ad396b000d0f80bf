"""Answers that no HTTP library would send: read here from the bare socket, byte for byte."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest
import requests

from pulumi_virtfusion.sandbox import RunningPanel, running
from pulumi_virtfusion.sandbox.faults import Fault, Framing
from pulumi_virtfusion.sandbox.panel.clock import Clock

from .conftest import NOON, Api

HUGE = int("9" * 400)


@pytest.fixture
def control() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def request_bytes(panel: RunningPanel, method: str, path: str, body: bytes = b"") -> bytes:
    lines = [
        f"{method} /api/v1{path} HTTP/1.1",
        f"Host: {urlsplit(panel.origin).netloc}",
        f"Authorization: Bearer {panel.token}",
        "Accept: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def on_the_wire(panel: RunningPanel, method: str, path: str, body: bytes = b"") -> bytes:
    """All that comes until the panel closes the connection."""
    address = urlsplit(panel.origin)
    with socket.create_connection(("127.0.0.1", address.port or 0), timeout=10) as bare:
        bare.sendall(request_bytes(panel, method, path, body))
        received = b""
        while part := bare.recv(65_536):
            received += part
    return received


def head_and_body(answer: bytes) -> tuple[list[str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), body


RAWS = [b"", b"\0\xff\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", b"SSH-2.0-x\r\n", bytes(range(256))]


@pytest.mark.parametrize("raw", RAWS, ids=lambda raw: repr(raw[:20]))
def test_raw_bytes_are_all_that_is_sent(panel: RunningPanel, control: requests.Session, raw: bytes) -> None:
    panel.fault(path="^/connect$", raw=raw)
    assert on_the_wire(panel, "GET", "/connect") == raw
    fault = {"path": "^/connect$", "raw": raw.decode("latin-1")}
    assert control.post(f"{panel.origin}/_sandbox/faults", json=fault, timeout=20).ok
    assert on_the_wire(panel, "GET", "/connect") == raw
    assert panel.requests()[-1]["status"] is None


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_raw_bytes_come_before_the_deed_or_after_it(panel: RunningPanel, when: str, made: int) -> None:
    panel.fault(method="POST", path="^/users$", raw=b"x", when=when)
    body = json.dumps({"name": "n", "email": "n@example.com"}).encode()
    assert on_the_wire(panel, "POST", "/users", body) == b"x"
    assert (len(panel.state()["users"]) - 1, panel.requests()[-1]["done"]) == (made, bool(made))


def test_a_connection_can_be_held_open_without_an_end(panel: RunningPanel) -> None:
    panel.fault(path="^/connect$", raw=b"HTTP/1.1 200 OK\r\n", hold=0.4)
    begun = time.monotonic()
    assert on_the_wire(panel, "GET", "/connect") == b"HTTP/1.1 200 OK\r\n"
    assert time.monotonic() - begun >= 0.4


def test_early_answers_come_before_the_answer_proper(api: Api, panel: RunningPanel) -> None:
    panel.fault(path="^/connect$", early=[100, 100])
    assert api.ask("GET", "/connect").json() == []
    panel.fault(path="^/connect$", early=[103, 199], framing="no-length")
    answer = on_the_wire(panel, "GET", "/connect")
    assert answer.startswith(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 199 \r\n\r\nHTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n[]")


BODY = b'{"errors": ["no"]}'
FRAMED: dict[str, tuple[list[str], bytes]] = {
    "no-length": ([], BODY),
    "same-length-twice": (["content-length: 18", "content-length: 18"], BODY),
    "two-lengths": (["content-length: 18", "content-length: 19"], BODY),
    "too-long": (["content-length: 28"], BODY),
    "too-short": (["content-length: 9"], BODY),
    "negative-length": (["content-length: -1"], BODY),
    "length-of-letters": (["content-length: many"], BODY),
    "length-and-chunks": (["content-length: 18", "transfer-encoding: chunked"], b"12\r\n%b\r\n0\r\n\r\n" % BODY),
    "bad-chunk": (["transfer-encoding: chunked"], b"zz\r\n%b\r\n0\r\n\r\n" % BODY),
    "cut-chunk": (["transfer-encoding: chunked"], b"1c\r\n%b\r\n" % BODY),
    "no-last-chunk": (["transfer-encoding: chunked"], b"12\r\n%b\r\n" % BODY),
}


def test_every_framing_is_in_the_table() -> None:
    assert set(FRAMED) == set(get_args(Framing))


@pytest.mark.parametrize("framing", FRAMED)
def test_an_answer_lies_about_its_length(panel: RunningPanel, framing: str) -> None:
    panel.fault(path="^/connect$", framing=framing, status=502, body={"errors": ["no"]}, headers={"X-Proxy": "1"})
    lines, body = head_and_body(on_the_wire(panel, "GET", "/connect"))
    ends = [line for line in lines if re.match("content-length|transfer-encoding", line)]
    expected, sent = FRAMED[framing]
    assert (lines[0], body) == ("HTTP/1.1 502 Bad Gateway", sent)
    assert ends == expected
    assert {"x-proxy: 1", "connection: close", "content-type: application/json"} <= set(lines)
    assert sum(line.startswith("date: ") for line in lines) == 1


@pytest.mark.parametrize("framing", FRAMED)
def test_the_panel_s_own_answer_lies_too_and_the_deed_is_done(panel: RunningPanel, framing: str) -> None:
    panel.fault(method="POST", path="^/servers$", framing=framing)
    body = json.dumps({"packageId": 1, "userId": 1, "hypervisorId": 1}).encode()
    answer = on_the_wire(panel, "POST", "/servers", body)
    assert answer.startswith(b"HTTP/1.1 201 Created\r\n")
    assert panel.state()["servers"][0]["uuid"].encode() in answer


PORTAL = "<!-- guest network --><html><body>Please sign in</body></html>"


def test_a_portal_answers_for_the_panel(api: Api, panel: RunningPanel) -> None:
    user = api.new_user("ada", extRelationId=77)
    panel.fault(method="DELETE", path="^/users/77/", status=200, body=PORTAL)
    answer = api.ask("DELETE", "/users/77/byExtRelation")
    assert (answer.status_code, answer.text) == (200, PORTAL)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert api.data("GET", "/users/77/byExtRelation")["id"] == user["id"]


@pytest.mark.parametrize(
    "text", ["0", "-5", "soon", "", "Wed, 21 Oct 2015 07:28:00 GMT", "9" * 400, "1e9", "5, 6", "½"]
)
def test_retry_after_is_any_text(api: Api, panel: RunningPanel, text: str) -> None:
    panel.fault(path="^/connect$", status=503, headers={"Retry-After": text})
    assert api.ask("GET", "/connect").headers["Retry-After"] == text


@pytest.mark.parametrize(
    "headers",
    [{"A": "x\r\nB: y"}, {"A b": "x"}, {"A": "\u20ac"}, {"A": " x"}, {"A": "\0"}, {"Content-Length": "5"}, {"": "x"}],
)
def test_headers_that_http_does_not_have_are_refused(
    panel: RunningPanel, control: requests.Session, headers: dict[str, str]
) -> None:
    fault = {"status": 200, "headers": headers}
    assert control.post(f"{panel.origin}/_sandbox/faults", json=fault, timeout=20).status_code == 422


@pytest.mark.parametrize("status", [200, 204, 205, 299, 304, 306, 308, 407, 418, 425, 499, 520, 524, 599])
def test_every_status_can_be_answered_whatever_the_body(api: Api, panel: RunningPanel, status: int) -> None:
    panel.fault(path="^/connect$", status=status, body={"message": "x"}, headers={"Location": "/elsewhere"})
    answer = api.ask("GET", "/connect", allow_redirects=False)
    assert answer.status_code == status
    assert bool(answer.content) is (status not in (204, 304))


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("data.id", 69, 69),
        ("data.hostname", "\ud800", "\ud800"),
        ("data.settings.resources.memory", HUGE, HUGE),
        ("data.network.interfaces.0.ipWhitelist", [{"ip": "10.0.0.0/24"}], [{"ip": "10.0.0.0/24"}]),
        ("data.network.interfaces[0].ipv4", None, None),
        ("data.cpu", {"cores": 1e308}, {"cores": 1e308}),
        ("data", [], []),
    ],
)
def test_the_panel_s_own_answer_holds_what_nobody_expects(
    api: Api, panel: RunningPanel, control: requests.Session, path: str, value: Any, expected: Any
) -> None:
    id_ = api.new_server()
    before = api.server(id_)
    fault = json.dumps({"path": f"^/servers/{id_}$", "set": {path: value}})
    headers = {"Content-Type": "application/json"}
    assert control.post(f"{panel.origin}/_sandbox/faults", data=fault, headers=headers, timeout=20).ok
    found: Any = api.done("GET", f"/servers/{id_}")
    for name in path.replace("[0]", ".0").split("."):
        found = found[int(name)] if isinstance(found, list) else found[name]
    assert found == expected
    assert api.server(id_) == before


def test_a_value_without_a_place_is_told_instead_of_left_out(api: Api, panel: RunningPanel) -> None:
    panel.fault(path="^/connect$", set={"data.id": 1})
    answer = api.ask("GET", "/connect")
    assert (answer.status_code, "data.id" in answer.text) == (500, True)
    panel.fault(path="^/servers/9$", set={"data.id": 1})
    assert api.ask("GET", "/servers/9").json() == {"msg": "server not found"}


def test_a_list_says_that_it_never_ends(api: Api, panel: RunningPanel) -> None:
    api.new_server()
    panel.fault(path="^/servers$", set={"last_page": 10**9, "total": 10**12}, times=None)
    for page in (1, 2, 3):
        assert api.done("GET", f"/servers?page={page}")["last_page"] == 10**9


def test_a_list_shrinks_while_it_is_read(api: Api, panel: RunningPanel) -> None:
    servers = [api.new_server() for _ in range(5)]
    panel.fault(path="^/servers$", then=[{"kind": "servers", "id": servers[0], "delete": True}])
    first = [row["id"] for row in api.done("GET", "/servers?results=2")["data"]]
    second = [row["id"] for row in api.done("GET", "/servers?results=2&page=2")["data"]]
    assert (first, second) == (servers[:2], servers[3:5])


def test_somebody_changes_an_object_between_two_requests(
    api: Api, panel: RunningPanel, control: requests.Session
) -> None:
    id_ = api.new_server()
    then = [{"kind": "servers", "id": id_, "set": {"uuid": "another"}}, {"kind": "users", "id": 99, "delete": True}]
    fault = {"method": "GET", "path": f"^/servers/{id_}$", "then": then}
    assert control.post(f"{panel.origin}/_sandbox/faults", json=fault, timeout=20).ok
    assert api.server(id_)["uuid"] != "another"
    assert api.server(id_)["uuid"] == "another"
    (listed,) = control.get(f"{panel.origin}/_sandbox/faults", timeout=20).json()
    assert [mutation["kind"] for mutation in listed["then"]] == ["servers", "users"]


PATTERNS = [
    "(a+)+$",
    "(a|aa)+$",
    "(a|a?)+$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*a){25}$",
    "(.*){1,32}[bc]",
    "a*a*a*a*$",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_pattern_stops_the_panel(api: Api, panel: RunningPanel, control: requests.Session, pattern: str) -> None:
    for fault in ({"path": pattern, "status": 500}, {"path": "x", "method": pattern, "status": 500}):
        assert control.post(f"{panel.origin}/_sandbox/faults", json=fault, timeout=20).ok
    begun = time.monotonic()
    assert api.ask("GET", "/servers/" + "a" * 20_000 + "!").status_code in (404, 500)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("pattern", ["(", "((a{1000}){1000}){1000}", "(?=a)", r"(a)\1", "a" * 2000, "a)(b"])
def test_a_pattern_that_can_not_be_matched_in_time_is_refused(
    panel: RunningPanel, control: requests.Session, pattern: str
) -> None:
    for name in ("path", "method"):
        answer = control.post(f"{panel.origin}/_sandbox/faults", json={name: pattern}, timeout=20)
        assert (answer.status_code, "regular expression" in answer.text) == (422, True)


@pytest.mark.parametrize("raw", ["\u0100", 5, ["x"]])
def test_raw_that_is_no_bytes_is_refused(panel: RunningPanel, control: requests.Session, raw: object) -> None:
    assert control.post(f"{panel.origin}/_sandbox/faults", json={"raw": raw}, timeout=20).status_code == 422


@pytest.mark.parametrize("offset", [-7200.0, 0.0, 86_400.0])
def test_the_panel_has_a_clock_of_its_own(offset: float) -> None:
    with running(build_seconds=10, clock=Clock(lambda: NOON), clock_offset=offset) as panel:
        api = Api(panel)
        answer = api.ask("GET", "/connect")
        assert parsedate_to_datetime(answer.headers["Date"]).timestamp() == NOON + offset
        server, user = api.server(api.built_server()), api.new_user()
        made = [server["created"], user["created"].replace(".000000Z", "+00:00")]
        assert made[0] == time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(NOON + offset))
        assert made[1] == time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(NOON + offset + 10))
        assert server["built"] == made[1]
        api.close()


@pytest.mark.parametrize("offset", [-7200, 7200])
def test_setting_the_clock_neither_ends_nor_puts_off_what_is_under_way(
    api: Api, panel: RunningPanel, offset: int
) -> None:
    built, leaving = api.new_server(), api.new_server()
    api.data("POST", f"/servers/{built}/build", {"operatingSystemId": 1})
    api.done("DELETE", f"/servers/{leaving}?delay=1")
    panel.add_token("slow", rate=1)
    slow = Api(panel, "slow")
    assert slow.ask("GET", "/connect").status_code == 200
    panel.set(clock_offset=offset)
    assert slow.ask("GET", "/connect").headers["Retry-After"] == "60"
    panel.advance(9)
    assert api.server(built)["state"] != "complete"
    panel.advance(2)
    assert api.server(built)["state"] == "complete"
    panel.advance(48)
    assert api.ask("GET", f"/servers/{leaving}").status_code == 200
    panel.advance(4)
    assert api.ask("GET", f"/servers/{leaving}").status_code == 404
    slow.close()


def test_a_reset_sets_the_clock_right(api: Api, panel: RunningPanel) -> None:
    panel.set(clock_offset=500.0)
    panel.reset()
    assert parsedate_to_datetime(api.ask("GET", "/connect").headers["Date"]).timestamp() == NOON
    with pytest.raises(ValueError, match="clock_offset"):
        panel.set(clock_offset=float("nan"))


def test_a_fault_may_have_a_date_of_its_own(api: Api, panel: RunningPanel) -> None:
    panel.fault(path="^/connect$", status=200, body=[], headers={"Date": "yesterday"})
    assert api.ask("GET", "/connect").headers["Date"] == "yesterday"


def test_a_fault_keeps_what_it_was_told() -> None:
    assert Fault.model_validate({"raw": b"\xff"}).model_dump()["raw"] == "\xff"
