"""Texts of customers and programs, made harmless before any other use."""

from __future__ import annotations

import unicodedata

from ..api.redaction import REDACTED
from ..schema.types import PRIVATE_KEY

LONGEST = 60
"""The most characters of one text, such as a server's name or an argument's value."""
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")
"""Unicode's categories of characters without a shape of their own: controls, bidirectional marks, half characters."""


def inert(text: str, longest: int = LONGEST) -> str:
    """Abbreviate a text to one line, and spell out control characters and bidirectional marks; redact a private key."""
    if PRIVATE_KEY in text:
        return REDACTED
    # Cut first: a text may be as long as its author wants.
    folded = " ".join(text[: 4 * longest].split())
    if len(folded) > longest or len(text) > 4 * longest:
        folded = f"{folded[: longest - 3]}..."
    return "".join(map(_visible, folded))


def _visible(character: str) -> str:
    if unicodedata.category(character) not in INVISIBLE:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
