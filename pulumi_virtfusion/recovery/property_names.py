"""The names of properties in a state: ours, or those of the wire for a resource of the plug-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ..providers.native.names import Names, of_fields
from ..resources import MODULES, resource_class
from ..schema.type_tokens import NATIVE, kind_of

Resource = Mapping[str, Any]


def in_our_names(resource: Resource) -> dict[str, Any]:
    """Return the resource with its arguments and outputs in our names, whichever provider made it."""
    return _renamed(resource, lambda names: names.of_ours)


def on_the_wire(resource: Resource) -> dict[str, Any]:
    """Return the resource with its arguments and outputs in the names of the provider that made it."""
    return _renamed(resource, lambda names: names.on_the_wire)


def _renamed(resource: Resource, way: Callable[[Names], Callable[[str], str]]) -> dict[str, Any]:
    type_ = str(resource.get("type", ""))
    if not type_.startswith(NATIVE) or kind_of(type_) not in MODULES:
        return dict(resource)
    rename = way(_names(kind_of(type_)))
    parts = {part: resource[part] for part in ("inputs", "outputs") if isinstance(resource.get(part), dict)}
    return {**resource, **{part: {rename(name): v for name, v in values.items()} for part, values in parts.items()}}


@cache
def _names(kind: str) -> Names:
    return of_fields(resource_class(kind).fields)
