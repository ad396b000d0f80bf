"""An update that has several steps under way, as the engine's `--parallel` does.

Steps begin in the program's order, and a step waits for what it refers to. After a failure nothing more begins, and
what is under way ends. Which of two equal requests a fault meets is chance then: a walk shrinks to one at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from typing_extensions import override

from tests.soak.engine import Engine, Failed, Kept, Op, Program, Step, Turn, Update


class ParallelUpdate(Update):
    """Creates and updates begin without waiting; what deletes first waits for all the others."""

    def __init__(self, engine: Engine, program: Program, forced: Collection[str], at_once: int) -> None:
        super().__init__(engine, program, forced)
        self._pool = ThreadPoolExecutor(at_once)
        self._under_way: dict[str, Future[Step]] = {}
        self._failures: list[Failed] = []

    @override
    def steps(self) -> Iterator[Step]:
        with self._pool:
            yield from self._begun()
            self._wait()
        if self._failures:
            first, *others = self._failures
            raise Failed(first.step, first.message, others) from first.__cause__

    def _begun(self) -> Iterator[Step]:
        for name, declared in self.program.items():
            if declared.needs & self._under_way.keys() or any(map(_has_failed, self._under_way.values())):
                self._wait()
            if self._failures:
                return
            try:
                yield self.step_of(name)
            except Failed as failed:
                self._failures.append(failed)
                return

    def _wait(self) -> None:
        """For all that is under way."""
        self._failures += filter(None, map(_failure, self._under_way.values()))
        self._under_way.clear()

    @override
    def _create(self, turn: Turn, op: Op) -> Step:
        self._under_way[turn.name] = self._pool.submit(super()._create, turn, op)
        return turn.step(op)

    @override
    def _update(self, turn: Turn, old: Kept) -> Step:
        self._under_way[turn.name] = self._pool.submit(super()._update, turn, old)
        return turn.step("update")

    @override
    def _delete_first(self, kept: Kept) -> None:
        self._wait()
        super()._delete_first(kept)


def _has_failed(step: Future[Step]) -> bool:
    return step.done() and step.exception() is not None


def _failure(step: Future[Step]) -> Failed | None:
    error = step.exception()
    if error is not None and not isinstance(error, Failed):
        raise error
    return error
