"""A provider with a bug, importable by the provider host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from typing_extensions import override

from pulumi_virtfusion.dynamic_provider import DynamicProvider
from pulumi_virtfusion.lifecycle import Lifecycle
from pulumi_virtfusion.resources.ssh_key import SshKeyLifecycle
from pulumi_virtfusion.terms import Context, Values


class BuggyLifecycle(SshKeyLifecycle):
    """Divides by zero instead of making a key."""

    @override
    def make(self, context: Context, arguments: Values) -> tuple[str, Any]:
        raise ZeroDivisionError(f"{context.settings.endpoint} / 0 for {arguments['name']}")


class BuggyProvider(DynamicProvider):
    """A door on that lifecycle."""

    @override
    def __reduce__(self) -> tuple[Callable[[str], DynamicProvider], tuple[str]]:
        return BuggyProvider, (self.resource,)

    @property
    @override
    def lifecycle(self) -> Lifecycle:
        fields = super().lifecycle.fields
        return BuggyLifecycle("SshKey", fields)
