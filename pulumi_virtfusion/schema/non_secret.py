"""How a value stands in a message, and how the secrets of a resource are cut out of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
