"""Which panel a command asks that serves no run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..config import Settings


def settings_of(stack: str | None) -> Settings:
    """Those of the stack; without one those of the environment, or of the selected stack where it names no panel."""
    from ..config import Settings
    from ..recovery.pulumi_cli import NoState, configured

    if stack is not None:
        return Settings.read(configured(stack))
    settings = Settings.of_environment()
    if settings.endpoint:
        return settings
    try:
        return Settings.read(configured(None))
    except NoState:  # no project here, or none of its stacks is selected: what is missing is said of the environment
        return settings
