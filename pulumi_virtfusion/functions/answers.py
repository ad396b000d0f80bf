"""What panels answered in this run of the program."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from ..api import VirtFusion


class Answers:
    """One panel's answers. Whoever asks first makes the request, in its own thread; the others wait for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[Hashable, Future[Any]] = {}

    def get(self, question: Hashable, ask: Callable[[], Any]) -> Any:
        """The answer to `question`; an error reaches all who wait for it, and who comes later asks again."""
        with self._lock:
            asked = question in self._answers
            answer = self._answers.setdefault(question, Future())
        if not asked:
            try:
                answer.set_result(ask())
            except BaseException as error:
                with self._lock:
                    del self._answers[question]
                answer.set_exception(error)
        return answer.result()


_OUTSIDE = type("Outside", (), {})()
_runs: WeakKeyDictionary[object, WeakKeyDictionary[VirtFusion, Answers]] = WeakKeyDictionary()
_lock = Lock()


def answers_of(panel: VirtFusion) -> Answers:
    """The answers that `panel` gave in this run; inline programs of the Automation API may run often in one process."""
    run = getattr(pulumi.runtime.settings.SETTINGS, "rpc_manager", None) or _OUTSIDE  # made anew for every run
    with _lock:
        return _runs.setdefault(run, WeakKeyDictionary()).setdefault(panel, Answers())
