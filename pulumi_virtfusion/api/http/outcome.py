"""The outcome of a request. The table in tests/unit/api/test_outcome.py has every case.

Unknown is the rule. Done and refused are the exceptions, which need proof: done, an answer in the form that the
operation has; refused, one of the API's own errors, or a connection that sent no byte of the request.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from pulumi_virtfusion.api.http.answer import Answer, Failure, Form
from pulumi_virtfusion.api.http.operation import Operation
from pulumi_virtfusion.api.http.retry import RetryReason


class Outcome(Enum):
    """The certain knowledge about the panel after one request."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Judgement(NamedTuple):
    """An outcome; `again` is the reason for another attempt that is safe and may help, None for a final outcome."""

    outcome: Outcome
    again: RetryReason | None = None


_FOR_NOW = {423: RetryReason.LOCKED, 429: RetryReason.RATE_LIMITED}
_UNAVAILABLE = frozenset({408, 425, 502, 503, 504, 520, 521, 522, 523, 524})


def judge(operation: Operation, came: Answer | Failure) -> Judgement:
    """Judge an attempt of `operation` by the answer or the failure that `came` of it."""
    if isinstance(came, Failure):
        if came.sent:
            return _unknown(operation, RetryReason.LOST)
        return Judgement(Outcome.REFUSED, None if came.lasting else RetryReason.NEVER_SENT)
    if came.ok:
        return _judge_success(operation, came)
    if came.is_the_apis_refusal:
        return Judgement(Outcome.REFUSED, _FOR_NOW.get(came.status))
    if came.status in _FOR_NOW:  # not the API's own answer: the sender may have passed the request on
        return _unknown(operation, _FOR_NOW[came.status])
    if came.status in _UNAVAILABLE:
        return _unknown(operation, RetryReason.UNAVAILABLE)
    # A write that met a 500 may have succeeded all the same (an owner change does): read back, do not repeat.
    broken_read = came.status == 500 and operation.verb == "GET"
    return _unknown(operation, RetryReason.BROKEN if broken_read else None)


def _judge_success(operation: Operation, answer: Answer) -> Judgement:
    if answer.form is Form.JSON:
        # The reader of a needed body decides next; an object in the body was made, whatever else the body says.
        has_data = operation.needs_body and isinstance(answer.json, dict) and "data" in answer.json
        done = has_data or not answer.reports_error
        return Judgement(Outcome.DONE) if done else Judgement(Outcome.UNKNOWN)
    if answer.form is Form.EMPTY and not operation.needs_body:
        return Judgement(Outcome.DONE)
    return _unknown(operation, RetryReason.LOST if answer.form in (Form.EMPTY, Form.CUT_OFF) else None)


def _unknown(operation: Operation, reason: RetryReason | None) -> Judgement:
    return Judgement(Outcome.UNKNOWN, reason if operation.repeatable else None)
