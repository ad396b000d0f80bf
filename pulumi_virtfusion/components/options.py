"""The assignment of Pulumi's options to the parts of a component.

Pulumi silently ignores most options of a component. Here an option that names an argument goes to the part that
has the argument, an option for any resource goes to every part, and a meaningless option is refused.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin

import pulumi
from typing_extensions import is_typeddict

from ..misspelling import did_you_mean
from ..program.resource import Resource
from ..schema.fields import Field

NAMES_ARGUMENTS = ("ignore_changes", "replace_on_changes", "hide_diffs")
NAMES_OUTPUTS = "additional_secret_outputs"
FOR_EVERY_PART = ("protect", "retain_on_delete", "delete_before_replace", "custom_timeouts")
MEANINGLESS = {
    "import_": (
        "takes over one object, and this is several: declare each with import_ as a resource of its own first, and "
        "then name those in formerly"
    ),
    "id": "looks at one object, and this is several: use get of the parts' classes",
    "urn": "looks at one object, and this is several: use get of the parts' classes",
    "version": "chooses a plug-in, and these resources have none",
    "plugin_download_url": "chooses a plug-in, and these resources have none",
    "replacement_trigger": "would replace every part: name the arguments that replace theirs in replace_on_changes",
    "replace_with": "would replace every part: name the arguments that replace theirs in replace_on_changes",
    "env_var_mappings": "is for providers",
}
"""Options that Pulumi ignores on a component and no part can take, each with the reason."""
EVERYTHING = "*"
_PATH = re.compile(r'(?:\["(?P<quoted>[^"]+)"\]|(?P<plain>[^.\[\]]+))(?P<rest>.*)', re.DOTALL)
_STEP = re.compile(r'(?:\["(?P<quoted>[^"]+)"\]|\[(?P<index>\d+|\*)\]|\.(?P<plain>[^.\[\]]+))(?P<rest>.*)', re.DOTALL)

Placed = Mapping[str, str]
"""A property's name, by the part that has it."""


