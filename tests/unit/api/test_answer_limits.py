"""Answers that never end, and answers that are too long."""

from __future__ import annotations

import gzip
import time

import pytest

from pulumi_virtfusion.api import ConnectionFailed, OutcomeUnknown, PanelError, RetryPolicy
from pulumi_virtfusion.api.http.answer import LARGEST_ANSWER
from tests.unit.api.conftest import ClientOf, Play
from tests.unit.api.scripted_panel import Line, answers, cut_off

ONCE = RetryPolicy(lost=0, first_delay=0.02)
BODY = b'{"data": {"id": 7, "ownerId": 3'
DRIPPING = {
    "the head": Line(b"HTTP/1.1 200 OK\r\nX-Never-Ending: 1", drips_every=0.02),
    "a body of announced length": Line(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + BODY, drips_every=0.002),
    "a body of no announced length": Line(b"HTTP/1.1 200 OK\r\n\r\n" + BODY, drips_every=0.002),
    "chunks": Line(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + BODY, drips_every=0.002),
    "promises to go on": Line(b"HTTP/1.1 100 Continue\r\nX: 1", drips_every=0.02),
}

dripping = pytest.mark.parametrize("line", DRIPPING.values(), ids=DRIPPING)


@dripping
def test_an_answer_that_drips_in_for_ever_is_over_when_its_time_is(line: Line, play: Play, client_of: ClientOf) -> None:
    client = client_of(play(line), request_timeout=0.5, retry_policy=ONCE)
    began = time.monotonic()
    with pytest.raises((ConnectionFailed, PanelError), match=r"no answer within 0\.5 s|cut off"):
        client.servers.get(7)
    assert 0.4 < time.monotonic() - began < 5


@dripping
def test_a_create_whose_answer_drips_in_for_ever_is_an_unknown_outcome(
    line: Line, play: Play, client_of: ClientOf
) -> None:
    panel = play(line)
    client = client_of(panel, request_timeout=0.5, retry_policy=ONCE)
    with pytest.raises(OutcomeUnknown, match="POST /servers"):
        client.servers.create(package_id=1, user_id=3, hypervisor_group_id=2)
    assert len(panel.requests) == 1


def test_an_answer_that_is_slow_but_in_time_is_read(play: Play, client_of: ClientOf) -> None:
    panel = play(answers(200, BODY + b"}}", after=0.2))
    assert client_of(panel, request_timeout=5).servers.get(7).server_id == 7


def padded(size: int) -> bytes:
    return BODY + b" " * (size - len(BODY) - 2) + b"}}"


LONG = {
    "announced": answers(200, padded(LARGEST_ANSWER + 1)),
    "not announced": cut_off(200, padded(LARGEST_ANSWER + 1), announced=None),
    "compressed": answers(200, gzip.compress(padded(LARGEST_ANSWER + 1)), {"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("line", LONG.values(), ids=LONG)
def test_an_answer_that_is_too_long_is_not_read_to_its_end_nor_asked_for_again(
    line: Line, play: Play, client_of: ClientOf
) -> None:
    panel = play(line)
    client = client_of(panel, request_timeout=60)
    with pytest.raises(PanelError, match=r"GET /servers/7 answered 200 with more than 64 MiB.*check the endpoint"):
        client.servers.get(7)
    assert len(panel.requests) == 1
    with pytest.raises(OutcomeUnknown, match="more than 64 MiB"):
        client.servers.create(package_id=1, user_id=3, hypervisor_group_id=2)
    with pytest.raises(PanelError, match="more than 64 MiB"):
        client.servers.rename(7, "its body is not needed, and may say anything")


def test_the_longest_answer_is_read(play: Play, client_of: ClientOf) -> None:
    client = client_of(play(answers(200, padded(LARGEST_ANSWER))), request_timeout=60)
    assert client.servers.get(7).user_id == 3
