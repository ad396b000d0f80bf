"""The one place that sends requests: pace, time limits, retries, and errors in words."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Container
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_virtfusion.api import verdict
from pulumi_virtfusion.api.answer import Answer, Failure
from pulumi_virtfusion.api.call import Call
from pulumi_virtfusion.api.errors import VirtFusionError
from pulumi_virtfusion.api.pace import OutOfTime, Pace
from pulumi_virtfusion.api.retry import Attempt, Trouble, delay_before_retry, seconds_to_wait
from pulumi_virtfusion.api.settings import Settings
from pulumi_virtfusion.api.time_limit import deadline

if TYPE_CHECKING:
    from pulumi_virtfusion.api.connection import Connection

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Transport:
    """All requests of one client, from any thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._pace = Pace(settings.max_concurrency, settings.patience.first_delay / 10)
        self._threads = threading.local()

    @property
    def connection(self) -> Connection:
        """This thread's own connection: a `requests.Session` must not be shared."""
        if not hasattr(self._threads, "connection"):
            from pulumi_virtfusion.api.connection import Connection  # requests takes long to import

            self._threads.connection = Connection(self.settings)
        connection: Connection = self._threads.connection
        return connection

    def send(self, call: Call, reading: Callable[[Any], T]) -> T:
        """Sends `call` until it is answered for good, and answers what `reading` makes of the JSON.

        Where the operation needs no body, `reading` gets `None` for a success without JSON. Raises an error of the tree
        in `errors`, outside of all handlers: no other exception, and nothing that one quotes, is chained to it.
        """
        ends = deadline(self.settings.operation_timeout)
        outcome = self._insist(call, ends)
        error = verdict.error_for(call, outcome, out_of_time=time.monotonic() >= ends)
        if isinstance(outcome, Answer) and error is None:
            try:
                return reading(outcome.json)
            except Exception as problem:  # a panel can send anything, and a traceback from here would show it
                error = verdict.unreadable(call, outcome, problem)
        error = self._without_token(error)
        raise error

    def _insist(self, call: Call, ends: float) -> Answer | Failure:
        met: dict[Trouble, tuple[int, float]] = {}
        before: Answer | Failure = verdict.NOT_SENT
        while True:
            outcome = self._attempt(call, ends)
            if outcome is verdict.NOT_SENT:
                return before
            if isinstance(outcome, Failure):
                trouble = outcome.trouble
            else:
                trouble = outcome.trouble(needs_body=call.operation.needs_body)
            if trouble is None:
                return verdict.ANSWER_TO_A_DELETE if _deleted_before(call, outcome, met) else outcome
            delay = self._delay(call, outcome, trouble, met, ends)
            if delay is None:
                return outcome
            _log.debug("%s: %s, next attempt in %.1f s", call, trouble.value, delay)
            self._wait(trouble, delay)
            before = outcome

    def _delay(
        self,
        call: Call,
        outcome: Answer | Failure,
        trouble: Trouble,
        met: dict[Trouble, tuple[int, float]],
        ends: float,
    ) -> float | None:
        """Seconds until the next attempt, `None` for no further one; notes the trouble among those `met`."""
        now = time.monotonic()
        number, since = met.get(trouble, (0, now))
        met[trouble] = number + 1, since
        asked = seconds_to_wait(outcome.retry_after, time.time()) if isinstance(outcome, Answer) else None
        attempt = Attempt(trouble, call.operation, number + 1, now - since, ends - now, asked)
        return delay_before_retry(attempt, self.settings.patience)

    def _wait(self, trouble: Trouble, delay: float) -> None:
        if trouble is Trouble.RATE_LIMITED:
            self._pace.hold(delay)
        else:
            time.sleep(delay)

    def _attempt(self, call: Call, ends: float) -> Answer | Failure:
        timeout = self.settings.request_timeout
        if call.operation.repeatable:
            timeout = min(timeout, max(ends - time.monotonic(), 0.001))
        # A request that cannot be repeated is never cut short by the time limit: its answer would be lost.
        try:
            with self._pace.turn(ends):
                started = time.monotonic()
                outcome = self.connection.exchange(call, timeout)
        except OutOfTime:
            return verdict.NOT_SENT
        if isinstance(outcome, Answer) and outcome.status != 429:
            self._pace.ease()
        took = time.monotonic() - started
        _log.debug("%s: %s in %.2f s", call, outcome.status if isinstance(outcome, Answer) else outcome.reason, took)
        return outcome

    def _without_token(self, error: VirtFusionError | None) -> VirtFusionError:
        assert error is not None  # an outcome is an answer that `reading` took, or an error
        hide = self.settings.token.hide_in
        messages = [hide(message) for message in error.messages]
        return type(error)(hide(error.text), error.method, hide(error.path), error.status, messages)


def _deleted_before(call: Call, outcome: Answer | Failure, met: Container[Trouble]) -> bool:
    """Whether a repeated DELETE finds nothing any more, because an attempt whose answer was lost had arrived."""
    lost = Trouble.LOST in met or Trouble.UNAVAILABLE in met
    gone = isinstance(outcome, Answer) and outcome.status == 404 and outcome.is_the_apis_404
    return call.operation.verb == "DELETE" and lost and gone
