"""The settings of a program: the stack's own panel, or the panel of an explicit provider."""

from __future__ import annotations

import os
from collections.abc import Mapping
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import config

from ..config import (
    NATIVE,
    PLAIN_TOKEN,
    NotConfigured,
    Settings,
    config_key,
    environment_variable,
    misspelt,
    name_sender,
    parsed,
)

_looked_at: WeakKeyDictionary[object, list[str]] = WeakKeyDictionary()
"""By run, a sentence for each misspelt key of its configuration."""
_lock = Lock()


def look_at_configuration() -> None:
    """Raise `NotConfigured` for a misspelt setting, and warn once a preview of a token that stands there in plain.

    Only a program sees the keys and the secret marks: a provider gets the values alone.
    """
    run = getattr(pulumi.runtime.settings.SETTINGS, "rpc_manager", None)  # made anew for every run
    if run is None:
        return
    with _lock:
        if first := run not in _looked_at:
            _looked_at[run] = misspelt(_configuration())
        wrong = _looked_at[run]
    if wrong:
        raise NotConfigured(" ".join(wrong))
    token = config_key("token")
    if first and pulumi.runtime.is_dry_run() and token in _configuration() and not config.is_config_secret(token):
        pulumi.log.warn(PLAIN_TOKEN)


def is_native() -> bool:
    """Whether the program's resources go through the plug-in."""
    source, text = config_key("door"), pulumi.runtime.get_config(config_key("door"))
    if text is None:
        source = environment_variable("door")
        text = os.environ.get(source)
    return bool(text) and parsed("door", text, source) == NATIVE


def _configuration() -> Mapping[str, Any]:
    return {**config.get_config_env(), **config.CONFIG.get()}


def stack_settings() -> Settings:
    """Return the settings of the running stack; outside of a program, those of the environment."""
    if getattr(pulumi.runtime.settings.SETTINGS, "monitor", None) is not None:  # an engine runs this program
        name_sender("program", "preview" if pulumi.runtime.is_dry_run() else "update")
        look_at_configuration()
    return Settings.read(pulumi.runtime.get_config)


def settings_of(provider: pulumi.ProviderResource | None) -> pulumi.Output[Settings]:
    """Return the settings of an explicit provider, unknown while one of its arguments is; without one, the stack's.

    The output is not secret although the token is: a record that is read with the token is no secret.
    """
    from .provider import Provider

    if not isinstance(provider, Provider):
        return pulumi.Output.from_input(stack_settings())
    configured = pulumi.Output.unsecret(pulumi.Output.all(**provider.configured))
    return configured.apply(lambda values: Settings.read(values.get, written=provider.written))
