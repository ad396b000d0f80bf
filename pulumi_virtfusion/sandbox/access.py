"""Access: bearer tokens, their scope and their rate."""

from __future__ import annotations

import secrets
from collections import deque
from math import ceil
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SecretStr

from .panel.clock import Clock
from .panel.refusals import LaravelRefusal

_MINUTE = 60.0


class Unauthorized(Exception):
    """The refusal of a missing, wrong or expired token: the panel's 401 is text, not JSON."""


class Token(BaseModel):
    """A token of the panel; without scope and rate, the token may do everything."""

    model_config = ConfigDict(extra="forbid")

    token: SecretStr
    scope: list[str] | None = None
    """Beginnings of allowed paths; `/connect` is always allowed."""
    rate: Annotated[int, Field(ge=1)] | None = None
    """Requests a minute."""
    retry_after: bool = True
    """Whether a 429 has a `Retry-After` header."""
    _asked: deque[float] = PrivateAttr(default_factory=deque)

    def admit(self, path: str, now: float) -> None:
        """Refuse a path outside the scope (403), and a request above the rate (429)."""
        if self.scope is not None and path != "/connect" and not path.startswith(tuple(self.scope)):
            raise LaravelRefusal(403, "This action is unauthorized.")
        if self.rate is None:
            return
        while self._asked and self._asked[0] <= now - _MINUTE:
            self._asked.popleft()
        if len(self._asked) >= self.rate:
            wait = ceil(self._asked[0] + _MINUTE - now)
            raise LaravelRefusal(429, "Too Many Attempts.", {"Retry-After": str(wait)} if self.retry_after else None)
        self._asked.append(now)


class Tokens:
    """The token that the panel was started with, and those that controls added."""

    def __init__(self, main: str, clock: Clock) -> None:
        self._main = Token(token=SecretStr(main))
        self._clock = clock
        self._added: list[Token] = []

    def add(self, token: Token) -> None:
        """Add a token, in place of an added one with the same text."""
        text = token.token.get_secret_value()
        self._added = [other for other in self._added if other.token.get_secret_value() != text] + [token]

    def forget_added(self) -> None:
        self._added = []

    def knows(self, authorization: str) -> bool:
        """Whether the header has one of the tokens, whatever its scope."""
        return self._token_in(authorization) is not None

    def admit(self, authorization: str, path: str) -> None:
        token = self._token_in(authorization)
        if token is None:
            raise Unauthorized
        token.admit(path, self._clock.passed())

    def _token_in(self, authorization: str) -> Token | None:
        scheme, _, text = authorization.partition(" ")
        given = text.strip().encode()
        for token in (self._main, *self._added):
            if scheme.lower() == "bearer" and secrets.compare_digest(token.token.get_secret_value().encode(), given):
                return token
        return None
