"""What an editable install has in the environment itself, beside the path to the checkout.

Pulumi's language host looks for `pulumi-plugin.json` where `pip` says that a package is, which is not the checkout.
Without it there, each run of a developer would load the plug-in, or look for one to download.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SAYS_THERE_IS_NO_PLUGIN = "pulumi_virtfusion/pulumi-plugin.json"


class EditableInstall(BuildHookInterface[Any]):
    """Hatchling runs this hook when it builds a wheel; only an editable one has `force_include_editable`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            build_data["force_include_editable"][SAYS_THERE_IS_NO_PLUGIN] = SAYS_THERE_IS_NO_PLUGIN
