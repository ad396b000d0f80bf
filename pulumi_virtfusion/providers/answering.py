"""The frame of one call of the engine: a context for the lifecycle, and errors with their secrets redacted."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..api.errors import VirtFusionError
from ..api.redaction import Secrets, secrets_of_call
from ..config import NotConfigured, Settings
from ..lifecycle.context import SilentContext
from ..lifecycle.contract import Refused
from ..lifecycle.identity import SUBJECTS, Subject
from ..lifecycle.lifecycle import Lifecycle
from ..lifecycle.planning import DIFFERING_INPUTS
from ..lifecycle.run import Expected
from ..schema.plain_values import is_known
from .engine import CallAborted, Severity

Log = Callable[[str, str, Severity], None]
"""Shows a message under the resource of a URN: message, URN, severity."""
MOST_CALLS = 256
"""Calls that a provider answers concurrently; the engine's `--parallel` and `maxConcurrency` are the real limits.

No call waits for another, so more threads cannot deadlock. A waiting build holds a thread but no request, and with a
thread for every call that the engine makes, a check never queues behind one.
"""


class Failed(Exception):
    """A failed call, with its text for the user: a paragraph, or the traceback of a bug, with secrets redacted."""


@dataclass(frozen=True)
class CallContext(SilentContext):
    """The `Context` of a lifecycle during one call of the engine; its messages are redacted."""

    about: str
    """The URN of the resource."""
    log: Log = field(repr=False)
    secrets: Secrets = field(repr=False)

    @property
    def urn(self) -> str:
        return self.about

    def warn(self, message: str) -> None:
        self.log(self.safe(message), self.urn, Severity.WARNING)

    def inform(self, message: str) -> None:
        self.log(self.safe(message), self.urn, Severity.INFO)

    def progress(self, message: str) -> None:
        self.log(self.safe(message), self.urn, Severity.PASSING)

    def safe(self, text: str) -> str:
        """Redact the token, the resource's secrets, and the secrets in the panel's answers to this call."""
        return self.secrets.redact(text)


@contextmanager
def answering(
    settings: Settings | str, log: Log, urn: str, secrets: Callable[[], Iterable[str]], time_limit: float | None
) -> Iterator[CallContext]:
    """Give the context of a call; raise `Failed` for an error inside, and for a bug whose traceback holds a secret.

    `settings` is the error's text where they do not parse. `secrets` is called before the first message. `time_limit`
    is the limit of the resource's options in seconds, or None for the settings' `operation_timeout`.
    """
    with secrets_of_call() as known:
        known.add_later(secrets)
        try:
            if isinstance(settings, str):
                raise NotConfigured(settings)
            context = CallContext(settings, urn, log, known)
            with context.panel.time_limit(time_limit or settings.operation_timeout):
                yield context
        except (VirtFusionError, Refused, NotConfigured) as error:
            message = str(error)
        except (CallAborted, Failed):
            raise
        except Exception:
            message = traceback.format_exc()
            if message == known.redact(message):
                raise
        else:
            return
        raise Failed(known.redact(message))


def learn(context: CallContext, inputs: Mapping[str, Any], hints: Mapping[str, Any]) -> None:
    """Remember the identities of the program's own resources that the arguments name."""
    for name, hint in hints.items():
        if is_known([inputs.get(name), hint]):
            subject = Subject(SUBJECTS[name], inputs.get(name, ""))
            relation = Subject("relation", hint["relation"]) if "relation" in hint else None
            if subject.kind == "pack":
                expected = Expected(hint["identity"], subject, owner=relation)
            else:
                expected = Expected(hint["identity"], relation or subject)
            context.run.learn(subject, expected)


def secret_outputs(lifecycle: Lifecycle) -> set[str]:
    """Return the outputs that are secret whatever the program declares.

    `DIFFERING_INPUTS` is one of them: it keeps values of arguments, any of which may be a secret.
    """
    return {DIFFERING_INPUTS, *(name for name, field in lifecycle.fields.items() if field.secret)}
