"""What a Python program sends to the plug-in for one of its resources."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from typing import Any

import pulumi

from ...schema.type_tokens import DYNAMIC, NATIVE
from .names import Names

PATHS = ("additional_secret_outputs", "hide_diffs", "ignore_changes", "replace_on_changes")
"""The options that name properties."""


def type_of(kind: str) -> str:
    """The type token of a resource class."""
    return f"{NATIVE}{kind}"


def properties_of(own: Mapping[str, Any], names: Names, hidden: Collection[str]) -> dict[str, Any]:
    """The properties as the plug-in knows them; values are left as they are, which it takes in either spelling.

    An argument whose output an option hides is sent as a secret: the plug-in is told of no such option.
    """
    return {
        names.on_the_wire(name): pulumi.Output.secret(value) if name in hidden and value is not None else value
        for name, value in own.items()
    }


def guarded(kind: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """The options of a dynamic resource, which meets a state of the plug-in instead of planning to make all anew."""
    sent = copy.copy(opts) if opts is not None else pulumi.ResourceOptions()
    sent.aliases = [*(sent.aliases or ()), pulumi.Alias(type_=type_of(kind))]
    return sent


def options_of(kind: str, names: Names, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """The options with the properties that they name as the plug-in knows them; a dynamic resource is taken over."""
    sent = copy.copy(opts) if opts is not None else pulumi.ResourceOptions()
    for option in PATHS:
        if paths := getattr(sent, option, None):
            setattr(sent, option, [names.path_on_the_wire(path) for path in paths])
    sent.aliases = [*(sent.aliases or ()), pulumi.Alias(type_=f"{DYNAMIC}{kind}")]
    return sent
