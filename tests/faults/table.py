"""What becomes of a write when something goes wrong: one row a fault, one column a kind of operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import format_datetime
from functools import partial
from typing import Any, NamedTuple

from pulumi_virtfusion.api import (
    AuthenticationError,
    Conflict,
    ConnectionFailed,
    NotFound,
    Operation,
    OutcomeUnknown,
    PanelError,
    PermissionDenied,
    RetryPolicy,
    ValidationFailed,
    VirtFusionError,
)

PAGE = "<!DOCTYPE html><html><body><h1>Server Error</h1></body></html>"
IMPATIENT = RetryPolicy(lost=5, connecting=0.1, first_delay=0.002, longest_delay=0.01)


class Expected(NamedTuple):
    """`error` is None where the caller gets what it asked for; `writes` are those that the panel carried out."""

    error: type[VirtFusionError] | None = None
    requests: int = 1
    writes: int = 0

    @property
    def as_twice(self) -> Expected:
        """The same, with the answer to a first, carried out request lost."""
        return Expected(self.error, self.requests + 1, self.writes + 1)


DONE = Expected(writes=1)
RETRIED = Expected(requests=2, writes=1)
UNKNOWN = Expected(OutcomeUnknown)
UNKNOWN_BUT_DONE = Expected(OutcomeUnknown, writes=1)
FAILED = Expected(PanelError)
FAILED_BUT_DONE = Expected(PanelError, writes=1)


@dataclass(frozen=True)
class Fault:
    """`facts` are the sandbox's, whose fault strikes `times` requests; without them nobody listens."""

    facts: Mapping[str, Any] | None
    repeatable: Expected
    once: Expected
    body_not_needed: Expected | None = None
    """Where that makes a difference."""
    times: int = 1
    request_timeout: float = 10
    retry_policy: RetryPolicy = IMPATIENT

    def expected(self, operation: Operation) -> Expected:
        if self.body_not_needed is not None and not operation.needs_body:
            return self.body_not_needed
        return self.repeatable if operation.repeatable else self.once


def for_all(facts: Mapping[str, Any] | None, expected: Expected, **others: Any) -> Fault:
    return Fault(facts, expected, expected, **others)


def _unavailable(status: int) -> Fault:
    return Fault({"status": status, "body": PAGE}, RETRIED, UNKNOWN)


def _now() -> str:
    return format_datetime(datetime.now(timezone.utc), usegmt=True)


_AFTER: dict[str, Any] = {"when": "after"}
_TIMED_OUT: dict[str, Any] = {"request_timeout": 0.25}

