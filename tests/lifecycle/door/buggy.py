"""A provider with a bug, importable by the provider host; run, the plug-in with that bug in its keys."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.lifecycle.contract import Context, Values
from pulumi_virtfusion.lifecycle.lifecycle import Lifecycle
from pulumi_virtfusion.providers.dynamic.provider import DynamicProvider
from pulumi_virtfusion.providers.native.plugin import main
from pulumi_virtfusion.resources import resource_class
from pulumi_virtfusion.resources.ssh_key import SshKeyBehaviour
from tests.native_host import NativeHost


class BuggyBehaviour(SshKeyBehaviour):
    """Divides by zero instead of making a key."""

    @override
    def make(self, context: Context, arguments: Values) -> tuple[str, Any]:
        raise ZeroDivisionError(f"{context.settings.endpoint} / 0 for {arguments['name']}")


class BuggyProvider(DynamicProvider):
    """A door on that lifecycle."""

    def __init__(self, kind: str = "SshKey") -> None:
        super().__init__(buggy(kind), BuggyProvider)


class BuggyHost(NativeHost):
    """The plug-in with that lifecycle."""

    module = __name__


def buggy(kind: str) -> Lifecycle:
    return Lifecycle(BuggyBehaviour(kind, resource_class(kind).fields))


if __name__ == "__main__":
    virtfusion.SshKey.lifecycle = buggy("SshKey")
    main()