@dataclass(frozen=True)
class Places:
    """The places of a component's arguments and outputs in its parts."""

    component: str
    kinds: Mapping[str, type[Resource]]
    """The classes of the parts, by the name of a part without its label or number."""
    arguments: Mapping[str, Placed]
    outputs: Mapping[str, Placed] = field(default_factory=dict)
    labelled: frozenset[str] = frozenset()
    """Arguments whose keys are labels, each the label of one part."""
    making: frozenset[str] = frozenset()
    """Arguments of which each item makes one part: a new item makes a new part, and changes none."""
    open: tuple[str, ...] = ()
    """Parts whose other arguments and outputs may be named too."""

    def of_argument(self, option: str, path: str) -> Iterator[tuple[str, str]]:
        """Yield the parts that a path into an argument is for, with the path there; raise ValueError without one."""
        if path == EVERYTHING:
            yield from ((kind, EVERYTHING) for kind in self.kinds)
            return
        name, rest = _root(option, path)
        placed = {**self._others(inputs=True), **self.arguments}
        if name in self.making:
            raise ValueError(f"{option}: {name} makes and deletes parts of {self.component}, which is no change of one")
        if name not in placed:
            raise self._unknown(option, "argument", name, placed, self.arguments)
        for kind, there in placed[name].items():
            part, inside = _of_label(option, kind, path, rest) if name in self.labelled and rest else (kind, rest)
            _check(option, path, self.kinds[kind].fields[there], inside)
            yield part, f"{there}{inside}"

    def of_output(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield the parts that have an output, with its name there; raise ValueError without one, and for an id."""
        placed = {**self._others(inputs=False), **self.arguments, **self.outputs}
        if name not in placed:
            raise self._unknown(NAMES_OUTPUTS, "output", name, placed, {**self.outputs, **self.arguments})
        for kind, there in placed[name].items():
            if self.kinds[kind].fields[there].from_id is not None:
                raise ValueError(f"{NAMES_OUTPUTS}: {name} is an id, which Pulumi never hides")
            yield kind, there

    def _others(self, *, inputs: bool) -> dict[str, Placed]:
        """Return the fields of the open parts, except those that only tie a part to another."""
        others: dict[str, dict[str, str]] = {}
        for kind in self.open:
            for f in self.kinds[kind].fields.values():
                if f.is_input == inputs and f.name not in self.outputs:
                    others.setdefault(f.name, {})[kind] = f.name
        return dict(others)

    def _unknown(self, option: str, what: str, name: str, known: Iterable[str], shown: Iterable[str]) -> ValueError:
        meant = did_you_mean(name, list(known))
        return ValueError(f"{option}: {self.component} has no {what} {name}{meant}; it has {', '.join(shown)}")


@dataclass
class PartOptions:
    """The options of a component, as those of its parts."""

    places: Places
    given: pulumi.ResourceOptions | None
    _named: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """By part, the options that name arguments or outputs, with these names."""

    def __post_init__(self) -> None:
        for option, reason in MEANINGLESS.items():
            if self._value(option) is not None:
                raise ValueError(f"{option}: {reason}")
        for option in NAMES_ARGUMENTS:
            for path in _names(option, self._value(option)):
                self._add(option, self.places.of_argument(option, path))
        for name in _names(NAMES_OUTPUTS, self._value(NAMES_OUTPUTS)):
            self._add(NAMES_OUTPUTS, self.places.of_output(name))

    @property
    def own(self) -> pulumi.ResourceOptions | None:
        """The options of the component itself: those that Pulumi heeds on a component."""
        if not isinstance(self.given, pulumi.ResourceOptions):
            return self.given  # Pulumi itself refuses a value of the wrong type
        own = copy.copy(self.given)
        for option in (*NAMES_ARGUMENTS, NAMES_OUTPUTS, "delete_before_replace", "custom_timeouts"):
            setattr(own, option, None)
        return own

    def of(self, part: str, kind: str) -> dict[str, Any]:
        """Return the options of a part; an option that names a part is returned once."""
        named: dict[str, list[str]] = {}
        for one in dict.fromkeys((kind, part)):
            for option, paths in self._named.get(one, {}).items():
                named.setdefault(option, []).extend(paths)
        if part != kind:
            self._named.pop(part, None)
        every = {option: self._value(option) for option in FOR_EVERY_PART}
        return {**named, **{option: value for option, value in every.items() if value is not None}}

    def left_over(self) -> Iterator[tuple[str, str]]:
        """Yield each option that names a part which was not made, with that part."""
        for part in sorted(self._named.keys() - self.places.kinds.keys()):
            yield from ((option, part) for option in self._named[part])

    def _value(self, option: str) -> Any:
        return getattr(self.given, option, None)

    def _add(self, option: str, placed: Iterable[tuple[str, str]]) -> None:
        for part, path in placed:
            self._named.setdefault(part, {}).setdefault(option, []).append(path)


def _names(option: str, value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise TypeError(f"{option} must be a list of names, not a {type(value).__name__}")
    for name in value:
        if not isinstance(name, str):
            raise TypeError(f"{option} must be a list of names, and {name!r} is none")
    return list(value)


def _root(option: str, path: str) -> tuple[str, str]:
    found = _PATH.fullmatch(path)
    if found is None:
        raise ValueError(f"{option}: {path!r} is no path of a property such as memory or package_change.memory")
    return found["quoted"] or found["plain"], found["rest"]


def _of_label(option: str, kind: str, path: str, rest: str) -> tuple[str, str]:
    found = _STEP.fullmatch(rest)
    label = found and (found["quoted"] or found["plain"])
    if found is None or not (label or found["index"] == EVERYTHING):
        raise ValueError(f"{option}: {path!r} is no path of a property such as public_keys.laptop")
    return (f"{kind}-{label}" if label and label != EVERYTHING else kind), found["rest"]


def _check(option: str, path: str, f: Field, inside: str) -> None:
    """Raise ValueError for a path that leads to no value: the engine would ignore such a path."""
    plain = get_args(f.value_type)[0] if get_origin(f.value_type) is Annotated else f.value_type
    if not inside or plain is Any:
        return
    step = _STEP.fullmatch(inside)
    if step is not None and is_typeddict(plain):
        part = step["quoted"] or step["plain"] or step["index"]
        if part == EVERYTHING or part in plain.__annotations__:
            return
        meant = did_you_mean(part, plain.__annotations__)
        raise ValueError(f"{option}: {path}: {part} is none of {', '.join(plain.__annotations__)}{meant}")
    if step is None or get_origin(plain) is not list or step["index"] is None:
        raise ValueError(f"{option}: {path}: {f.name} has no such part")
