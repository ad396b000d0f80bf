"""Values in messages, and the redaction of a resource's secrets in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..api.redaction import REDACTED, SHORT, redact, redacted
from .plain_values import Unknown
from .types import PRIVATE_KEY

LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """Return a value for a message: one line of at most 60 characters, escaped; a private key is redacted.

    The call's secrets are redacted before the text is shortened: half of a secret would not be found later.
    """
    text = redacted(repr(value))
    if PRIVATE_KEY in text:
        return REDACTED
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def texts_within(value: Any) -> Iterator[str]:
    """Yield the texts in a secret value, however deep; a number of fewer than 4 characters is no secret."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from texts_within(item)
    elif isinstance(value, str) or (not isinstance(value, bool | Unknown | None) and len(str(value)) >= SHORT):
        yield str(value)


def without(text: str, secrets: Iterable[str]) -> str:
    """Redact these secrets, and those that this call knows, in any form."""
    return redacted(redact(text, secrets))
