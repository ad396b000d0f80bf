"""The cache of the panels' answers in this run of the program."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from ..api import VirtFusion


class ReadCache:
    """One panel's answers. The first caller makes the request, in its own thread; concurrent callers wait for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[Hashable, Future[Any]] = {}

    def get(self, question: Hashable, ask: Callable[[], Any]) -> Any:
        """Return the answer to `question`; an error is raised in all waiting callers, and a later caller asks again."""
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
_runs: WeakKeyDictionary[object, WeakKeyDictionary[VirtFusion, ReadCache]] = WeakKeyDictionary()
_lock = Lock()


def read_cache_of(panel: VirtFusion) -> ReadCache:
    """Return the cache of `panel` in this run; the Automation API may run many inline programs in one process."""
    run = getattr(pulumi.runtime.settings.SETTINGS, "rpc_manager", None) or _OUTSIDE  # made anew for every run
    with _lock:
        return _runs.setdefault(run, WeakKeyDictionary()).setdefault(panel, ReadCache())
