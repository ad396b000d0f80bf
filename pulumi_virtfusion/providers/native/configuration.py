"""The settings as a provider resource has them: `endpoint`, `requestTimeout`, with the environment behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from pulumi.runtime.proto import provider_pb2

from ...config import NAMESPACE, NotConfigured, Settings, config_key, misspelt, parsed
from ...lifecycle.contract import Values
from ...schema.plain_values import is_known
from .names import Names
from .wire import Properties, leaving

DOOR = "door"
"""The setting that a program reads: which provider it asks for."""
NAMES = Names({setting.name: None for setting in fields(Settings)})
TOKEN = frozenset({"token"})


def settings(given: Values) -> Settings:
    """The settings of a provider resource; what it leaves out comes from the environment."""
    texts = {config_key(name): _text(value) for name, value in given.items() if is_known(value)}
    return Settings.read(texts.get)


def check(news: Properties) -> provider_pb2.CheckResponse:
    """The configuration as a state keeps it, and why any of it is refused."""
    values = {name: value for name, value in news.values.items() if name != DOOR}
    failures = [provider_pb2.CheckFailure(reason=reason) for reason in _problems(values)]
    return provider_pb2.CheckResponse(inputs=leaving(values, NAMES, news.secret | TOKEN), failures=failures)


def diff(olds: Properties, news: Properties) -> provider_pb2.DiffResponse:
    """Whatever changes, a provider is never replaced: that would replace all that it has."""
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
    """The value as a configuration holds it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
