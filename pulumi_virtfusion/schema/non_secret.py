"""Which values of a program a message may show: those that the program did not mark as secret.

The dynamic host gets secrets in plain and without their marks. The constructor, which still sees the marks, sends along
what holds no secret (`OPENLY`); the check takes that away again, so that neither a preview nor a state has it. Shown
is only the very value that was sent along, for a transform may have put a secret in its place. A text that is said
later, or by the panel, has the secrets of its arguments cut out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..api.redaction import REDACTED, SHORT, redact, redacted
from .plain_values import Unknown
from .types import PRIVATE_KEY

LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """A value for a message: on one line, control characters escaped, at most 60 characters; never a private key.

    What the call knows as a secret is cut out before the text is shortened: half of it would not be found later.
    """
    text = redacted(repr(value))
    if PRIVATE_KEY in text:
        return REDACTED
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def is_open(name: str, value: object, openly: Mapping[str, Any]) -> bool:
    """Whether the argument arrived as the program gave it, without a secret in it."""
    return name in openly and repr(openly[name]) == repr(value)


def texts_of(value: Any) -> Iterator[str]:
    """The texts in a secret value, whatever they are nested in; a number below 1000 stands in every message."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, str) or (not isinstance(value, bool | Unknown | None) and len(str(value)) >= SHORT):
        yield str(value)


def without(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets and those that this call knows, in any form."""
    return redacted(redact(text, secrets))
