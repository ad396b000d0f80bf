"""The API token, kept out of every text."""

from __future__ import annotations

import html
import re
from typing import NoReturn
from urllib.parse import quote

HIDDEN = "[token]"
SHORT = 8
"""A token of fewer characters may be a part of a word that is no secret: only as a whole word is it cut out."""


class Token:
    """An API token that shows itself only in `reveal()`.

    Raises `ValueError`, without the value, for what cannot be sent in an HTTP header.
    """

    def __init__(self, value: str) -> None:
        value = value.strip()
        if not value:
            raise ValueError("The API token is empty")
        if not value.isascii() or not value.isprintable() or " " in value:
            raise ValueError("The API token holds characters that no token has: was something else pasted?")
        self._value = value
        secrets = [value, value.partition("|")[2]]
        self._forms = re.compile("|".join(_pattern(form) for secret in secrets if secret for form in _forms(secret)))

    def reveal(self) -> str:
        return self._value

    def hide_in(self, text: str) -> str:
        """`text` with every occurrence of the token, or of the secret half of an `id|secret` token, blanked."""
        return self._forms.sub(HIDDEN, text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("The API token cannot be pickled: it would be in plain there")

    def __repr__(self) -> str:
        return HIDDEN


def _forms(secret: str) -> list[str]:
    """The secret as it is, and as JSON, HTML and URLs write it, the longest first."""
    escaped = secret.replace("\\", "\\\\").replace('"', '\\"')
    forms = {secret, escaped, escaped.replace("/", "\\/"), html.escape(secret), quote(secret, safe="")}
    return sorted(forms, key=len, reverse=True)


def _pattern(form: str) -> str:
    return re.escape(form) if len(form) >= SHORT else rf"(?<!\w){re.escape(form)}(?!\w)"
