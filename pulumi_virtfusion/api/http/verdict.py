"""From an answer or failure to an error of one paragraph: the attempt, the panel's words, and the next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pulumi_virtfusion.api.errors import (
    ConnectionFailed,
    OperationTimeout,
    OutcomeUnknown,
    PanelError,
    VirtFusionError,
    error_class,
)
from pulumi_virtfusion.api.http.answer import LARGEST_ANSWER, REFUSALS, Answer, Failure, Form
from pulumi_virtfusion.api.http.call import Call
from pulumi_virtfusion.api.http.envelope import NotAsDescribed
from pulumi_virtfusion.api.http.outcome import Outcome, judge

NOT_SENT = Failure("the operation's time limit was over before the request could be sent", sent=False, lasting=True)
ANSWER_TO_A_DELETE = Answer(204)
"""The lost answer, when a repeated DELETE finds no object."""
FAILED_READ = "The panel's own log says more."
FAILED_WRITE = f"The panel may have done it all the same; a second time does no harm. {FAILED_READ}"
NOT_THE_API = (
    "That is not an answer of VirtFusion's API: check the endpoint, and whether a proxy or firewall answered instead."
)
EARLIER_ATTEMPT = "An earlier attempt was sent, and the panel may have carried that out."


@dataclass(frozen=True)
class Ending:
    """The end of a call's attempts; `sent_before` where an earlier attempt may have been carried out."""

    call: Call
    came: Answer | Failure
    panel: str
    """The panel's address, and the proxy in use."""
    hide: Callable[[str], str]
    """Redacts secrets in a text."""
    sent_before: bool = False
    out_of_time: bool = False

    def error(self) -> VirtFusionError | None:
        """Return the error for this ending; `None` for a success."""
        outcome = judge(self.call.operation, self.came).outcome
        if isinstance(self.came, Failure):
            return self._without_answer(self.came)
        if outcome is Outcome.DONE:
            return None
        if outcome is Outcome.REFUSED:
            kind = error_class(self.came.status)
            return self._error(kind, f"answered {self.came.status}: {self._said(self.came)}", kind.hint)
        what, hint = self._not_the_apis(self.came) or self._failed(self.came)
        return self._uncertain(what, hint)

    def unreadable(self, problem: Exception) -> VirtFusionError:
        """Return the error for a success whose JSON lacks the form of the operation's answer."""
        assert isinstance(self.came, Answer)
        what = f"answered {self.came.status}, but its body is not what this operation answers ({_fields(problem)})"
        return self._uncertain(what, NOT_THE_API)

    def _without_answer(self, failure: Failure) -> VirtFusionError:
        if failure is NOT_SENT:
            return self._error(OperationTimeout, f"was not sent: {failure.reason}", OperationTimeout.hint)
        if not failure.sent:
            sent = EARLIER_ATTEMPT if self.sent_before else "Nothing was sent."
            advice = f"{sent} Check the endpoint, and whether this machine may reach it."
            return self._error(
                ConnectionFailed, f"could not reach the panel {self.panel}: {failure.reason}", advice, names_panel=True
            )
        if not self.call.operation.repeatable:
            return self._error(OutcomeUnknown, f"lost its answer: {failure.reason}", OutcomeUnknown.hint)
        if self.out_of_time:
            return self._error(OperationTimeout, f"ran into its time limit: {failure.reason}", OperationTimeout.hint)
        return self._error(ConnectionFailed, f"got no answer: {failure.reason}", "It was tried several times.")

    def _not_the_apis(self, answer: Answer) -> tuple[str, str] | None:
        """Return the text and hint for an answer that is foreign or unreadable; None for the API's own."""
        status, error = f"answered {answer.status}", answer.status >= 400
        if answer.status < 200:
            return f"{status}, which ends no request", NOT_THE_API
        if 300 <= answer.status < 400:
            return f"{status}, a redirect, which is not followed", NOT_THE_API
        if error:
            foreign = answer.status < 500 and (answer.form is not Form.JSON or answer.status in {405, *REFUSALS})
            return (f"{status}: {self._said(answer)}", NOT_THE_API) if foreign else None
        if answer.too_large:
            return f"{status} with more than {LARGEST_ANSWER // 2**20} MiB, which was not read to its end", NOT_THE_API
        if answer.is_html:
            return f"{status} with a web page", NOT_THE_API
        return {
            Form.JSON: None,
            Form.FOREIGN: (f"{status} with a text that is no JSON", NOT_THE_API),
            Form.EMPTY: (f"{status} without the body that this operation answers with", NOT_THE_API),
            Form.CUT_OFF: (f"{status}, but its body is cut off", ""),
        }[answer.form]

    def _failed(self, answer: Answer) -> tuple[str, str]:
        """Return the text and hint for a failure of the API that is no refusal."""
        if answer.ok:
            said = self._said(answer) if answer.messages() != Answer(answer.status).messages() else "no more than that"
            return f"answered {answer.status}, but reports an error: {said}", ""
        if self.call.operation.verb == "GET" or answer.status < 500:
            return f"answered {answer.status}: {self._said(answer)}", FAILED_READ if answer.status >= 500 else ""
        return f"answered {answer.status}: {self._said(answer)}", FAILED_WRITE

    def _uncertain(self, what: str, hint: str) -> VirtFusionError:
        if self.call.operation.repeatable:
            return self._error(self._kind, what, hint)
        hints = [NOT_THE_API] if hint == NOT_THE_API else []
        return self._error(OutcomeUnknown, what, " ".join([*hints, OutcomeUnknown.hint]))

    @property
    def _kind(self) -> type[VirtFusionError]:
        """The error class by status; a foreign 404 is a `PanelError`: only the API can say that an object is gone."""
        status = self.came.status if isinstance(self.came, Answer) else 0
        return error_class(status) if status != 404 else PanelError

    def _said(self, answer: Answer) -> str:
        return "; ".join(answer.messages(self.hide))

    def _error(
        self, kind: type[VirtFusionError], what: str, hint: str, *, names_panel: bool = False
    ) -> VirtFusionError:
        stop = "" if what.endswith((".", "!", "?")) else "."
        text = f"{self.call} {what}{stop} {hint}".strip()
        if not names_panel:
            text = f"{text} Panel: {self.panel}."
        answer = self.came if isinstance(self.came, Answer) else None
        messages: Sequence[str] = ()
        if answer is not None and judge(self.call.operation, answer).outcome is not Outcome.DONE:
            messages = () if answer.ok and not answer.reports_error else answer.messages(self.hide)
        refused = judge(self.call.operation, self.came).outcome is Outcome.REFUSED
        return kind(
            self.hide(text),
            self.call.operation.verb,
            self.hide(self.call.path),
            None if answer is None else answer.status,
            messages,
            self.sent_before or not refused,
        )


def _fields(problem: Exception) -> str:
    """Name the fields that do not fit, without their values, which pydantic's own text would quote."""
    from pydantic import ValidationError

    if isinstance(problem, NotAsDescribed):
        return str(problem)
    if not isinstance(problem, ValidationError):
        return type(problem).__name__
    rows = problem.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(str(part) for part in row['loc']) or 'data'}: {row['msg']}" for row in rows[:5])
