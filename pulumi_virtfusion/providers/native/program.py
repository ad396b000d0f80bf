"""The type, properties and options of a resource that a Python program sends to the plug-in."""

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
"""The twins of an alias: with another type, below another parent, or both."""


def type_of(kind: str) -> str:
    """Return the type token of a resource class."""
    return f"{NATIVE}{kind}"


def properties_of(own: Mapping[str, Any], names: Names, hidden: Collection[str]) -> dict[str, Any]:
    """Return the properties under the names of the wire, also inside of a declared object.

    Options name properties in that spelling alone. An argument whose output an option hides is sent as a secret, since
    the engine does not pass that option to the plug-in.
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
    """Return a dynamic resource's options, with aliases that let it meet a state of the plug-in, and refuse it."""
    return _of_both_doors(kind, opts, type_of(kind))


def options_of(kind: str, names: Names, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with property paths in the names of the wire, and aliases that adopt a dynamic resource."""
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
    """Return the options with each alias for either provider; `other` is the type token of the other provider."""
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
    """Return the twin of that number, or the alias itself once more, which the engine ignores."""
    twins = list(_with_twins(alias, kind, other))[1:]
    return twins[number] if number < len(twins) else alias


def _twins(alias: pulumi.Alias, kind: str, other: str) -> Iterator[pulumi.Alias]:
    """Yield the alias with the other provider's type, below a parent of the other provider, and with both."""
    twin_of = {None: other, ...: other, type_of(kind): f"{DYNAMIC}{kind}", f"{DYNAMIC}{kind}": type_of(kind)}
    types = [alias.type_, *([twin_of[alias.type_]] if alias.type_ in twin_of else ())]
    parents = [alias.parent, *(_respelled(alias.parent) if isinstance(alias.parent, str) else ())]
    for type_, parent in list(product(types, parents))[1:]:
        twin = copy.copy(alias)
        twin.type_, twin.parent = type_, parent
        yield twin


def _respelled(urn: str) -> Iterator[str]:
    """Yield the URN with the type tokens of the other provider, where it has any of ours."""
    yield from (urn.replace(one, another) for one, another in ((DYNAMIC, NATIVE), (NATIVE, DYNAMIC)) if one in urn)
