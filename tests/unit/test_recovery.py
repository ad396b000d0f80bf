"""After a lost answer: what the error says of the look at the panel."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from threading import Event

import pytest

from pulumi_virtfusion.api.errors import OutcomeUnknown, PermissionDenied
from pulumi_virtfusion.lifecycle.lost_answers import (
    BEFORE,
    Before,
    Candidate,
    Gate,
    before_input,
    proven,
    read_note,
    reconciling,
    with_advice,
)

LOST = OutcomeUnknown("POST /boxes lost its answer.", "POST", "/boxes", 500, ["no"])


def test_advice_is_added_to_the_error_and_nothing_of_it_is_lost() -> None:
    error = with_advice(LOST, "Look at box 7.")
    assert str(error) == "POST /boxes lost its answer. Look at box 7."
    assert (error.method, error.path, error.status, error.messages) == ("POST", "/boxes", 500, ("no",))


def test_a_look_that_fails_is_told_beside_the_lost_answer() -> None:
    with (
        pytest.raises(OutcomeUnknown, match=r"lost its answer\. Looking for what it made failed too: GET answered 403"),
        reconciling(LOST),
    ):
        raise PermissionDenied("GET answered 403", "GET", "/boxes", 403)


def test_a_look_that_fails_for_no_reason_of_the_panel_is_not_hidden() -> None:
    with pytest.raises(KeyError), reconciling(LOST):
        raise KeyError("a bug")


class TestBefore:
    NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)

    @pytest.mark.parametrize(
        ("created", "doubt"),
        [
            ("2026-01-01T12:00:00Z", ""),
            ("2026-01-01T11:58:00Z", ""),
            ("2026-01-01T11:57:59Z", "by the panel's clock it was made 2026-01-01T11:57:59Z, before the run began"),
            ("2026-01-01T13:02:00Z", ""),
            ("2026-01-01T13:02:01Z", "by the panel's clock it was made 2026-01-01T13:02:01Z, after the run had ended"),
            ("yesterday", "the panel does not tell when it was made"),
        ],
    )
    def test_a_time_can_only_rule_out(self, created: str, doubt: str) -> None:
        before = Before(self.NOON, until=self.NOON + timedelta(hours=1))
        assert before.doubt(created) == doubt
        assert before.doubt(created, was_there=None) == (doubt or "nothing tells whether it was there before")
        assert before.doubt(created, was_there=True) == "it was there before"

    def test_no_time_is_asked_where_the_list_was_read_just_before(self) -> None:
        assert Before(None).doubt("1999-01-01T00:00:00Z") == ""

    def test_a_panel_counts_upwards(self) -> None:
        before = Before(None, seen=7)
        assert [before.had(number) for number in (6, 7, 8)] == [True, True, False]
        assert Before(None).had(8) is None

    def test_a_note_is_read_as_it_was_written(self) -> None:
        seen, at = read_note({"name": "a", **before_input([1, 2])})
        assert seen == [1, 2]
        assert at is not None
        assert at.tzinfo is not None
        assert (before_input(None), read_note({}), read_note({BEFORE: "?"})) == (
            {},
            (None, None),
            (None, None),
        )


class TestProven:
    def test_one_is(self) -> None:
        sure, unsure = Candidate("1", None), Candidate("2", None, "it was there before")
        assert proven([unsure, sure]) == sure
        assert proven([unsure]) is None

    def test_of_more_than_creates_that_were_lost_none_is(self) -> None:
        two = [Candidate("1", None), Candidate("2", None)]
        assert proven(two) is None
        assert proven(two, creates=2) == two[0]


def test_a_look_waits_for_the_creates_that_are_under_way_and_holds_up_others() -> None:
    gate, order = Gate(), list[str]()
    inside, done = Event(), Event()

    def create(name: str) -> None:
        with gate.creating():
            inside.set()
            done.wait(5)
            order.append(name)

    def look() -> None:
        with gate.looking():
            order.append("look")

    with ThreadPoolExecutor() as threads:
        first = threads.submit(create, "first")
        inside.wait(5)
        looking = threads.submit(look)
        while not gate._is_looking:
            time.sleep(0.001)
        second = threads.submit(create, "second")
        done.set()
        for one in (first, looking, second):
            one.result(5)
    assert order == ["first", "look", "second"]
