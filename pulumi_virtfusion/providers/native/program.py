"""What a Python program sends to the plug-in for one of its resources."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from itertools import product
from typing import Any

import pulumi

from ...schema.type_tokens import DYNAMIC, NATIVE
from .names import Names

PATHS = ("additional_secret_outputs", "hide_diffs", "ignore_changes", "replace_on_changes")
"""The options that name properties."""
MOST_TWINS = 3
"""Of an alias with another type, below another parent, or both."""


def type_of(kind: str) -> str:
    """The type token of a resource class."""
    return f"{NATIVE}{kind}"


def properties_of(own: Mapping[str, Any], names: Names, hidden: Collection[str]) -> dict[str, Any]:
    """The properties as the plug-in knows them, also inside of what is declared as an object.

    Options name properties in that spelling alone. An argument whose output an option hides is sent as a secret: the
    plug-in is told of no such option.
    """
    sent = {name: _on_the_wire(name, value, names) for name, value in own.items()}
    return {
        names.on_the_wire(name): pulumi.Output.secret(value) if name in hidden and value is not None else value
        for name, value in sent.items()
    }


def _on_the_wire(name: str, value: Any, names: Names) -> Any:
    if value is None or names.inside(name) is None:
        return value
    if isinstance(value, Mapping):
        return names.value_on_the_wire(name, value)
    return pulumi.Output.from_input(value).apply(partial(names.value_on_the_wire, name))


def guarded(kind: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """The options of a dynamic resource, which meets a state of the plug-in instead of planning to make all anew."""
    return _of_both_doors(kind, opts, type_of(kind))


def options_of(kind: str, names: Names, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """The options with the properties that they name as the plug-in knows them; a dynamic resource is taken over."""
    sent = _of_both_doors(kind, opts, f"{DYNAMIC}{kind}")
    for option in PATHS:
        if paths := getattr(sent, option, None):
            setattr(sent, option, [names.path_on_the_wire(path) for path in paths])
    if opts is not None and (ignored := opts.ignore_changes):
        # The engine looks up an ignored property in the old inputs, which may be those of the dynamic provider.
        older = filter(None, map(names.older_path, ignored))
        sent.ignore_changes = list(dict.fromkeys([*(sent.ignore_changes or ()), *older]))
    return sent


# -- aliases -------------------------------------------------------------------------------------------------------


def _of_both_doors(kind: str, opts: pulumi.ResourceOptions | None, other: str) -> pulumi.ResourceOptions:
    """The options with each alias for the resource of either provider; `other` is the type token that it has not."""
    sent = copy.copy(opts) if opts is not None else pulumi.ResourceOptions()
    given = [one for alias in sent.aliases or () for one in _with_twins(alias, kind, other)]
    sent.aliases = [*given, pulumi.Alias(type_=other)]
    return sent


def _with_twins(alias: Any, kind: str, other: str) -> Iterator[Any]:
    yield alias
    if isinstance(alias, str):
        yield from _respelled(alias)
    elif isinstance(alias, pulumi.Alias):
        yield from _twins(alias, kind, other)
    else:  # an output, of which nothing is known yet
        output = pulumi.Output.from_input(alias)
        yield from (output.apply(partial(_twin, number, kind, other)) for number in range(MOST_TWINS))


def _twin(number: int, kind: str, other: str, alias: Any) -> Any:
    """The twin of that number, or the alias itself once more, of which the engine takes no notice."""
    twins = list(_with_twins(alias, kind, other))[1:]
    return twins[number] if number < len(twins) else alias


def _twins(alias: pulumi.Alias, kind: str, other: str) -> Iterator[pulumi.Alias]:
    """The same alias with the other provider's type, and below a parent of the other provider."""
    twin_of = {None: other, ...: other, type_of(kind): f"{DYNAMIC}{kind}", f"{DYNAMIC}{kind}": type_of(kind)}
    types = [alias.type_, *([twin_of[alias.type_]] if alias.type_ in twin_of else ())]
    parents = [alias.parent, *(_respelled(alias.parent) if isinstance(alias.parent, str) else ())]
    for type_, parent in list(product(types, parents))[1:]:
        twin = copy.copy(alias)
        twin.type_, twin.parent = type_, parent
        yield twin


def _respelled(urn: str) -> Iterator[str]:
    """The URN with the type tokens of the other provider, where it has any of ours."""
    yield from (urn.replace(one, another) for one, another in ((DYNAMIC, NATIVE), (NATIVE, DYNAMIC)) if one in urn)
