"""When the next request may start."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from pulumi_virtfusion.api import RetryPolicy, VirtFusionError
from pulumi_virtfusion.api.http.throttle import OutOfTime, Throttle
from tests.unit.api.conftest import ClientOf, Play
from tests.unit.api.scripted_panel import ScriptedPanel, answers

OK = answers(200, {"data": {"id": 7, "ownerId": 3, "name": "web"}})
FAR = time.monotonic() + 3600


def even() -> float:
    return 0.5


def starts_of(pace: Throttle, threads: int, ease: bool = False) -> list[float]:
    """When each of so many threads that come at once got its turn, in seconds from their coming."""
    began = time.monotonic()

    def take(_: int) -> float:
        with pace.turn(FAR):
            started = time.monotonic() - began
        if ease:
            pace.ease()
        return started

    with ThreadPoolExecutor(threads) as pool:
        return sorted(pool.map(take, range(threads)))


def test_nothing_is_held_up_before_the_first_429() -> None:
    assert starts_of(Throttle(20, first_gap=10), 20)[-1] < 5


def test_after_a_pause_requests_start_one_by_one() -> None:
    pace = Throttle(20, first_gap=0.05, jitter=even)
    pace.hold(0.2)
    starts = starts_of(pace, 10)
    assert starts[0] > 0.19
    assert min(later - sooner for sooner, later in pairwise(starts)) > 0.045


def test_the_distances_are_not_equal() -> None:
    spread = iter([0.0, 1.0] * 10)
    pace = Throttle(20, first_gap=0.1, jitter=lambda: next(spread))
    pace.hold(0)
    starts = starts_of(pace, 5)
    gaps = [later - sooner for sooner, later in pairwise(starts)]
    assert max(gaps[0], gaps[2]) < 0.145 < min(gaps[1], gaps[3])


def test_each_further_429_doubles_the_distance_but_not_those_that_come_with_the_first() -> None:
    pace = Throttle(20, first_gap=0.02, jitter=even)
    for _ in range(8):
        pace.hold(0.1)
    assert 0.1 < starts_of(pace, 6)[-1] < 0.1 + 5 * 0.02 + 0.5
    pace.hold(0)
    pace.hold(0)
    pace.hold(0)
    assert starts_of(pace, 5)[-1] > 4 * 0.15


def test_other_answers_bring_back_full_speed() -> None:
    pace = Throttle(20, first_gap=0.2, jitter=even)
    pace.hold(0)
    starts_of(pace, 8, ease=True)
    assert starts_of(pace, 20)[-1] < 2


def test_a_turn_that_does_not_come_in_time_is_not_taken() -> None:
    pace = Throttle(1, first_gap=0.05)
    pace.hold(3600)
    with pytest.raises(OutOfTime), pace.turn(time.monotonic() + 0.1):
        pytest.fail("it was taken")


def test_a_place_that_is_free_too_late_for_one_goes_to_the_next() -> None:
    now = [0.0]
    pace = Throttle(1, first_gap=0.05, clock=lambda: now[0])
    got: list[float] = []

    def wait(deadline: float) -> None:
        try:
            with pace.turn(deadline):
                got.append(deadline)
        except OutOfTime:
            got.append(-deadline)

    waiting = [threading.Thread(target=wait, args=(deadline,), daemon=True) for deadline in (60.0, 3600.0)]
    with pace.turn(3600):
        for thread in waiting:
            thread.start()
            time.sleep(0.2)  # so that they wait in this order
        now[0] = 61
    for thread in waiting:
        thread.join(10)
    assert got == [-60, 3600]


@pytest.fixture
def arrivals(play: Play, client_of: ClientOf) -> Callable[[str], list[float]]:
    """Seconds at which ten threads' requests arrive whose first four are answered with a 429."""

    def of(retry_after: str) -> list[float]:
        headers = {"Retry-After": retry_after} if retry_after else {}
        panel = play(by_number=lambda number: answers(429, b"", headers) if number < 4 else OK)
        client = client_of(panel, max_concurrency=4, retry_policy=RetryPolicy(first_delay=0.4, longest_delay=0.4))
        with ThreadPoolExecutor(10) as threads:
            assert [one.name for one in threads.map(client.servers.get, [7] * 10)] == ["web"] * 10
        times = sorted(request.at for request in panel.requests)
        return [at - times[0] for at in times]

    return of


@pytest.mark.parametrize("retry_after", ["", "1"])
def test_after_a_429_the_threads_of_a_client_do_not_run_into_the_limit_together_again(
    retry_after: str, arrivals: Callable[[str], list[float]]
) -> None:
    times = arrivals(retry_after)
    after_the_pause = times[4:]
    assert len(after_the_pause) == 10
    if retry_after:
        assert after_the_pause[0] > 0.95
    gaps = [later - sooner for sooner, later in pairwise(after_the_pause[:4])]
    # 0.04 s by the patience, less what four answers and the spread take off; a busy machine may hold one request back.
    assert sorted(gaps)[1] > 0.007
    assert after_the_pause[3] - after_the_pause[0] > 0.04


@pytest.mark.parametrize("retry_after", ["0", "-1", "Wed, 21 Oct 2015 07:28:00 GMT", "NaN"])
def test_no_answer_makes_a_client_ask_as_fast_as_it_can(retry_after: str, play: Play, client_of: ClientOf) -> None:
    statuses = [408, 423, 425, 429, 500, 502, 503, 504, 520, 524]
    panels = [play(answers(status, b"", {"Retry-After": retry_after})) for status in statuses]

    def insist(panel: ScriptedPanel) -> None:
        client = client_of(panel, retry_policy=RetryPolicy())
        with client.time_limit(1), pytest.raises(VirtFusionError):
            client.servers.get(7)

    with ThreadPoolExecutor(len(panels)) as threads:
        list(threads.map(insist, panels))
    assert max(len(panel.requests) for panel in panels) <= 4
    assert min(len(panel.requests) for panel in panels) >= 1
