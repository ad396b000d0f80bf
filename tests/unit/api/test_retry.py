"""When a request is sent again."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.api.operation import Operation
from pulumi_virtfusion.api.retry import Attempt, Patience, Trouble, delay_before_retry, seconds_to_wait

GET = Operation("GET", "/servers/{serverId}", repeatable=True, needs_body=True)
PUT = Operation("PUT", "/servers/{serverId}/modify/name", repeatable=True, needs_body=True)
CREATE = Operation("POST", "/servers", repeatable=False, needs_body=True)
FIREWALL = Operation("POST", "/servers/{serverId}/firewall/{interface}/enable", repeatable=True, needs_body=True)
OWNER = Operation("PUT", "/servers/{serverId}/owner/{newOwnerId}", repeatable=False, needs_body=True)

AGAIN, NEVER = True, False


@pytest.mark.parametrize(
    ("trouble", "get", "put", "create", "firewall", "owner"),
    [
        (Trouble.NEVER_SENT, AGAIN, AGAIN, AGAIN, AGAIN, AGAIN),
        (Trouble.RATE_LIMITED, AGAIN, AGAIN, AGAIN, AGAIN, AGAIN),
        (Trouble.LOCKED, AGAIN, AGAIN, AGAIN, AGAIN, AGAIN),
        (Trouble.LOST, AGAIN, AGAIN, NEVER, AGAIN, NEVER),
        (Trouble.UNAVAILABLE, AGAIN, AGAIN, NEVER, AGAIN, NEVER),
        (Trouble.BROKEN, AGAIN, NEVER, NEVER, NEVER, NEVER),
    ],
)
def test_what_is_tried_again(trouble: Trouble, get: bool, put: bool, create: bool, firewall: bool, owner: bool) -> None:
    tried = [
        delay_before_retry(Attempt(trouble, operation, 1, elapsed=0, remaining=100), Patience()) is not None
        for operation in (GET, PUT, CREATE, FIREWALL, OWNER)
    ]
    assert tried == [get, put, create, firewall, owner]


def test_every_trouble_has_a_rule() -> None:
    assert set(Trouble) == {
        Trouble.NEVER_SENT, Trouble.RATE_LIMITED, Trouble.LOCKED, Trouble.LOST, Trouble.UNAVAILABLE, Trouble.BROKEN
    }  # fmt: skip


@pytest.mark.parametrize(
    ("trouble", "elapsed", "remaining", "again"),
    [
        (Trouble.LOST, 59.4, 1000, AGAIN),
        (Trouble.LOST, 59.6, 1000, NEVER),
        (Trouble.UNAVAILABLE, 59.6, 1000, NEVER),
        (Trouble.NEVER_SENT, 19.4, 1000, AGAIN),
        (Trouble.NEVER_SENT, 19.6, 1000, NEVER),
        (Trouble.LOCKED, 900, 1000, AGAIN),
        (Trouble.LOCKED, 900, 0.4, NEVER),
        (Trouble.RATE_LIMITED, 900, 1000, AGAIN),
        (Trouble.RATE_LIMITED, 900, 0.4, NEVER),
        (Trouble.LOST, 0, 0.4, NEVER),
    ],
)
def test_how_long_it_is_tried(trouble: Trouble, elapsed: float, remaining: float, again: bool) -> None:
    attempt = Attempt(trouble, GET, 1, elapsed, remaining)
    assert (delay_before_retry(attempt, Patience(), jitter=lambda: 1.0) is not None) is again


def test_a_locked_server_is_waited_for_as_long_as_the_operation_may_take() -> None:
    attempt = Attempt(Trouble.LOCKED, CREATE, 100, elapsed=5000, remaining=5000)
    assert delay_before_retry(attempt, Patience(), jitter=lambda: 1.0) == 15


@pytest.mark.parametrize(("number", "longest"), [(1, 0.5), (2, 1), (3, 2), (5, 8), (6, 15), (1000, 15)])
def test_delays_double_and_are_spread_over_their_whole_length(number: int, longest: float) -> None:
    attempt = Attempt(Trouble.LOCKED, GET, number, elapsed=0, remaining=1000)
    assert delay_before_retry(attempt, Patience(), jitter=lambda: 1.0) == longest
    assert delay_before_retry(attempt, Patience(), jitter=lambda: 0.25) == longest / 4


def test_what_the_panel_asks_for_is_waited_exactly() -> None:
    attempt = Attempt(Trouble.RATE_LIMITED, CREATE, 1, elapsed=0, remaining=1000, retry_after=37)
    assert delay_before_retry(attempt, Patience()) == 37


def test_a_wait_that_would_outlast_the_time_limit_is_not_begun() -> None:
    attempt = Attempt(Trouble.RATE_LIMITED, GET, 1, elapsed=0, remaining=30, retry_after=37)
    assert delay_before_retry(attempt, Patience()) is None


def test_a_read_that_meets_a_500_is_sent_three_times_in_all() -> None:
    attempts = [Attempt(Trouble.BROKEN, GET, number, elapsed=0, remaining=1000) for number in (1, 2, 3)]
    assert [delay_before_retry(one, Patience()) is not None for one in attempts] == [True, True, False]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("-5", 0),
        ("Wed, 21 Oct 2015 07:28:30 GMT", 30),
        ("Wed, 21 Oct 2015 07:27:00 GMT", 0),
        ("soon", None),
        ("1.5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_to_wait(header, now=1445412480) == seconds  # Wed, 21 Oct 2015 07:28:00 GMT
