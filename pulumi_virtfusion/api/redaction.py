"""Redaction of secrets in texts, in every form in which a panel may repeat them, whatever white space it folded.

A `Secrets` collects the secrets of one call: those known when the call begins, and those in the panel's answers.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, partial
from html import escape
from html.entities import codepoint2name
from threading import Lock
from typing import Any
from urllib.parse import quote, quote_plus

from pulumi_virtfusion.api.names import FEW_NAMES

REDACTED = "[secret]"
SHORT = 4
"""Characters; a shorter secret is redacted only as a whole word, since other words may contain it."""
SHORTEST = 2
"""Characters; one letter is no secret."""
LONG_ENOUGH = 8
"""Characters of a secret of which a message may hold a line, or its base64."""
ORDINARY = frozenset(
    {"auto", "default", "disabled", "enabled", "false", "inherit", "no", "none"}
    | {"null", "off", "on", "optional", "required", "true", "unknown", "yes"}
)
"""Values of fields that are named like secrets and hold none (`"passwordLogin": "enabled"`)."""

MESSAGES = frozenset({"errors", "msg", "message", "error"})
"""Fields with the panel's error messages, which may name a field such as `password`."""

_SECRET_NAME = re.compile(r"passw|passphrase|secret|token|credential|(private|api)_?key", re.IGNORECASE)
_MARKS = re.compile(r"\[(?:secret|token)\]")
_PHP_HEX = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&'\""})
_NAMED = {code: f"&{name};" for code, name in codepoint2name.items()}
Spelling = Callable[[str], str]


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


_JSON: tuple[Spelling, ...] = (
    _json,
    lambda text: _json(text).replace("/", "\\/"),
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1].replace("/", "\\/"),
    lambda text: _json(text).replace('\\"', '"').translate(_PHP_HEX).replace("/", "\\/"),
)
_HTML: tuple[Spelling, ...] = (
    escape,
    lambda text: escape(text, quote=False),
    lambda text: escape(text).replace("&#x27;", "&#039;"),
    lambda text: escape(text).replace("&#x27;", "&#39;"),
    lambda text: escape(text).replace("&#x27;", "&apos;"),
    lambda text: text.translate(_NAMED).replace("'", "&#039;"),
    lambda text: escape(text).encode("ascii", "xmlcharrefreplace").decode(),
)
_URL: tuple[Spelling, ...] = tuple(
    partial(way, safe=safe, errors="replace")
    for way in (quote, quote_plus)
    for safe in ("", "/", "/&'", "!'()*", ";,/?:@&=+$!'()*#")
)
_PYTHON: tuple[Spelling, ...] = (
    lambda text: repr(text)[1:-1],
    lambda text: ascii(text)[1:-1],
    lambda text: repr(f'"{text}')[2:-1],
)
_OUTER: tuple[Spelling, ...] = (_json, _JSON[1], escape, _HTML[2])
"""Spellings that may wrap the others: HTML in JSON, a message of JSON in a page."""


def redact(text: str, secrets: Iterable[str]) -> str:
    """Replace each secret in the text by a mark, the longest first."""
    return replaced(pattern_of(frozenset(secrets)), text, REDACTED)


def replaced(pattern: re.Pattern[str], text: str, mark: str) -> str:
    """Replace each match of the pattern by `mark`, but no match inside of an existing mark."""
    kept, end = [], 0
    for found in _MARKS.finditer(text):
        kept += [pattern.sub(mark, text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*kept, pattern.sub(mark, text[end:])])


@lru_cache(maxsize=32)
def pattern_of(secrets: frozenset[str], short: int = SHORT, shortest: int = SHORTEST) -> re.Pattern[str]:
    """Compile a pattern that finds the secrets in all forms; one below `short` characters only as a whole word."""
    forms = {form for secret in secrets for form in forms_of(secret, shortest)}
    patterns = [_pattern(form, short) for form in sorted(forms, key=len, reverse=True)]
    return re.compile("|".join(patterns) or "(?!)", re.IGNORECASE)


def forms_of(secret: str, shortest: int = SHORTEST) -> set[str]:
    """Return a secret as people, JSON, HTML, URLs, Python and base64 write it, without white space around it."""
    pieces = {secret, " ".join(secret.split()), secret.replace("\r\n", "\n"), "\r\n".join(secret.splitlines())}
    pieces |= {line for line in secret.splitlines() if len(line.strip()) >= LONG_ENOUGH}
    pieces = {trimmed for piece in pieces for trimmed in (piece, piece.strip()) if len(trimmed.strip()) >= shortest}
    once = pieces | {spell(piece) for piece in pieces for spell in (*_JSON, *_HTML, *_URL, *_PYTHON)}
    twice = {spell(form) for form in once - pieces for spell in _OUTER}
    return {form.strip() for form in once | twice | {coded for piece in pieces for coded in _base64(piece)}}


