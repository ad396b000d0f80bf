"""What a run reads is shared by a refresh alone, and by nothing that was read before or during a write."""

from __future__ import annotations

from itertools import count

from pulumi_virtfusion.lifecycle.run import Run


def test_only_a_refresh_shares() -> None:
    run, answers = Run(), count()
    assert [run.read("server 7", lambda: next(answers)) for _ in range(2)] == [0, 1]
    with run.refreshing():
        assert [run.read("server 7", lambda: next(answers)) for _ in range(2)] == [2, 2]
        assert run.read("server 8", lambda: next(answers)) == 3
    assert run.read("server 7", lambda: next(answers)) == 4


def test_a_write_ends_the_moment_when_it_begins_and_when_it_ends() -> None:
    run, answers = Run(), count()

    def refreshed() -> int:
        with run.refreshing():
            return run.read("server 7", lambda: next(answers))

    assert [refreshed(), refreshed()] == [0, 0]
    with run.writing():
        assert [refreshed(), refreshed()] == [1, 1]
    assert [refreshed(), refreshed()] == [2, 2]