FAULTS: dict[str, Callable[[], Fault]] = {
    # refused: nothing has happened, so all come back
    "429": lambda: for_all({"status": 429}, RETRIED),
    "429, Retry-After in seconds": lambda: for_all({"status": 429, "headers": {"Retry-After": "0"}}, RETRIED),
    "429, Retry-After as a date": lambda: for_all({"status": 429, "headers": {"Retry-After": _now()}}, RETRIED),
    "423 for a while": lambda: for_all(
        {"status": 423, "body": {"msg": "server is locked"}}, Expected(requests=4, writes=1), times=3
    ),
    "connection refused": lambda: for_all(None, Expected(ConnectionFailed, requests=0)),
    # no telling whether it happened: only what may be repeated is repeated
    **{f"{status}": partial(_unavailable, status) for status in (408, 425, 502, 504, 520, 522, 524)},
    "503": lambda: Fault({"status": 503, "body": {"message": "Service Unavailable"}}, RETRIED, UNKNOWN),
    "503, Retry-After": lambda: Fault({"status": 503, "headers": {"Retry-After": "0"}}, RETRIED, UNKNOWN),
    "504 after success": lambda: Fault({"status": 504, **_AFTER}, DONE.as_twice, UNKNOWN_BUT_DONE),
    "closed before handling": lambda: Fault({"close": True}, RETRIED, UNKNOWN),
    "closed after commit": lambda: Fault({"close": True, **_AFTER}, DONE.as_twice, UNKNOWN_BUT_DONE),
    "read time-out before commit": lambda: Fault({"delay": 0.6, "close": True}, RETRIED, UNKNOWN, **_TIMED_OUT),
    "read time-out after commit": lambda: Fault(
        {"delay": 0.6, "close": True, **_AFTER}, DONE.as_twice, UNKNOWN_BUT_DONE, **_TIMED_OUT
    ),
    # a write that met a 500 is read back, not repeated
    "500": lambda: Fault({"status": 500, "body": {"message": "Server Error"}}, FAILED, UNKNOWN),
    "HTML 500 after success": lambda: Fault({"status": 500, "body": PAGE, **_AFTER}, FAILED_BUT_DONE, UNKNOWN_BUT_DONE),
    "507": lambda: Fault({"status": 507, "body": PAGE}, FAILED, UNKNOWN),
    # a success in a poor state: an empty one is harmless where the body is not needed
    "broken JSON": lambda: Fault(
        {"status": 200, "body": '{"data": {"id": 7, "ow', **_AFTER}, DONE.as_twice, UNKNOWN_BUT_DONE
    ),
    "empty body": lambda: Fault({"status": 201, **_AFTER}, DONE.as_twice, UNKNOWN_BUT_DONE, DONE),
    "[] for an object": lambda: Fault({"status": 201, "body": [], **_AFTER}, FAILED_BUT_DONE, UNKNOWN_BUT_DONE, DONE),
    "[] for data": lambda: Fault(
        {"status": 201, "body": {"data": []}, **_AFTER}, FAILED_BUT_DONE, UNKNOWN_BUT_DONE, DONE
    ),
    "slow answer": lambda: for_all({"delay": 0.05}, DONE),
    # a success that is none: not the API's, or the API's word for a failure
    "web page after success": lambda: Fault({"status": 200, "body": PAGE, **_AFTER}, FAILED_BUT_DONE, UNKNOWN_BUT_DONE),
    "web page behind a comment": lambda: Fault({"status": 200, "body": f"<!-- portal -->\n{PAGE}"}, FAILED, UNKNOWN),
    "web page behind a byte order mark": lambda: Fault({"status": 200, "body": f"\ufeff{PAGE}"}, FAILED, UNKNOWN),
    "text of a portal": lambda: Fault({"status": 200, "body": "Please sign in."}, FAILED, UNKNOWN),
    "errors under a 200": lambda: Fault({"status": 200, "body": {"errors": ["no"]}}, FAILED, UNKNOWN),
    "no success under a 200": lambda: Fault({"status": 200, "body": {"success": False, "msg": "no"}}, FAILED, UNKNOWN),
    # refused for good: a clear error at once
    "401": lambda: for_all({"status": 401, "body": "401 Unauthorized"}, Expected(AuthenticationError)),
    "403": lambda: for_all({"status": 403, "body": {"message": "No."}}, Expected(PermissionDenied)),
    "404 of the API": lambda: for_all({"status": 404, "body": {"msg": "server not found"}}, Expected(NotFound)),
    "409": lambda: for_all({"status": 409, "body": {"errors": ["taken"]}}, Expected(Conflict)),
    "422": lambda: for_all({"status": 422, "body": {"errors": ["Invalid"]}}, Expected(ValidationFailed)),
    # the same from something in front of the panel, which may have let the request through: no proof of a refusal
    "403 page after success": lambda: Fault(
        {"status": 403, "body": PAGE, **_AFTER}, Expected(PermissionDenied, writes=1), UNKNOWN_BUT_DONE
    ),
    "429 page after success": lambda: Fault({"status": 429, "body": PAGE, **_AFTER}, DONE.as_twice, UNKNOWN_BUT_DONE),
    # any other status
    "404 without a body": lambda: Fault({"status": 404}, FAILED, UNKNOWN),
    "404 of something else": lambda: Fault({"status": 404, "body": PAGE}, FAILED, UNKNOWN),
    "405": lambda: Fault({"status": 405, "body": PAGE}, FAILED, UNKNOWN),
    "400": lambda: Fault({"status": 400, "body": {"message": "Bad Request"}}, FAILED, UNKNOWN),
    "413": lambda: Fault({"status": 413, "body": PAGE}, FAILED, UNKNOWN),
    "499 after success": lambda: Fault({"status": 499, **_AFTER}, FAILED_BUT_DONE, UNKNOWN_BUT_DONE),
    "redirect": lambda: Fault({"status": 307, "headers": {"Location": "/api/v1/connect"}}, FAILED, UNKNOWN),
}
"""Made when they are needed, since one holds the present time."""
