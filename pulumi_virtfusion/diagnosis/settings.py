"""Findings on the settings by which a panel is reached."""

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
    """Yield findings on misspelt settings in a stack's configuration and the environment, and on a token in plain."""
    for sentence in [*misspelt(values), *misspelt_variables(environment)]:
        yield _found("misspelt", "BAD", sentence)
    token = values.get(config_key("token"))
    if token and not token.get("secret"):
        yield _found("token in plain", "BAD", PLAIN_TOKEN)


def of_the_panel(settings: Settings, values: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield findings on the panel's address, the route to it, and switched-off protection."""
    written = [
        of_the_stack(name) if config_key(name) in values else environment_variable(name)
        for name in ("endpoint", "token")
    ]
    yield _found("panel", "ok", f"{settings.endpoint} ({', '.join(written)})")
    if settings.insecure:
        yield _found("insecure", "note", "whoever answers at this address is believed: its certificate is not checked")


def wrong(sentence: str) -> Finding:
    """Return the finding for a setting that is missing or does not parse, or a stack that cannot be read."""
    return _found("settings", "BAD", sentence)


def remarked(sentence: str) -> Finding:
    return _found("settings", "note", sentence)


def _found(name: str, verdict: Verdict, says: str) -> Finding:
    return Finding("settings", name, verdict, says)
