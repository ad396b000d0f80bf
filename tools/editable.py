"""The file that an editable install puts into the environment itself, beside the path to the checkout.

Pulumi's language host looks for `pulumi-plugin.json` in the folder that `pip` reports for a package, which is not the
checkout. Without the file there, each run of a developer would load the plug-in, or look for one to download.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SAYS_THERE_IS_NO_PLUGIN = "pulumi_virtfusion/pulumi-plugin.json"


class EditableInstall(BuildHookInterface[Any]):
    """A hook that Hatchling runs when it builds a wheel; only an editable wheel has `force_include_editable`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            build_data["force_include_editable"][SAYS_THERE_IS_NO_PLUGIN] = SAYS_THERE_IS_NO_PLUGIN
