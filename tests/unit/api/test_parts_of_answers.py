"""Of an answer that breaks off, wherever that is, nothing is believed."""

from __future__ import annotations

import gzip
import zlib

import pytest

from pulumi_virtfusion.api import ConnectionFailed, OutcomeUnknown, PanelError, RetryPolicy
from tests.unit.api.conftest import ClientOf, Play
from tests.unit.api.scripted_panel import Line, answers

ONCE = RetryPolicy(lost=0, first_delay=0.02)
HEAD = b"HTTP/1.1 200 OK\r\nServer: panel\r\nContent-Type: application/json\r\n\r\n"
BODY = b'{"data": {"id": 7, "ownerId": 3, "name": "web"}}'
PACKED = {
    "gzip": gzip.compress(BODY),
    "x-gzip": gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]),
    "deflate": zlib.compress(BODY),
}


def compressed(encoding: str, text: bytes) -> Line:
    return answers(200, text, {"Content-Encoding": encoding})


@pytest.mark.parametrize("length", range(1, len(HEAD)))
def test_a_part_of_a_head_is_no_answer(length: int, play: Play, client_of: ClientOf) -> None:
    panel = play(Line(HEAD[:length], close=True))
    with pytest.raises(OutcomeUnknown, match="lost its answer"):
        client_of(panel, retry_policy=ONCE).servers.change_owner(7, 3)
    assert len(panel.requests) == 1


def test_a_whole_head_is_one(play: Play, client_of: ClientOf) -> None:
    client_of(play(Line(HEAD, close=True)), retry_policy=ONCE).servers.change_owner(7, 3)


def test_a_head_that_cannot_be_read_to_its_end_is_none(play: Play, client_of: ClientOf) -> None:
    panel = play(Line(HEAD.replace(b"Server: ", b"Server ") + BODY, close=True))
    with pytest.raises(OutcomeUnknown, match="no answer in HTTP"):
        client_of(panel, retry_policy=ONCE).servers.change_owner(7, 3)


@pytest.mark.parametrize("encoding", PACKED)
def test_what_is_compressed_is_read(encoding: str, play: Play, client_of: ClientOf) -> None:
    panel = play(compressed(encoding, PACKED[encoding]), compressed(encoding.upper(), PACKED[encoding]))
    client = client_of(panel)
    assert [client.servers.get(7).name, client.servers.get(7).name] == ["web", "web"]
    assert panel.requests[0].headers["Accept-Encoding"] == "gzip, deflate"


def test_nothing_may_be_compressed_too(play: Play, client_of: ClientOf) -> None:
    client_of(play(compressed("gzip", gzip.compress(b"")))).servers.change_owner(7, 3)
    client_of(play(compressed("gzip", b""))).servers.change_owner(7, 3)


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("length", [1, 5, 10, -20, -8, -1])
def test_a_part_of_what_is_compressed_is_none_of_it(
    encoding: str, length: int, play: Play, client_of: ClientOf
) -> None:
    client = client_of(play(compressed(encoding, PACKED[encoding][:length])), retry_policy=ONCE)
    with pytest.raises(OutcomeUnknown, match="cut off"):
        client.servers.change_owner(7, 3)
    with pytest.raises((ConnectionFailed, PanelError), match="cut off"):
        client.servers.get(7)


def test_what_is_compressed_in_a_way_that_was_not_asked_for_is_not_the_apis(play: Play, client_of: ClientOf) -> None:
    with pytest.raises(OutcomeUnknown, match="no JSON"):
        client_of(play(compressed("br", b"\x0b\x02\x80data"))).servers.change_owner(7, 3)
