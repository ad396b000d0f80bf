"""Creations and updates that may have been done at the panel and never reached the state.

A run that was killed leaves its operations in the state. One whose provider or panel was killed ends by itself and
leaves none: there the program tells, by what it still wants made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pulumi.runtime.rpc import UNKNOWN

from ..lifecycle import Lifecycle
from ..resources import resource_class
from ..stack_state import Deployment, is_of, is_ours, is_sealed, kind_of, operations_of, providers_of
from ..values import transformed, whole

HIDDEN = "[secret]"
"""What a preview shows of a secret."""
CREATING, UPDATING = "creating", "updating"
PLANNED = {"create": CREATING, "replace": CREATING, "create-replacement": CREATING, "update": UPDATING}
"""The steps of a preview that are no operation yet."""


@dataclass(frozen=True, eq=False)
class Unfinished:
    """An object that was being made or changed, or that the program wants to be."""

    resource: Mapping[str, Any]
    """As the state or the preview has it, secrets sealed or hidden."""
    values: Mapping[str, Any]
    """Its arguments in plain, without those that a preview does not know or does not show."""
    doing: str
    under_way: bool
    """Whether the state says that it had begun."""

    @property
    def kind(self) -> str:
        return kind_of(self.resource)

    @property
    def urn(self) -> str:
        return str(self.resource["urn"])

    @property
    def name(self) -> str:
        """Its name in the program."""
        return self.urn.rpartition("::")[2]

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r}"

    @property
    def lifecycle(self) -> Lifecycle:
        lifecycle: Lifecycle = resource_class(self.kind).lifecycle
        return lifecycle

    @cached_property
    def is_described(self) -> bool:
        """Whether all that it must be given is known."""
        return all(f.name in self.values for f in self.lifecycle.fields.values() if f.required)

    @property
    def needs(self) -> set[str]:
        """URNs that must stand before it in a state."""
        provider = str(self.resource.get("provider", "")).rpartition("::")[0]
        others = self.resource.get("dependencies") or ()
        return {
            urn for urn in (self.resource.get("parent"), provider, self.resource.get("deletedWith"), *others) if urn
        }

    def inputs(self) -> dict[str, Any]:
        """The arguments as a state may hold them: what is not known is missing, and the next update brings it."""
        given = self.resource.get("inputs") or {}
        return {name: value for name, value in given.items() if name not in self._kept or name in self.values}

    @property
    def _kept(self) -> set[str]:
        return self.lifecycle.fields.keys() & (self.resource.get("inputs") or {}).keys()

    def is_secret(self, name: str) -> bool:
        """Whether the program said that this argument or output is one."""
        hidden = self.resource.get("additionalSecretOutputs") or ()
        return name in hidden or _any(is_sealed, (self.resource.get("inputs") or {}).get(name))


def of_state(sealed: Deployment, opened: Deployment, provider: str | None) -> list[Unfinished]:
    """What the last run was doing when it ended; `opened` is the same deployment with its secrets in plain."""
    return [
        Unfinished(one["resource"], _values(plain["resource"]), one["type"], under_way=True)
        for one, plain in zip(operations_of(sealed), operations_of(opened), strict=True)
        if one["type"] in (CREATING, UPDATING) and is_ours(one["resource"])
        if is_of(one["resource"], provider, providers_of(sealed))
    ]


def of_preview(
    steps: Iterable[Mapping[str, Any]],
    provider: str | None,
    besides: Iterable[Unfinished],
    providers: Mapping[str, Mapping[str, Any]],
) -> list[Unfinished]:
    """What the program still wants, besides what the state says itself."""
    known = {(one.urn, one.doing) for one in besides}
    wanted = [
        Unfinished(resource, _values(resource), PLANNED[step["op"]], under_way=False)
        for step in steps
        if step.get("op") in PLANNED and (resource := step.get("newState")) and is_ours(resource)
        if is_of(resource, provider, providers)
    ]
    return [one for one in wanted if (one.urn, one.doing) not in known]


def _values(resource: Mapping[str, Any]) -> dict[str, Any]:
    given = resource.get("inputs") or {}
    return {
        name: transformed(value, whole)
        for name, value in given.items()
        if not name.startswith("__") and not _any(_is_untold, value)
    }


def _is_untold(value: Any) -> bool:
    return is_sealed(value) or value in (HIDDEN, UNKNOWN)


def _any(is_so: Any, value: Any) -> bool:
    return any(is_so(one) for one in _parts(value))


def _parts(value: Any) -> Iterator[Any]:
    yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(item)
