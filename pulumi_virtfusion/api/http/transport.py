"""The one place that sends requests: pace, time limits, retries, and errors in words."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_virtfusion.api.http.answer import Answer, Failure
from pulumi_virtfusion.api.http.call import Call
from pulumi_virtfusion.api.http.outcome import Outcome, judge
from pulumi_virtfusion.api.http.request_log import Sent
from pulumi_virtfusion.api.http.retry import Attempt, RetryReason, delay_before_retry, seconds_to_wait
from pulumi_virtfusion.api.http.settings import ClientSettings
from pulumi_virtfusion.api.http.throttle import OutOfTime, Throttle
from pulumi_virtfusion.api.http.time_limit import deadline
from pulumi_virtfusion.api.http.verdict import ANSWER_TO_A_DELETE, NOT_SENT, Ending
from pulumi_virtfusion.api.redaction import Secrets, named_secrets, redacted, secrets_in, secrets_of_call

if TYPE_CHECKING:
    from pulumi_virtfusion.api.http.connection import Connection

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Transport:
    """All requests of one client, from any thread."""

    def __init__(self, settings: ClientSettings) -> None:
        self.settings = settings
        self._throttle = Throttle(settings.max_concurrency, settings.retry_policy.first_delay / 10)
        self._threads = threading.local()

    @property
    def connection(self) -> Connection:
        """This thread's own connection, since a `requests.Session` must not be shared."""
        if not hasattr(self._threads, "connection"):
            from pulumi_virtfusion.api.http.connection import Connection  # requests takes long to import

            self._threads.connection = Connection(self.settings)
        connection: Connection = self._threads.connection
        return connection

    def send(self, call: Call, reading: Callable[[Any], T]) -> T:
        """Send `call` until its answer is final, and return the result of `reading` for the JSON.

        Where the operation needs no body, `reading` gets `None` for a success without JSON. Raises an error of the tree
        in `errors`, outside of all handlers: no other exception, which might quote a secret, is chained to it.
        """
        with secrets_of_call() as secrets:
            secrets.hide_with(self.settings.token.redact)
            return self._send(call, reading, secrets)

    def look(self, call: Call) -> Answer | Failure:
        """Send `call` until its answer is final, and return that answer or failure for inspection."""
        with secrets_of_call() as secrets:
            secrets.hide_with(self.settings.token.redact)
            came = self._insist(call, deadline(self.settings.operation_timeout)).came
            if isinstance(came, Answer):
                secrets.add(*named_secrets(came.json))
            return came

    def _send(self, call: Call, reading: Callable[[Any], T], secrets: Secrets) -> T:
        ends = deadline(self.settings.operation_timeout)
        course = self._insist(call, ends)
        if isinstance(course.came, Answer):
            secrets.add(*named_secrets(course.came.json))
        ending = Ending(
            call,
            course.came,
            str(self.connection.route),
            secrets.redact,
            course.sent_before,
            time.monotonic() >= ends,
        )
        error = ending.error()
        if isinstance(course.came, Answer) and error is None:
            try:
                answer = reading(course.came.json)
                secrets.add(*secrets_in(answer))
                return answer
            except Exception as problem:  # a panel can send anything, and a traceback from here would show it
                error = ending.unreadable(problem)
        assert error is not None  # an ending is an answer that `reading` took, or an error
        raise error

    def _insist(self, call: Call, ends: float) -> _Course:
        course = _Course()
        while True:
            came = self._attempt(call, ends, course)
            if came is NOT_SENT:
                return course
            course.came = came
            outcome, again = judge(call.operation, came)
            if course.sent_before and outcome is Outcome.REFUSED and _finds_nothing_to_delete(call, came):
                course.came = ANSWER_TO_A_DELETE
                return course
            delay = None if again is None else self._delay(course, again, ends)
            if again is None or delay is None:
                return course
            course.sent_before |= outcome is not Outcome.REFUSED
            _log.debug("%s: %s, next attempt in %.1f s", call, again.value, delay)
            self._wait(again, delay)

    def _delay(self, course: _Course, reason: RetryReason, ends: float) -> float | None:
        """Note the reason, and return the seconds until the next attempt, or `None` for none."""
        now = time.monotonic()
        number, since = course.met.get(reason, (0, now))
        course.met[reason] = number + 1, since
        asked = seconds_to_wait(course.came.retry_after, time.time()) if isinstance(course.came, Answer) else 0.0
        attempt = Attempt(reason, number + 1, now - since, ends - now, asked)
        return delay_before_retry(attempt, self.settings.retry_policy)

    def _wait(self, reason: RetryReason, delay: float) -> None:
        if reason is RetryReason.RATE_LIMITED:
            self._throttle.hold(delay)
        else:
            time.sleep(delay)

    def _attempt(self, call: Call, ends: float, course: _Course) -> Answer | Failure:
        timeout = self.settings.request_timeout
        if call.operation.repeatable:
            timeout = min(timeout, max(ends - time.monotonic(), 0.001))
        # A request that cannot be repeated is never cut short by the time limit: its answer would be lost.
        try:
            with self._throttle.turn(ends):
                started = time.monotonic()
                came = self.connection.exchange(call, timeout)
                ended = time.monotonic()
        except OutOfTime:
            return NOT_SENT
        if isinstance(came, Answer) and came.status != 429:
            self._throttle.ease()
        self._note(call, came, ended - started, course.attempts, started - course.last_ended)
        course.attempts, course.last_ended = course.attempts + 1, ended
        return came

    def _note(self, call: Call, came: Answer | Failure, took: float, before: int, waited: float) -> None:
        status, failure = (None, came.reason) if isinstance(came, Failure) else (came.status, came.shortcoming)
        _log.debug("%s: %s in %.2f s", call, status or failure, took)
        if self.settings.request_log is not None:
            path = redacted(call.path)
            sent = Sent(call.operation.verb, path, status, failure, took, before + 1, waited)
            self.settings.request_log.note(sent)


@dataclass
class _Course:
    """The history of one call's attempts."""

    came: Answer | Failure = NOT_SENT
    sent_before: bool = False
    """Whether an attempt before the last may have been carried out."""
    met: dict[RetryReason, tuple[int, float]] = field(default_factory=dict)
    """By reason, the number of attempts and the time of the first."""
    attempts: int = 0
    last_ended: float = field(default_factory=time.monotonic)
    """The time at which the previous attempt ended; before the first attempt, the start of the call."""


def _finds_nothing_to_delete(call: Call, came: Answer | Failure) -> bool:
    """Whether a DELETE finds no object: then an earlier attempt that may have been carried out was carried out."""
    return call.operation.verb == "DELETE" and isinstance(came, Answer) and came.is_the_apis_404
