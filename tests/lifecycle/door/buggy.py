"""A provider with a bug, importable by the provider host."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from pulumi_virtfusion.lifecycle.contract import Context, Values
from pulumi_virtfusion.lifecycle.lifecycle import Lifecycle
from pulumi_virtfusion.providers.dynamic.provider import DynamicProvider
from pulumi_virtfusion.resources import resource_class
from pulumi_virtfusion.resources.ssh_key import SshKeyBehaviour


class BuggyBehaviour(SshKeyBehaviour):
    """Divides by zero instead of making a key."""

    @override
    def make(self, context: Context, arguments: Values) -> tuple[str, Any]:
        raise ZeroDivisionError(f"{context.settings.endpoint} / 0 for {arguments['name']}")


class BuggyProvider(DynamicProvider):
    """A door on that lifecycle."""

    def __init__(self, kind: str = "SshKey") -> None:
        super().__init__(Lifecycle(BuggyBehaviour(kind, resource_class(kind).fields)), BuggyProvider)
