"""What may be read of an answer that breaks off: nothing, unless the reader has all of it or cannot tell."""

from __future__ import annotations

import pytest

from tests.fuzz.bends import Bend, Genuine

BODY = b'{"data": {"id": 7}}'
GENUINE = Genuine(201, BODY)


def readings(framing: str, cut: int) -> tuple[bytes, ...]:
    """Of an answer that breaks off so many bytes before its end."""
    whole = Bend(framing=framing).sent_for(GENUINE)
    return Bend(framing=framing, cut=len(whole.text) - cut).sent_for(GENUINE).readings


@pytest.mark.parametrize(
    ("framing", "needless"),
    [("another answer behind it", 63), ("in chunks", 4), ("chunks with extras", 23), ("length and chunks", 4)],
)
def test_an_answer_is_whole_where_only_what_comes_behind_it_is_cut_off(framing: str, needless: int) -> None:
    assert readings(framing, needless) == (BODY,)
    assert readings(framing, needless + 1) == ()


@pytest.mark.parametrize("framing", ["no length", "of HTTP/1.0", "negative length", "no number for a length"])
def test_where_the_end_of_the_connection_is_the_end_of_the_body_a_part_is_read_as_all(framing: str) -> None:
    assert readings(framing, 2) == (BODY[:-2],)
    assert readings(framing, len(BODY)) == (b"",)
    assert readings(framing, len(BODY) + 1) == ()


def test_of_an_announced_length_a_part_proves_nothing() -> None:
    assert readings("honest", 0) == (BODY,)
    assert readings("honest", 1) == ()
