"""The API token, which is redacted in every text."""

from __future__ import annotations

from typing import NoReturn

from pulumi_virtfusion.api.redaction import pattern_of, replaced

HIDDEN = "[token]"
SHORT = 8
"""Characters; a shorter token is redacted only as a whole word, since other words may contain it."""


class Token:
    """An API token that shows itself only in `reveal()`.

    Raises `ValueError`, without the value, for a text that no HTTP header can carry.
    """

    def __init__(self, value: str) -> None:
        value = value.strip()
        if not value:
            raise ValueError("The API token is empty")
        if not value.isascii() or not value.isprintable() or " " in value:
            raise ValueError("The API token holds characters that no token has: was something else pasted?")
        self._value = value
        self._pattern = pattern_of(frozenset({value, value.partition("|")[2]} - {""}), SHORT, shortest=1)

    def reveal(self) -> str:
        return self._value

    def redact(self, text: str) -> str:
        """Redact every form of the token, and of the secret half of an `id|secret` token."""
        return replaced(self._pattern, text, HIDDEN)

    def __reduce__(self) -> NoReturn:
        raise TypeError("The API token cannot be pickled: it would be in plain there")

    def __repr__(self) -> str:
        return HIDDEN
