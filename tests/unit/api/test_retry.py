"""When a request is sent again."""

from __future__ import annotations

import math

import pytest

from pulumi_virtfusion.api.http.answer import Answer, Failure
from pulumi_virtfusion.api.http.operation import Operation, Verb
from pulumi_virtfusion.api.http.outcome import judge
from pulumi_virtfusion.api.http.retry import Attempt, RetryPolicy, RetryReason, delay_before_retry, seconds_to_wait

AGAIN, NEVER = True, False


@pytest.mark.parametrize(
    ("reason", "elapsed", "remaining", "again"),
    [
        (RetryReason.LOST, 59.4, 1000, AGAIN),
        (RetryReason.LOST, 59.6, 1000, NEVER),
        (RetryReason.UNAVAILABLE, 59.6, 1000, NEVER),
        (RetryReason.NEVER_SENT, 19.4, 1000, AGAIN),
        (RetryReason.NEVER_SENT, 19.6, 1000, NEVER),
        (RetryReason.LOCKED, 900, 1000, AGAIN),
        (RetryReason.LOCKED, 900, 0.4, NEVER),
        (RetryReason.RATE_LIMITED, 900, 1000, AGAIN),
        (RetryReason.RATE_LIMITED, 900, 0.4, NEVER),
        (RetryReason.LOST, 0, 0.4, NEVER),
    ],
)
def test_how_long_it_is_tried(reason: RetryReason, elapsed: float, remaining: float, again: bool) -> None:
    attempt = Attempt(reason, 1, elapsed, remaining)
    assert (delay_before_retry(attempt, RetryPolicy(), jitter=lambda: 1.0) is not None) is again


def test_a_locked_server_is_waited_for_as_long_as_the_operation_may_take() -> None:
    attempt = Attempt(RetryReason.LOCKED, 100, elapsed=5000, remaining=5000)
    assert delay_before_retry(attempt, RetryPolicy(), jitter=lambda: 1.0) == 15


@pytest.mark.parametrize(("number", "longest"), [(1, 0.5), (2, 1), (3, 2), (5, 8), (6, 15), (1000, 15)])
def test_delays_double_and_are_spread_over_their_whole_length(number: int, longest: float) -> None:
    attempt = Attempt(RetryReason.LOCKED, number, elapsed=0, remaining=1000)
    assert delay_before_retry(attempt, RetryPolicy(), jitter=lambda: 1.0) == longest
    assert delay_before_retry(attempt, RetryPolicy(), jitter=lambda: 0.25) == longest / 4


def test_what_the_panel_asks_for_is_waited_exactly() -> None:
    attempt = Attempt(RetryReason.RATE_LIMITED, 1, elapsed=0, remaining=1000, retry_after=37)
    assert delay_before_retry(attempt, RetryPolicy()) == 37


def test_a_wait_that_would_outlast_the_time_limit_is_not_begun() -> None:
    attempt = Attempt(RetryReason.RATE_LIMITED, 1, elapsed=0, remaining=30, retry_after=37)
    assert delay_before_retry(attempt, RetryPolicy()) is None


@pytest.mark.parametrize("asked", [0, 0.01, 0.124])
def test_what_the_panel_asks_for_does_not_shorten_our_own_pause(asked: float) -> None:
    attempt = Attempt(RetryReason.RATE_LIMITED, 1, elapsed=0, remaining=1000, retry_after=asked)
    assert delay_before_retry(attempt, RetryPolicy(), jitter=lambda: 0.0) == 0.125


@pytest.mark.parametrize("setting", [{"first_delay": 0}, {"longest_delay": 0}, {"first_delay": float("nan")}])
def test_a_patience_without_a_pause_is_refused(setting: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(setting))):
        RetryPolicy(**setting)  # type: ignore[arg-type]


def test_a_read_that_meets_a_500_is_sent_three_times_in_all() -> None:
    attempts = [Attempt(RetryReason.BROKEN, number, elapsed=0, remaining=1000) for number in (1, 2, 3)]
    assert [delay_before_retry(one, RetryPolicy()) is not None for one in attempts] == [True, True, False]


RETRY_AFTER: list[tuple[list[str], float]] = [
    ([], 0),
    ([""], 0),
    (["0"], 0),
    (["120"], 120),
    ([" 7 "], 7),
    (["-5"], 0),
    (["-0"], 0),
    (["+5"], 0),
    (["1_000"], 0),
    (["1e9"], 0),
    (["1.5"], 0),
    (["NaN"], 0),
    (["inf"], 0),
    (["soon"], 0),
    (["9" * 30], 1e30),
    (["9" * 5000], math.inf),
    (["Wed, 21 Oct 2015 07:28:30 GMT"], 30),
    (["Wed, 21 Oct 2015 07:27:00 GMT"], 0),
    (["Wed, 21 Oct 99999 07:27:00 GMT"], 0),
    (["0", "30"], 30),
    (["30", "0"], 30),
    (["0, 30"], 30),
    (["Wed, 21 Oct 2015 07:28:30 GMT", "soon", "7"], 30),
]


@pytest.mark.parametrize(("headers", "seconds"), RETRY_AFTER)
def test_retry_after_is_seconds_or_a_date_and_the_longest_counts(headers: list[str], seconds: float) -> None:
    assert seconds_to_wait(headers, now=1445412480) == seconds  # Wed, 21 Oct 2015 07:28:00 GMT


@pytest.mark.parametrize("verb", ["GET", "DELETE"])
@pytest.mark.parametrize("headers", [headers for headers, _ in RETRY_AFTER])
def test_whatever_status_and_header_an_answer_has_requests_stay_few(headers: list[str], verb: Verb) -> None:
    operation = Operation(verb, "/servers/{serverId}", repeatable=True, needs_body=True)
    for status in range(100, 1000):
        assert requests_within(3.0, operation, Answer(status, retry_after=tuple(headers))) <= 6, status
    for sent in (True, False):
        assert requests_within(3.0, operation, Failure("Connection refused", sent=sent)) <= 6


def requests_within(seconds: float, operation: Operation, came: Answer | Failure) -> int:
    """How often a request that always ends so is sent, when chance makes every pause as short as it can."""
    number, now = 1, 0.0
    while (reason := judge(operation, came).again) is not None:
        asked = seconds_to_wait(came.retry_after, 1445412480) if isinstance(came, Answer) else 0.0
        delay = delay_before_retry(Attempt(reason, number, now, 1800 - now, asked), RetryPolicy(), jitter=lambda: 0.0)
        if delay is None or now + delay > seconds:
            break
        number, now = number + 1, now + delay
    return number
