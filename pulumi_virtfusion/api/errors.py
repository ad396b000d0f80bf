"""The errors of the client, as a tree.

VirtFusionError
├── AuthenticationError   401: the token is missing, wrong, expired, or not allowed from this address
├── PermissionDenied      403: the token's scope does not reach this operation
├── NotFound              404, in the API's own words: the object is gone
├── Conflict              409: an object that exists prevents the operation
├── ValidationFailed      422: the panel refuses a value
├── Locked                423: the server is busy and stayed so until the time limit
├── RateLimited           429: the token's rate limit, until the time limit
├── PanelError            5xx, or an answer that is not the API's (a web page, a redirect, another object's)
├── ConnectionFailed      no connection, or no answer to something that is safe to repeat
├── OperationTimeout      the time limit of the whole operation is over
└── OutcomeUnknown        a write that must not be repeated, and whose answer proves neither success nor refusal
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class VirtFusionError(Exception):
    """Base of every error of the client; its text is one paragraph that stands alone."""

    hint: ClassVar[str] = ""
    """The next step for the user, where the error itself names none."""

    def __init__(
        self,
        text: str,
        method: str = "",
        path: str = "",
        status: int | None = None,
        messages: Sequence[str] = (),
        may_be_done: bool | None = None,
    ) -> None:
        # All values are in `args`, from which pickle rebuilds an exception.
        super().__init__(text, method, path, status, tuple(messages), may_be_done)
        self.text = text
        self.method = method
        self.path = path
        self.status = status
        self.messages = tuple(messages)
        self.may_be_done = isinstance(self, OutcomeUnknown) if may_be_done is None else may_be_done
        """Whether the panel may have carried out the request, in this attempt or an earlier one."""

    def __str__(self) -> str:
        return self.text


class AuthenticationError(VirtFusionError):
    """The API refuses the token (401)."""

    hint = (
        "The API token is missing, wrong, expired, or not allowed from this address. After a token was rotated, "
        "`pulumi refresh` and `pulumi destroy` still use the configuration in the state: add `--run-program`, "
        "or run `pulumi up` once."
    )


class PermissionDenied(VirtFusionError):
    """The token's scope does not cover the operation (403)."""

    hint = "The API token's scope does not cover this operation: extend it in the panel, or use another token."


class NotFound(VirtFusionError):
    """The object does not exist: a 404 with the API's own body; a foreign 404 is a `PanelError`."""


class Conflict(VirtFusionError):
    """An existing object prevents the operation (409)."""

    hint = "Something that already exists stands in the way."


class ValidationFailed(VirtFusionError):
    """The panel refuses a value (422); `messages` names the fields."""


class Locked(VirtFusionError):
    """Another task keeps the server locked (423) until the time limit."""

    hint = "The server stayed locked by another task: try again when that is over."


class RateLimited(VirtFusionError):
    """The token's rate limit stays exceeded (429) until the time limit."""

    hint = "Lower the maximum of requests in flight (`maxConcurrency`), or raise the token's rate limit in the panel."


class PanelError(VirtFusionError):
    """The panel failed, or the answer did not come from the panel's API."""


class ConnectionFailed(VirtFusionError):
    """The panel could not be reached, or gave no answer to a request that is safe to repeat."""


class OperationTimeout(VirtFusionError):
    """The time limit of the operation is over."""

    hint = "Raise `operationTimeout`, or the resource's own custom timeout, when the panel needs longer."


class OutcomeUnknown(VirtFusionError):
    """A write that must not be repeated, and that the panel may or may not have done."""

    hint = "The panel may or may not have done it, so it was not repeated: look there before trying again."


_BY_STATUS: dict[int, type[VirtFusionError]] = {
    401: AuthenticationError,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    422: ValidationFailed,
    423: Locked,
    429: RateLimited,
}


def error_class(status: int) -> type[VirtFusionError]:
    """Return the error class for a status code; `PanelError` for those that the API does not use."""
    return _BY_STATUS.get(status, PanelError)
