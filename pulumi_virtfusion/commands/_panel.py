"""The panel of a command: that of this folder's stack; outside of a project, that of the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..project_file import project_file
from ._terminal import say

if TYPE_CHECKING:
    from ..config import Settings

StackOption = Annotated[
    str | None,
    typer.Option(
        help="Stack of this folder's project that says which panel; else the selected one, and outside of a project "
        "VIRTFUSION_ENDPOINT and VIRTFUSION_TOKEN.",
        show_default=False,
    ),
]


def settings_here(stack: str | None) -> Settings:
    """Return the settings of the stack, or of the selected one; outside of a project, the environment's."""
    from ..config import Settings, refuse_misspelt

    values, remark = configuration_here(stack)
    if remark:
        say(remark, err=True)
    refuse_misspelt(values)
    return Settings.read(lambda key: values.get(key, {}).get("value"))


def configuration_here(stack: str | None) -> tuple[dict[str, dict[str, Any]], str]:
    """Return the stack's configuration, and a remark; the configuration is empty where only the environment counts.

    The remark explains an unexpected source, and is "" otherwise. Raise `NoState` where a stack's configuration
    cannot be read: that configuration may name another panel.
    """
    from ..recovery.pulumi_cli import NoCli, NoStackSelected, configuration

    if stack is None and project_file() is None:
        return {}, ""
    try:
        return configuration(stack), ""
    except (NoCli, NoStackSelected) as error:
        if stack is not None:
            raise
        return {}, f"{error} The environment says which panel is asked."