def _base64(secret: str) -> Iterator[str]:
    """Yield the base64 forms of the secret at each offset in a longer text, without letters that it shares."""
    raw = secret.encode("utf-8", "replace")
    if len(raw) < LONG_ENOUGH:
        return
    for before in range(3):
        coded = b64encode(b"\0" * before + raw).decode().rstrip("=")
        shared_at_end = (before + len(raw)) % 3 > 0
        inner = coded[(0, 2, 3)[before] : len(coded) - shared_at_end]
        yield inner
        yield inner.translate(str.maketrans("+/", "-_"))


def _pattern(form: str, short: int) -> str:
    spaced = r"\s+".join(map(re.escape, form.split()))
    return spaced if len(form) >= short else rf"(?<!\w){spaced}(?!\w)"


def secrets_in(answer: Any) -> Iterator[str]:
    """Yield the secrets of the records in an answer."""
    if isinstance(answer, dict | list | tuple):
        for item in answer.values() if isinstance(answer, dict) else answer:
            yield from secrets_in(item)
    elif hasattr(answer, "get_secret_value"):
        yield answer.get_secret_value()
    elif hasattr(answer, "model_extra"):  # a record, without the long import of its module
        for _, item in answer:
            yield from secrets_in(item)


def named_secrets(body: Any) -> Iterator[str]:
    """Yield the texts in an answer's JSON whose names sound like a secret's, but not the messages about such fields."""
    waiting = [(body, False)]  # however deep a panel nests it
    while waiting:
        value, secret = waiting.pop()
        if isinstance(value, dict):
            waiting += [(inner, secret or sounds_secret(n)) for n, inner in value.items() if n not in MESSAGES]
        elif isinstance(value, list):
            waiting += [(inner, secret) for inner in value]
        elif secret and isinstance(value, str):
            yield value


@lru_cache(FEW_NAMES)
def sounds_secret(name: str) -> bool:
    """Whether a field of that name holds a secret."""
    return bool(_SECRET_NAME.search(name))


class Secrets:
    """The secrets of one call, from any of its threads; shows itself in no repr."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._later: list[Callable[[], Iterable[str]]] = []
        self._hiders: dict[Callable[[str], str], None] = {}
        self._lock = Lock()

    def add(self, *texts: str) -> None:
        with self._lock:
            self._texts.update(text for text in texts if text.strip().lower() not in ORDINARY)

    def add_later(self, texts: Callable[[], Iterable[str]]) -> None:
        """Add the texts of a call to `texts`, made before the first redaction: most calls show no text."""
        with self._lock:
            self._later.append(texts)

    def hide_with(self, hide: Callable[[str], str]) -> None:
        """Let `hide` redact secrets that it alone knows."""
        with self._lock:
            self._hiders[hide] = None

    def redact(self, text: str) -> str:
        """Redact all of the secrets in the text."""
        with self._lock:
            later, self._later = self._later, []
            for texts in later:
                self._texts.update(texts())
            secrets, hiders = frozenset(self._texts), list(self._hiders)
        for hide in hiders:
            text = hide(text)
        return redact(text, secrets)

    def __repr__(self) -> str:
        return "Secrets()"


_of_this_call: ContextVar[Secrets | None] = ContextVar("virtfusion_secrets", default=None)


@contextmanager
def secrets_of_call(same: Secrets | None = None) -> Iterator[Secrets]:
    """Collect the secrets of this thread's work inside; an inner call shares and extends those of the outer one.

    A thread that works for another thread's call passes that call's secrets as `same`.
    """
    secrets = same or known_secrets() or Secrets()
    token = _of_this_call.set(secrets)
    try:
        yield secrets
    finally:
        _of_this_call.reset(token)


def known_secrets() -> Secrets | None:
    """Return the secrets of the call that this thread serves, or None outside of a call."""
    return _of_this_call.get()


def remember(*texts: str) -> None:
    """Add texts to the secrets of the call that this thread serves."""
    secrets = known_secrets()
    if secrets is not None:
        secrets.add(*texts)


def redacted(text: str) -> str:
    """Redact the secrets of the call that this thread serves."""
    secrets = known_secrets()
    return text if secrets is None else secrets.redact(text)


def redacted_later(text: Callable[[], str]) -> Callable[[], str]:
    """Wrap a text that is made later, maybe in another call, so that this call's secrets are redacted in it.

    To find a call's secrets in a text costs more than the rest of most calls, and few such texts are ever shown.
    """
    secrets = known_secrets()
    return text if secrets is None else lambda: secrets.redact(text())
