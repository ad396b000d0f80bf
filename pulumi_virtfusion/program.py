"""Which panel a program talks to: the stack's own, or that of an explicit provider."""

from __future__ import annotations

import pulumi

from .config import Settings, name_sender


def stack_settings() -> Settings:
    """The settings of the stack that is running; outside of a program, those of the environment."""
    if getattr(pulumi.runtime.settings.SETTINGS, "monitor", None) is not None:  # an engine runs this program
        name_sender("program", "preview" if pulumi.runtime.is_dry_run() else "update")
    return Settings.read(pulumi.runtime.get_config)


def settings_of(provider: pulumi.ProviderResource | None) -> pulumi.Output[Settings]:
    """The settings of an explicit provider, unknown while one of its arguments is; without one, the stack's.

    Its token is secret; what is read with it is not.
    """
    from .provider import Provider

    if not isinstance(provider, Provider):
        return pulumi.Output.from_input(stack_settings())
    configured = pulumi.Output.unsecret(pulumi.Output.all(**provider.configured))
    return configured.apply(lambda values: Settings.read(values.get))
