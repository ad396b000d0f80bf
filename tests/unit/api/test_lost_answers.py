"""What becomes of a request whose answer does not come back whole, on real sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from pulumi_virtfusion.api import (
    ConnectionFailed,
    NotFound,
    OperationTimeout,
    OutcomeUnknown,
    PanelError,
    RateLimited,
    RetryPolicy,
    VirtFusion,
    VirtFusionError,
)
from tests.unit.api.conftest import TOKEN, ClientOf, Play
from tests.unit.api.scripted_panel import (
    CLOSES_AFTER_READING,
    CLOSES_BEFORE_READING,
    SILENT,
    Line,
    answers,
    cut_off,
)

SERVER = {"data": {"id": 7, "ownerId": 3, "name": "web"}}
HTML = b"<!DOCTYPE html><html><body>Server Error</body></html>"

LOST: dict[str, Line] = {
    "closed before reading": CLOSES_BEFORE_READING,
    "closed after reading": CLOSES_AFTER_READING,
    "no answer in time": SILENT,
    "502": answers(502, HTML),
    "503": answers(503, {"message": "Service Unavailable"}),
    "504": answers(504, b""),
    "408": answers(408, b""),
    "425": answers(425, b""),
    "520": answers(520, HTML),
    "524": answers(524, HTML),
}
CUT_OFF: dict[str, Line] = {
    "cut off before its announced end": cut_off(200, b'{"data": {"id": 7, "ow', announced=400),
    "cut off without an announced end": cut_off(200, b'{"data": {"id": 7, "ow', announced=None),
    "empty": answers(201, b""),
}
BROKEN: dict[str, Line] = {"500 in JSON": answers(500, {"message": "Server Error"}), "500 in HTML": answers(500, HTML)}
UNREADABLE: dict[str, Line] = {
    "a web page": answers(200, HTML),
    "an empty list": answers(201, []),
    "an empty object in PHP's way": answers(201, {"data": []}),
    "an object without an id": answers(201, {"data": {"name": "web"}}),
    "plain text": answers(200, b"OK"),
}

Call = Callable[[VirtFusion], Any]


def create(client: VirtFusion) -> Any:
    return client.servers.create(package_id=1, user_id=3, hypervisor_group_id=2)


def change_owner(client: VirtFusion) -> Any:
    return client.servers.change_owner(7, 4)


def read(client: VirtFusion) -> Any:
    return client.servers.get(7)


def rename(client: VirtFusion) -> Any:
    return client.servers.rename(7, "web")


def enable_firewall(client: VirtFusion) -> Any:
    return client.servers.enable_firewall(7, "primary")


def lines(*tables: dict[str, Line]) -> pytest.MarkDecorator:
    every = {name: line for table in tables for name, line in table.items()}
    return pytest.mark.parametrize("line", every.values(), ids=every)


@lines(LOST, CUT_OFF, BROKEN, UNREADABLE)
def test_a_create_without_a_readable_answer_is_an_unknown_outcome_and_is_sent_once(
    line: Line, play: Play, client_of: ClientOf
) -> None:
    panel = play(line, answers(201, SERVER))
    with pytest.raises(OutcomeUnknown, match="POST /servers") as lost:
        create(client_of(panel, request_timeout=0.3))
    assert (lost.value.method, lost.value.path) == ("POST", "/servers")
    assert "not repeated" in str(lost.value)
    assert len(panel.requests) <= 1
    assert panel.connections == 1


@lines(LOST, BROKEN)
def test_a_change_of_owner_is_not_repeated_either_since_the_panel_would_refuse_it(
    line: Line, play: Play, client_of: ClientOf
) -> None:
    panel = play(line, answers(201))
    with pytest.raises(OutcomeUnknown):
        change_owner(client_of(panel, request_timeout=0.3))
    assert panel.connections == 1


def test_a_write_whose_body_is_not_needed_succeeds_without_one(play: Play, client_of: ClientOf) -> None:
    panel = play(CUT_OFF["empty"])
    change_owner(client_of(panel))
    rename(client_of(panel))
    assert [request.method for request in panel.requests] == ["PUT", "PUT"]


@pytest.mark.parametrize("name", sorted(CUT_OFF.keys() - {"empty"}))
def test_a_write_whose_answer_breaks_off_may_not_be_done(name: str, play: Play, client_of: ClientOf) -> None:
    panel = play(CUT_OFF[name], answers(201))
    with pytest.raises(OutcomeUnknown, match="its body is cut off"):
        change_owner(client_of(panel))
    assert len(panel.requests) == 1
    panel = play(CUT_OFF[name], answers(201))
    rename(client_of(panel))
    assert len(panel.requests) == 2


@lines(LOST)
@pytest.mark.parametrize("call", [read, rename, enable_firewall])
def test_what_can_be_repeated_is_repeated(call: Call, line: Line, play: Play, client_of: ClientOf) -> None:
    panel = play(line, line, answers(200, SERVER))
    call(client_of(panel, request_timeout=1, retry_policy=RetryPolicy(lost=15, first_delay=0.02)))
    assert len(panel.requests) == (3 if line.read_request else 1)


@lines(CUT_OFF)
def test_a_read_whose_body_is_cut_off_is_repeated(line: Line, play: Play, client_of: ClientOf) -> None:
    panel = play(line, answers(200, SERVER))
    assert read(client_of(panel)).name == "web"
    assert len(panel.requests) == 2


@lines(LOST)
def test_a_read_is_given_up_when_its_budget_is_spent(line: Line, play: Play, client_of: ClientOf) -> None:
    panel = play(line)
    with pytest.raises((ConnectionFailed, PanelError)) as failure:
        read(client_of(panel, request_timeout=0.2))
    assert "GET /servers/7" in str(failure.value)
    assert panel.connections > 1 or len(panel.requests) > 1


@lines(BROKEN)
def test_a_read_that_meets_a_500_is_sent_three_times(line: Line, play: Play, client_of: ClientOf) -> None:
    panel = play(line)
    with pytest.raises(PanelError, match="GET /servers/7 answered 500"):
        read(client_of(panel))
    assert len(panel.requests) == 3


@lines(BROKEN)
def test_a_repeatable_write_that_meets_a_500_fails_at_once(line: Line, play: Play, client_of: ClientOf) -> None:
    panel = play(line)
    with pytest.raises(PanelError, match=r"PUT /servers/7/modify/name answered 500.*may have done it.*no harm"):
        rename(client_of(panel))
    assert len(panel.requests) == 1


@lines(UNREADABLE)
def test_a_read_that_is_answered_with_something_else_is_an_error_of_the_panel(
    line: Line, play: Play, client_of: ClientOf
) -> None:
    with pytest.raises(PanelError, match="GET /servers/7 answered 20"):
        read(client_of(play(line)))


def test_a_web_page_is_no_success_even_where_no_body_is_needed(play: Play, client_of: ClientOf) -> None:
    client = client_of(play(answers(200, HTML)))
    with pytest.raises(PanelError, match=r"web page.*check the endpoint"):
        client.servers.delete(7)
    with pytest.raises(OutcomeUnknown, match="web page"):
        client.servers.add_ipv4_addresses(7, interface="primary", addresses=["192.0.2.7"])


@pytest.fixture
def nobody_listens() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("call", [read, create, rename])
def test_a_refused_connection_is_nothing_sent_whatever_the_operation(call: Call, nobody_listens: str) -> None:
    client = VirtFusion(nobody_listens, TOKEN, retry_policy=RetryPolicy(connecting=0.2, first_delay=0.02))
    with pytest.raises(ConnectionFailed, match=r"Connection refused\. Nothing was sent\."):
        call(client)


@pytest.mark.parametrize("call", [read, create, rename])
def test_a_panel_that_is_up_again_in_time_is_reached_and_asked_once(
    call: Call, nobody_listens: str, play: Play
) -> None:
    client = VirtFusion(
        nobody_listens, TOKEN, retry_policy=RetryPolicy(connecting=20, first_delay=0.05, longest_delay=0.05)
    )
    with ThreadPoolExecutor(1) as thread:
        called = thread.submit(call, client)
        time.sleep(0.2)
        panel = play(answers(200, SERVER), port=int(nobody_listens.rpartition(":")[2]))
        called.result(20)
    assert len(panel.requests) == 1


def test_troubles_that_take_turns_come_to_an_end_too(play: Play, client_of: ClientOf) -> None:
    turns = [answers(502), CLOSES_AFTER_READING, answers(503, b"", {"Retry-After": "0"}), answers(429), answers(423)]
    panel = play(by_number=lambda number: turns[number % len(turns)])
    began = time.monotonic()
    with pytest.raises((PanelError, ConnectionFailed)):
        read(client_of(panel))
    assert 0.3 < time.monotonic() - began < 5
    assert len(panel.requests) > len(turns)


def test_a_delete_that_finds_nothing_after_a_lost_answer_is_done(play: Play, client_of: ClientOf) -> None:
    gone = answers(404, {"msg": "server not found"})
    for lost in (CLOSES_AFTER_READING, answers(502)):
        panel = play(lost, gone)
        client_of(panel).servers.delete(7)
        assert len(panel.requests) == 2


def test_a_delete_that_finds_nothing_at_once_or_after_a_refusal_is_an_error(play: Play, client_of: ClientOf) -> None:
    gone = answers(404, {"msg": "server not found"})
    for lines in ([gone], [answers(423, {"msg": "busy"}), gone], [answers(429), gone]):
        with pytest.raises(NotFound):
            client_of(play(*lines)).servers.delete(7)


def test_a_404_that_is_not_the_apis_deletes_nothing(play: Play, client_of: ClientOf) -> None:
    with pytest.raises(PanelError, match="404"):
        client_of(play(CLOSES_AFTER_READING, answers(404, HTML))).servers.delete(7)
    with pytest.raises(NotFound):
        read(client_of(play(CLOSES_AFTER_READING, answers(404, {"msg": "server not found"}))))


def test_what_was_met_before_the_time_limit_is_what_is_told(play: Play, client_of: ClientOf) -> None:
    slow = answers(429, b"", {"Retry-After": "2"}, after=0.6)
    panel = play(slow, answers(429, {"msg": "Too many"}, {"Retry-After": "1"}), answers(200, SERVER))
    client = client_of(panel)
    with ThreadPoolExecutor(2) as threads:
        holds_all = threads.submit(limited, client, 20)
        while not panel.requests:
            time.sleep(0.005)
        with pytest.raises(RateLimited, match="answered 429: Too many"):
            limited(client, 1.4)
        holds_all.result()
    assert len(panel.requests) == 3


def limited(client: VirtFusion, seconds: float) -> None:
    with client.time_limit(seconds):
        read(client)


class BreaksDown(BaseAdapter):
    """A transport with a bug that shows after the request was sent."""

    sent = 0

    def send(self, *_: Any, **__: Any) -> requests.Response:
        self.sent += 1
        raise RuntimeError(f"bug with {TOKEN} at hand")

    def close(self) -> None:
        pass


def test_a_bug_below_us_is_a_lost_answer_too(play: Play, client_of: ClientOf) -> None:
    client, broken = client_of(play(answers(200))), BreaksDown()
    client.transport.connection.session.mount("http://", broken)
    with pytest.raises(OutcomeUnknown, match="it ended in RuntimeError") as lost:
        create(client)
    assert broken.sent == 1
    assert lost.value.__context__ is None
    assert TOKEN not in str(lost.value)


@pytest.mark.parametrize("host", ["panel..example.com", "x" * 70 + ".example.com", "*.example.com"])
def test_a_name_that_no_host_can_have_is_nothing_sent(host: str) -> None:
    client = VirtFusion(f"https://{host}", TOKEN, retry_policy=RetryPolicy(connecting=0.1, first_delay=0.02))
    with pytest.raises(ConnectionFailed, match=r"Nothing was sent\."):
        create(client)


def test_an_address_without_tls_is_nothing_sent(play: Play) -> None:
    panel = play(Line(b"HTTP/1.1 400 X\r\n\r\n", read_request=False, close=True))
    client = VirtFusion(panel.url.replace("http:", "https:"), TOKEN)
    with pytest.raises(ConnectionFailed, match=r"does not speak TLS there .* Nothing was sent\."):
        create(client)


def test_a_create_after_an_idle_time_takes_a_new_connection(play: Play, client_of: ClientOf) -> None:
    panel = play(answers(200, SERVER))
    client = client_of(panel, retry_policy=RetryPolicy(idle_connection=0))
    read(client)
    read(client)
    assert panel.connections == 1
    create(client)
    assert panel.connections == 2


def test_a_time_limit_cuts_a_read_short_and_says_so(play: Play, client_of: ClientOf) -> None:
    client = client_of(play(SILENT), request_timeout=30)
    with pytest.raises(OperationTimeout, match="GET /servers/7 ran into its time limit"), client.time_limit(0.3):
        read(client)


def test_a_time_limit_does_not_cut_a_create_short(play: Play, client_of: ClientOf) -> None:
    client = client_of(play(answers(201, SERVER, after=0.4)))
    with client.time_limit(0.1):
        assert create(client).server_id == 7


def test_nothing_is_sent_after_the_time_limit(play: Play, client_of: ClientOf) -> None:
    panel = play(answers(201, SERVER))
    client = client_of(panel)
    with pytest.raises(OperationTimeout, match="was not sent"), client.time_limit(0):
        create(client)
    assert panel.requests == []


def test_a_lost_answer_chains_no_other_error(play: Play, client_of: ClientOf) -> None:
    for line in (CLOSES_AFTER_READING, answers(201, {"data": {}})):
        with pytest.raises(VirtFusionError) as lost:
            create(client_of(play(line)))
        assert lost.value.__cause__ is None
        assert lost.value.__context__ is None
