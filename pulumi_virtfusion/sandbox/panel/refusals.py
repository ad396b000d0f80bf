"""The panel's refusals.

Refusal
|- NotFound   404
|- Conflict   409
|- Invalid    422
|- Locked     423
`- LaravelRefusal
"""

from __future__ import annotations

from typing import Any

_ERRORS_WHEN_ABSENT = frozenset(
    {"queue item", "traffic block", "resource pack", "credit", "group profile", "backup plan", "hypervisor group"}
)
"""Objects of newer endpoints, whose 404 has `errors`; that of the older endpoints has `msg`."""


class Refusal(Exception):
    """An answer other than success, as its status and JSON body."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = headers or {}


class LaravelRefusal(Refusal):
    """A refusal of the framework: a `message`, or a page for a client that does not ask for JSON."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, {"message": message}, headers)


class NotFound(Refusal):
    def __init__(self, what: str) -> None:
        text = f"{what} not found"
        super().__init__(404, {"errors": [text]} if what in _ERRORS_WHEN_ABSENT else {"msg": text})


class Conflict(Refusal):
    def __init__(self, *errors: str) -> None:
        super().__init__(409, {"errors": list(errors)})


class Invalid(Refusal):
    def __init__(self, *errors: str) -> None:
        super().__init__(422, {"errors": list(errors)})


class Locked(Refusal):
    def __init__(self, text: str) -> None:
        super().__init__(423, {"msg": text})
