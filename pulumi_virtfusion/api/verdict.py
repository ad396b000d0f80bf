"""From what came back to an error in one readable paragraph: what we tried, what the panel said, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_virtfusion.api.answer import LARGEST_ANSWER, Answer, Failure
from pulumi_virtfusion.api.call import Call
from pulumi_virtfusion.api.envelope import NotAsDescribed
from pulumi_virtfusion.api.errors import (
    ConnectionFailed,
    NotFound,
    OperationTimeout,
    OutcomeUnknown,
    PanelError,
    VirtFusionError,
    error_class,
)

NOT_SENT = Failure(None, "the operation's time limit was over before the request could be sent")
ANSWER_TO_A_DELETE = Answer(204)
"""What was lost, when a repeated DELETE finds nothing to delete."""
FAILED_READ = "The panel's own log says more."
FAILED_WRITE = f"The panel may have done it all the same; a second time does no harm. {FAILED_READ}"
NOT_THE_API = (
    "That is not an answer of VirtFusion's API: check the endpoint, and whether a proxy or firewall answered instead."
)


def error_for(call: Call, outcome: Answer | Failure, *, out_of_time: bool = False) -> VirtFusionError | None:
    """The error that `outcome` means for `call`; `None` for a success."""
    if isinstance(outcome, Failure):
        return _without_answer(call, outcome, out_of_time)
    if outcome.ok:
        return _unusable_success(call, outcome)
    if outcome.status >= 500:
        return _panel_failed(call, outcome)
    if outcome.status < 400:
        return _error(
            call, PanelError, f"answered {outcome.status}, a redirect, which is not followed", NOT_THE_API, outcome
        )
    kind = error_class(outcome.status)
    if kind is NotFound and not outcome.is_the_apis_404:
        return _error(call, PanelError, f"answered 404: {_said(outcome)}", NOT_THE_API, outcome)
    hint = NOT_THE_API if kind is PanelError and outcome.is_html else kind.hint
    return _error(call, kind, f"answered {outcome.status}: {_said(outcome)}", hint, outcome)


def unreadable(call: Call, answer: Answer, problem: Exception) -> VirtFusionError:
    """The error for a success whose JSON does not say what the operation's answer must say."""
    kind = PanelError if call.operation.repeatable else OutcomeUnknown
    missing = f"answered {answer.status}, but its body is not what this operation answers ({_fields(problem)})"
    return _error(call, kind, missing, kind.hint or NOT_THE_API, answer)


def _without_answer(call: Call, failure: Failure, out_of_time: bool) -> VirtFusionError:
    if failure is NOT_SENT:
        return _error(call, OperationTimeout, f"was not sent: {failure.reason}", OperationTimeout.hint)
    if failure.trouble is None or failure.trouble.name == "NEVER_SENT":
        advice = "Nothing was sent. Check the endpoint, and whether this machine may reach it."
        return _error(call, ConnectionFailed, f"could not reach the panel: {failure.reason}", advice)
    if not call.operation.repeatable:
        return _error(call, OutcomeUnknown, f"lost its answer: {failure.reason}", OutcomeUnknown.hint)
    if out_of_time:
        return _error(call, OperationTimeout, f"ran into its time limit: {failure.reason}", OperationTimeout.hint)
    return _error(call, ConnectionFailed, f"got no answer: {failure.reason}", "It was tried several times.")


def _unusable_success(call: Call, answer: Answer) -> VirtFusionError | None:
    if answer.is_html:
        what = f"answered {answer.status} with a web page"
    elif not call.operation.needs_body:
        return None
    elif answer.too_large:
        what = f"answered {answer.status} with more than {LARGEST_ANSWER // 2**20} MiB, which was not read to its end"
    elif not answer.complete or answer.json is None:
        what = f"answered {answer.status}, but the body is cut off or no JSON"
    else:
        return None
    kind = PanelError if call.operation.repeatable else OutcomeUnknown
    return _error(call, kind, what, kind.hint or NOT_THE_API, answer)


def _panel_failed(call: Call, answer: Answer) -> VirtFusionError:
    kind = PanelError if call.operation.repeatable else OutcomeUnknown
    said = f"answered {answer.status}: {_said(answer)}"
    return _error(
        call, kind, said, kind.hint or (FAILED_READ if call.operation.verb == "GET" else FAILED_WRITE), answer
    )


def _said(answer: Answer) -> str:
    return "; ".join(answer.messages)


def _fields(problem: Exception) -> str:
    """Which fields do not fit, without their values: pydantic's own text would quote them."""
    from pydantic import ValidationError

    if isinstance(problem, NotAsDescribed):
        return str(problem)
    if not isinstance(problem, ValidationError):
        return type(problem).__name__
    rows = problem.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(str(part) for part in row['loc']) or 'data'}: {row['msg']}" for row in rows[:5])


def _error(
    call: Call, kind: type[VirtFusionError], what: str, hint: str, answer: Answer | None = None
) -> VirtFusionError:
    text = what if what.endswith((".", "!", "?")) else f"{what}."
    status: int | None = None if answer is None else answer.status
    messages: Sequence[str] = () if answer is None or answer.ok else answer.messages
    return kind(f"{call} {text} {hint}".strip(), call.operation.verb, call.path, status, messages)
