"""The settings as a provider resource has them: `endpoint`, `requestTimeout`, with the environment behind them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from typing import Any

from pulumi.runtime.proto import provider_pb2

from ...config import (
    NAMESPACE,
    PLAIN_TOKEN,
    NotConfigured,
    Settings,
    config_key,
    environment_variable,
    misspelt,
    parsed,
)
from ...lifecycle.contract import Values
from ...project_file import project_file
from ...schema.plain_values import is_known
from .names import Names
from .wire import Properties, leaving

DOOR = "door"
"""The setting that chooses the provider of a program's resources, read by the program alone."""
NAMES = Names({setting.name: None for setting in fields(Settings)})
TOKEN = frozenset({"token"})


def settings(given: Values) -> Settings:
    """Parse the settings of a provider resource; a setting that is left out comes from the environment."""
    texts = {config_key(name): _text(value) for name, value in given.items() if is_known(value)}
    return Settings.read(texts.get)


def check(news: Properties) -> provider_pb2.CheckResponse:
    """Return the configuration for the state, and the reason for each refused setting."""
    values = {name: value for name, value in news.values.items() if name != DOOR}
    failures = [provider_pb2.CheckFailure(reason=reason) for reason in _problems(values)]
    return provider_pb2.CheckResponse(inputs=leaving(values, NAMES, news.secret | TOKEN), failures=failures)


def warning(urn: str, news: Properties) -> str:
    """Return the warning about a token that the stack's file holds in plain; "" where there is none.

    The engine tells no provider whether a setting is a secret, so this reads the stack's own file. A Python program
    warns itself; it alone chooses a door, by the configuration or the environment.
    """
    token = news.values.get("token")
    if not token or not is_known(token) or DOOR in news.values or environment_variable(DOOR) in os.environ:
        return ""
    plain = re.compile(
        rf"""^\s*["']?{config_key("token")}["']?:\s*["']?{re.escape(str(token))}["']?\s*$""", re.MULTILINE
    )
    return PLAIN_TOKEN if plain.search(_text_of_the_stack(urn)) else ""


def _text_of_the_stack(urn: str) -> str:
    """Return the text of the settings file of a URN's stack; the engine starts a plug-in in the program's folder."""
    stack = urn.removeprefix("urn:pulumi:").partition("::")[0]
    if (file := project_file()) is not None:
        with suppress(OSError, UnicodeDecodeError):
            return file.with_name(f"{file.stem}.{stack}{file.suffix}").read_text(encoding="utf-8")
    return ""


def diff(olds: Properties, news: Properties) -> provider_pb2.DiffResponse:
    """Return the changed settings; a provider is never replaced, since that would replace all of its resources."""
    names = {*olds.values, *news.values}
    changed = sorted(name for name in names if olds.values.get(name) != news.values.get(name))
    kinds = provider_pb2.DiffResponse
    return kinds(changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE, diffs=map(NAMES.on_the_wire, changed))


def _problems(values: Values) -> Iterator[str]:
    yield from misspelt(f"{NAMESPACE}:{NAMES.on_the_wire(name)}" for name in values)
    for setting in fields(Settings):
        value = values.get(setting.name)
        if value is not None and is_known(value) and _text(value):
            try:
                parsed(setting.name, _text(value), config_key(setting.name))
            except NotConfigured as error:
                yield str(error)


def _text(value: Any) -> str:
    """Return the text of a value as a stack's configuration holds it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
