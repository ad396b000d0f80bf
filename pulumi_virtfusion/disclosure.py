"""Which values of a program a message may show: those that the program did not mark as secret.

The dynamic host gets secrets in plain and without their marks. The constructor, which still sees the marks, sends along
what holds no secret (`OPENLY`); the check takes that away again, so that neither a preview nor a state has it. Shown
is only the very value that was sent along, for a transform may have put a secret in its place. A text that is said
later, or by the panel, has the secrets of its arguments cut out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .terms import Values
from .types import PRIVATE_KEY
from .values import Unknown

LONGEST_SHOWN = 60
SHORTEST_SECRET = 4
"""Characters; a shorter text is found in other words, and a shorter number in every message."""
SHORTEST_WORD = 2
"""Characters of a text that is cut out where it stands alone; one letter is no secret."""
CUT_OUT = "[secret]"


def shown(value: object) -> str:
    """A value for a message: on one line, control characters escaped, at most 60 characters; never a private key."""
    text = repr(value)
    if PRIVATE_KEY in text:
        return CUT_OUT
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def is_open(name: str, value: object, openly: Values) -> bool:
    """Whether the argument arrived as the program gave it, without a secret in it."""
    return name in openly and repr(openly[name]) == repr(value)


def texts_of(value: Any) -> Iterator[str]:
    """The forms in which a secret value may stand in a text, whatever it is nested in."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, str) or (
        not isinstance(value, bool | Unknown | None) and len(str(value)) >= SHORTEST_SECRET
    ):
        yield from (text for text in {str(value), repr(value).strip("'\"")} if len(text) >= SHORTEST_WORD)


def without(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret cut out, the longest first; a short one only where it is a whole word."""
    forms = [
        re.escape(secret) if len(secret) >= SHORTEST_SECRET else rf"(?<!\w){re.escape(secret)}(?!\w)"
        for secret in sorted(secrets, key=len, reverse=True)
    ]
    return re.sub("|".join(forms), CUT_OUT, text) if forms else text
