"""Cuts secrets out of texts, in every form in which a panel may repeat them, whatever white space it folded.

A `Secrets` collects those of one call: what is known when it begins, and what the panel's answers bring.
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
"""Characters; a secret of fewer is found in other words, so it is cut out only where it is a word of its own."""
SHORTEST = 2
"""Characters; one letter is no secret."""
LONG_ENOUGH = 8
"""Characters of a secret of which a message may hold a line, or its base64."""
ORDINARY = frozenset(
    {"auto", "default", "disabled", "enabled", "false", "inherit", "no", "none"}
    | {"null", "off", "on", "optional", "required", "true", "unknown", "yes"}
)
"""What stands in fields that are named like secrets and are none (`"passwordLogin": "enabled"`)."""

MESSAGES = frozenset({"errors", "msg", "message", "error"})
"""Fields in which the panel says what is wrong, also with a password."""

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
"""In which the other spellings may be wrapped again: HTML in JSON, a message of JSON in a page."""


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text with a mark in place of each secret, the longest first."""
    return replaced(pattern_of(frozenset(secrets)), text, REDACTED)


def replaced(pattern: re.Pattern[str], text: str, mark: str) -> str:
    """The text with `mark` in place of what the pattern finds, except inside of the marks that are there."""
    kept, end = [], 0
    for found in _MARKS.finditer(text):
        kept += [pattern.sub(mark, text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*kept, pattern.sub(mark, text[end:])])


@lru_cache(maxsize=32)
def pattern_of(secrets: frozenset[str], short: int = SHORT, shortest: int = SHORTEST) -> re.Pattern[str]:
    """Finds the secrets in all their forms; those below `short` only where they are a word of their own."""
    forms = {form for secret in secrets for form in forms_of(secret, shortest)}
    patterns = [_pattern(form, short) for form in sorted(forms, key=len, reverse=True)]
    return re.compile("|".join(patterns) or "(?!)", re.IGNORECASE)


def forms_of(secret: str, shortest: int = SHORTEST) -> set[str]:
    """The secret as people, JSON, HTML, URLs, Python and base64 write it, without the white space around it."""
    pieces = {secret, " ".join(secret.split()), secret.replace("\r\n", "\n"), "\r\n".join(secret.splitlines())}
    pieces |= {line for line in secret.splitlines() if len(line.strip()) >= LONG_ENOUGH}
    pieces = {trimmed for piece in pieces for trimmed in (piece, piece.strip()) if len(trimmed.strip()) >= shortest}
    once = pieces | {spell(piece) for piece in pieces for spell in (*_JSON, *_HTML, *_URL, *_PYTHON)}
    twice = {spell(form) for form in once - pieces for spell in _OUTER}
    return {form.strip() for form in once | twice | {coded for piece in pieces for coded in _base64(piece)}}


def _base64(secret: str) -> Iterator[str]:
    """What base64 makes of the secret wherever in a longer text it stands, without the letters it shares."""
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
    """The secrets of the records in an answer."""
    if isinstance(answer, dict | list | tuple):
        for item in answer.values() if isinstance(answer, dict) else answer:
            yield from secrets_in(item)
    elif hasattr(answer, "get_secret_value"):
        yield answer.get_secret_value()
    elif hasattr(answer, "model_extra"):  # a record, without the long import of its module
        for _, item in answer:
            yield from secrets_in(item)


def named_secrets(body: Any) -> Iterator[str]:
    """The texts in an answer's JSON whose names sound like a secret's, but not the messages about such fields."""
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
        """Add what `texts` answers once something is to be said: most calls say nothing."""
        with self._lock:
            self._later.append(texts)

    def hide_with(self, hide: Callable[[str], str]) -> None:
        """Let `hide` cut out what it alone knows."""
        with self._lock:
            self._hiders[hide] = None

    def redact(self, text: str) -> str:
        """The text without any of the secrets."""
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
    """The secrets of what this thread does inside; an inner call has those of the outer one, and adds to them.

    A thread that works for the call of another one has the `same`.
    """
    secrets = same or known_secrets() or Secrets()
    token = _of_this_call.set(secrets)
    try:
        yield secrets
    finally:
        _of_this_call.reset(token)


def known_secrets() -> Secrets | None:
    """The secrets of the call that this thread serves, if it serves one."""
    return _of_this_call.get()


def remember(*texts: str) -> None:
    """Add to the secrets of the call that this thread serves."""
    secrets = known_secrets()
    if secrets is not None:
        secrets.add(*texts)


def redacted(text: str) -> str:
    """The text without the secrets of the call that this thread serves."""
    secrets = known_secrets()
    return text if secrets is None else secrets.redact(text)


def redacted_later(text: Callable[[], str]) -> Callable[[], str]:
    """What makes the text when it is asked for, in whatever call, without the secrets of the call of now.

    To find a call's secrets in a text costs more than the rest of most calls, and hardly any such text is ever said.
    """
    secrets = known_secrets()
    return text if secrets is None else lambda: secrets.redact(text())
