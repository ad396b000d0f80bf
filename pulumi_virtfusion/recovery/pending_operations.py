"""Creates and updates that may have been carried out at the panel and never reached the state.

A run that was killed leaves its pending operations in the state. A run whose provider or panel was killed ends by
itself and leaves none: there a preview shows the resources that the program still wants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from pulumi.runtime.rpc import UNKNOWN

from ..lifecycle.behaviour import Behaviour
from ..lifecycle.lost_answers import BEFORE, read_note
from ..resources import resource_class
from ..schema.plain_values import transformed, whole
from ..schema.required import missing
from .stack_state import (
    Deployment,
    is_of,
    is_ours,
    is_sealed,
    kind_of,
    opened,
    operations_of,
    providers_of,
    resources_of,
    sealed,
)

HIDDEN = "[secret]"
"""The placeholder for a secret in a preview."""
CREATING, UPDATING = "creating", "updating"
PLANNED = {"create": CREATING, "replace": CREATING, "create-replacement": CREATING, "update": UPDATING}
"""The steps of a preview that count as operations, each with its kind of operation."""


@dataclass(frozen=True, eq=False)
class PendingOperation:
    """A create or update of a resource that an interrupted run had begun, or that the program still wants."""

    resource: Mapping[str, Any]
    """The resource in the form of the state or the preview, secrets sealed or hidden."""
    values: Mapping[str, Any]
    """The arguments in plain, without those that a preview does not know or does not show."""
    doing: str
    under_way: bool
    """Whether the state records the operation as pending."""
    seen: Any = None
    """The note of the panel's objects before the operation, from its check; None without a note."""
    began: datetime | None = None
    """The time at which `seen` was read."""

    @property
    def kind(self) -> str:
        return kind_of(self.resource)

    @property
    def urn(self) -> str:
        return str(self.resource["urn"])

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return self.urn.rpartition("::")[2]

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r}"

    @property
    def behaviour(self) -> Behaviour:
        behaviour: Behaviour = resource_class(self.kind).behaviour
        return behaviour

    def with_seen(self, seen: Any) -> PendingOperation:
        """Return the operation with that note of the panel's objects before."""
        return replace(self, seen=seen)

    @cached_property
    def missing(self) -> list[str]:
        """Names of the required arguments that are not known."""
        return missing(self.behaviour.fields, self.values)

    @property
    def is_described(self) -> bool:
        """Whether all required arguments are known."""
        return not self.missing

    @property
    def hidden(self) -> list[str]:
        """Names of the arguments of the creating call that are secret and not known in plain."""
        given = self.resource.get("inputs") or {}
        create_arguments = (
            name for name in given if name in self.behaviour.create_arguments and name not in self.values
        )
        return sorted(name for name in create_arguments if _any(_is_secret, given[name]))

    @property
    def needs(self) -> set[str]:
        """URNs of the resources that must stand before this one in a state."""
        provider = str(self.resource.get("provider", "")).rpartition("::")[0]
        others = self.resource.get("dependencies") or ()
        return {
            urn for urn in (self.resource.get("parent"), provider, self.resource.get("deletedWith"), *others) if urn
        }

    def inputs(self) -> dict[str, Any]:
        """Return the arguments for the state, without those that are not known: the next update brings them."""
        given = self.resource.get("inputs") or {}
        left_out = {BEFORE, *(name for name in self._kept if name not in self.values)}
        return {name: value for name, value in given.items() if name not in left_out}

    @property
    def _kept(self) -> set[str]:
        return self.behaviour.fields.keys() & (self.resource.get("inputs") or {}).keys()

    def is_secret(self, name: str) -> bool:
        """Whether the program marked this argument or output as secret."""
        hidden = self.resource.get("additionalSecretOutputs") or ()
        return name in hidden or _any(is_sealed, (self.resource.get("inputs") or {}).get(name))


def of_state(sealed: Deployment, opened: Deployment, provider: str | None) -> list[PendingOperation]:
    """Return the provider's operations that the state records as pending; `opened` has the same secrets in plain."""
    held = {one["urn"]: one.get("inputs") or {} for one in resources_of(opened) if not one.get("delete")}
    return [
        PendingOperation(
            one["resource"],
            _values(plain["resource"]),
            one["type"],
            under_way=True,
            **_before(plain["resource"], held.get(plain["resource"]["urn"], {}) if one["type"] == UPDATING else {}),
        )
        for one, plain in zip(operations_of(sealed), operations_of(opened), strict=True)
        if one["type"] in (CREATING, UPDATING) and is_ours(one["resource"])
        if is_of(one["resource"], provider, providers_of(sealed))
    ]


def of_preview(
    steps: Iterable[Mapping[str, Any]],
    provider: str | None,
    besides: Iterable[PendingOperation],
    providers: Mapping[str, Mapping[str, Any]],
) -> list[PendingOperation]:
    """Return the provider's operations that a preview plans, without those in `besides`, which the state has."""
    known = {(one.urn, one.doing) for one in besides}
    wanted = [
        PendingOperation(resource, _values(resource), PLANNED[step["op"]], under_way=False)
        for step in steps
        if step.get("op") in PLANNED and (resource := step.get("newState")) and is_ours(resource)
        if is_of(resource, provider, providers)
    ]
    return [one for one in wanted if (one.urn, one.doing) not in known]


def hides(steps: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a preview hides an argument of a resource of ours that the program still wants."""
    wanted = (step.get("newState") or {} for step in steps if step.get("op") in PLANNED)
    return any(_any(_is_secret, one.get("inputs") or {}) for one in wanted if is_ours(one))


def with_secrets(
    steps: Sequence[dict[str, Any]], opened: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[Any]]:
    """Return the steps with hidden values sealed, from the same preview with secrets in plain; and the secrets."""
    in_plain = {(one.get("op"), one.get("urn")): (one.get("newState") or {}).get("inputs") or {} for one in opened}
    secrets: list[Any] = []

    def completed(step: dict[str, Any]) -> dict[str, Any]:
        new, plain = step.get("newState") or {}, in_plain.get((step.get("op"), step.get("urn")), {})
        given = dict(new.get("inputs") or {})
        for name in given:
            if _any(_is_secret, given[name]) and name in plain and not _any(_is_unreadable, plain[name]):
                secrets.append(plain[name])
                given[name] = sealed(plain[name])
        return {**step, "newState": {**new, "inputs": given}} if new else step

    return [completed(step) for step in steps], secrets


def _before(resource: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """Return the note of the operation's check and its time; none where an earlier operation left the note."""
    given = resource.get("inputs") or {}
    if given.get(BEFORE) == held.get(BEFORE):
        return {}
    seen, began = read_note(given)
    return {"seen": seen, "began": began}


def _values(resource: Mapping[str, Any]) -> dict[str, Any]:
    given = resource.get("inputs") or {}
    return {
        name: transformed(opened(value), whole)
        for name, value in given.items()
        if not name.startswith("__") and not _any(_is_unreadable, opened(value))
    }


def _is_unreadable(value: Any) -> bool:
    return _is_secret(value) or value == UNKNOWN


def _is_secret(value: Any) -> bool:
    return is_sealed(value) or value == HIDDEN


def _any(is_so: Any, value: Any) -> bool:
    return any(is_so(one) for one in _parts(value))


def _parts(value: Any) -> Iterator[Any]:
    yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(item)
