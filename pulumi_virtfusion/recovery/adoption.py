"""Adoption of an object into the state: as a resource made in part, which the next update completes."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..lifecycle.contract import Context, Made
from ..lifecycle.identity import FACTS, IDENTITY, PANEL, Identity, panel_address
from ..schema.fields import Change, Field
from .addresses import grown
from .panel_search import PanelObject
from .pending_operations import UPDATING, PendingOperation
from .stack_state import PROVIDER_KEY, Deployment, sealed

REASON = "Its creation was cut short: what may be missing is done now."


@dataclass(frozen=True)
class Adoption:
    """An object of the panel, and the create or update that made it."""

    context: Context
    """The panel that has the object."""
    wanted: PendingOperation
    trace: PanelObject
    likewise: tuple[PendingOperation, ...] = ()
    """All pending creates that may have made the object."""

    def __str__(self) -> str:
        if self.wanted.doing == UPDATING:
            return f"addresses as {self.wanted}: {', '.join(self.trace.addresses)}"
        return f"{self.trace} as {self.wanted}"

    @property
    def outputs(self) -> dict[str, Any]:
        """The panel's values; of arguments that the panel does not report, those that the creating call took."""
        behaviour, given = self.wanted.behaviour, self.wanted.values
        certain = all(behaviour.making(one.values) == behaviour.making(given) for one in self.likewise)
        applied = behaviour.create_arguments if certain else ()
        undone = [
            f.name
            for f in behaviour.fields.values()
            if f.name in given and not f.drifts and f.change is not Change.NOTE and f.name not in applied
        ]
        return behaviour.outputs(self.trace.record, given, {}, undone)

    @property
    def identity(self) -> Identity:
        """The identity that the state records."""
        outputs = self.outputs
        known = {**self.wanted.values, **outputs}
        seen = self.wanted.behaviour.identity_when_made(
            self.context, Made(self.trace.id, outputs), self.trace.record, known
        )
        return {name: fact for name, fact in seen.items() if name in FACTS and fact}

    def resource(self) -> dict[str, Any]:
        """Return the resource in the form of a state."""
        inputs = {**self.wanted.inputs(), PANEL: panel_address(self.context.settings.endpoint)}
        outputs = {name: self._sealed(name, value) for name, value in self.outputs.items()}
        outputs[IDENTITY] = dict(self.identity)
        kept = {name: copy.deepcopy(value) for name, value in self.wanted.resource.items() if name not in _NEW}
        made = {"id": self.trace.id, "custom": True, "initErrors": [REASON]}
        provider = {name: inputs[name] for name in (PROVIDER_KEY,) if name in inputs}  # the dynamic one is in its state
        return {**kept, **made, "inputs": inputs, "outputs": {**outputs, **provider}}

    def _sealed(self, name: str, value: Any) -> Any:
        field: Field | None = self.wanted.behaviour.fields.get(name)
        secret = (field is not None and field.secret) or self.wanted.is_secret(name)
        return sealed(value) if secret else value


_NEW = ("id", "inputs", "outputs", "created", "modified", "external", "delete", "initErrors")


def adopt(deployment: Deployment, adoptions: Iterable[Adoption]) -> list[Adoption]:
    """Write the adoptions into the state; return those without a place in it, because a resource they need is gone."""
    refused = []
    for adoption in adoptions:
        resources = deployment.setdefault("resources", [])
        if adoption.wanted.doing == UPDATING:
            _grow(resources, adoption)
        elif not _insert(resources, adoption.resource(), adoption.wanted.needs):
            refused.append(adoption)
    return refused


def _grow(resources: list[dict[str, Any]], adoption: Adoption) -> None:
    for one in resources:
        if one["urn"] == adoption.wanted.urn and not one.get("delete"):
            one["outputs"] = grown(one["outputs"], adoption.trace)


def _insert(resources: list[dict[str, Any]], new: dict[str, Any], needs: set[str]) -> bool:
    """Insert a resource at the end, or in the place of the one that it replaces; False where one it needs is gone.

    The next update deletes the object of a replaced resource.
    """
    old = next((at for at, one in enumerate(resources) if one["urn"] == new["urn"] and not one.get("delete")), None)
    before = {one["urn"] for one in resources[:old]}
    if not before.issuperset(needs):
        return False
    if old is None:
        resources.append(new)
        return True
    replaced, resources[old] = resources[old], new
    if not replaced.get("pendingReplacement"):  # deleted before its replacement was made
        resources.append({**replaced, "delete": True})
    return True
