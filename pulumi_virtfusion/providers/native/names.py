"""The two names of each property: in camelCase on the wire, and in snake_case in the provider."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from typing_extensions import is_typeddict

from ...api.names import camel_case
from ...schema.fields import Field
from ..import_option import IMPORT_ID

STEP = re.compile(r"""(?P<before>\.?|\[")(?P<name>(?<=\[")[^"]+|[^.\[\]"]+)(?P<rest>.*)""", re.DOTALL)
"""One step of a property path: `name`, `.name` or `["name"]`."""


class Names:
    """The names of one kind of object; any other name, such as one from an older state, is left unchanged.

    `parts` has the names inside of a property's value, where those are ours as well; keys inside of any other value are
    the user's.
    """

    def __init__(self, parts: Mapping[str, Names | None]) -> None:
        self._parts = parts
        self._own = {camel_case(name): name for name in parts}

    def on_the_wire(self, name: str) -> str:
        return camel_case(name) if name in self._parts else name

    def of_ours(self, name: str) -> str:
        return self._own.get(name, name)

    def inside(self, name: str) -> Names | None:
        """Return the names inside of the property with this name of ours."""
        return self._parts.get(name)

    def path_on_the_wire(self, path: str) -> str:
        """Convert a property path, as the options of a resource have it, to the names of the wire."""
        found = STEP.fullmatch(path)
        if found is None:
            return path
        inside, rest = self.inside(found["name"]), found["rest"]
        closing = rest[:2] if found["before"] == '["' else ""
        rest = rest.removeprefix(closing)
        if inside is not None:  # all keys are the object itself, also where an older state has other keys
            rest = "" if rest in (".*", "[*]") else inside.path_on_the_wire(rest)
        return found["before"] + self.on_the_wire(found["name"]) + closing + rest

    def older_path(self, path: str) -> str | None:
        """Return the path's property as a state of the dynamic provider spells it; None where that is the same."""
        found = STEP.fullmatch(path)
        return found["name"] if found is not None and self.on_the_wire(found["name"]) != found["name"] else None

    def value_of_ours(self, name: str, value: Any) -> Any:
        """Convert a property's value to our names; of a key that is there in both spellings, keep that of the wire."""
        inside = self.inside(name)
        if inside is None or not isinstance(value, dict):
            return value
        in_order = sorted(value.items(), key=lambda item: inside.of_ours(item[0]) != item[0])
        return {inside.of_ours(key): item for key, item in in_order}

    def value_on_the_wire(self, name: str, value: Any) -> Any:
        """Convert a property's value to the names of the wire."""
        inside = self.inside(name)
        if inside is None or not isinstance(value, Mapping):
            return value
        return {inside.on_the_wire(key): item for key, item in value.items()}


def of_fields(fields: Mapping[str, Field]) -> Names:
    """Return the names of declared fields, and of the import id, an input of every resource."""
    return Names({**{name: _inside(field.value_type) for name, field in fields.items()}, IMPORT_ID: None})


def _inside(value_type: Any) -> Names | None:
    return Names(dict.fromkeys(value_type.__annotations__)) if is_typeddict(value_type) else None
