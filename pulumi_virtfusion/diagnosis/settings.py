"""The settings by which a panel is reached, and where each was written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..config import (
    PLAIN_TOKEN,
    Settings,
    config_key,
    environment_variable,
    misspelt,
    misspelt_variables,
    of_the_stack,
)
from .finding import Finding, Verdict


def keys(values: Mapping[str, Mapping[str, Any]], environment: Collection[str]) -> Iterator[Finding]:
    """What is wrong with the names in a stack's configuration and in the environment, and with a token in plain."""
    for sentence in [*misspelt(values), *misspelt_variables(environment)]:
        yield _found("misspelt", "BAD", sentence)
    token = values.get(config_key("token"))
    if token and not token.get("secret"):
        yield _found("token in plain", "BAD", PLAIN_TOKEN)


def of_the_panel(settings: Settings, values: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Which panel it is, and what was switched off on the way to it."""
    written = [
        of_the_stack(name) if config_key(name) in values else environment_variable(name)
        for name in ("endpoint", "token")
    ]
    yield _found("panel", "ok", f"{settings.endpoint} ({', '.join(written)})")
    if settings.insecure:
        yield _found("insecure", "note", "whoever answers at this address is believed: its certificate is not checked")


def wrong(sentence: str) -> Finding:
    """That a setting is missing or does not parse, or a stack cannot be read."""
    return _found("settings", "BAD", sentence)


def remarked(sentence: str) -> Finding:
    return _found("settings", "note", sentence)


def _found(name: str, verdict: Verdict, says: str) -> Finding:
    return Finding("settings", name, verdict, says)
