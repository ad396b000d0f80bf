"""What a stack's state holds of a panel, read from `pulumi stack export`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key

from .pulumi_cli import NoState

KIND_PREFIX = "pulumi-python:dynamic/virtfusion:"
PROVIDER_TYPE = "pulumi:providers:pulumi-python"
OWN_PROVIDER = "default"
"""How the name of a provider that the program did not name itself begins."""

Deployment = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """One object that a state holds; its id is "" while it is being made."""

    kind: str
    urn: str
    id: str
    values: Mapping[str, Any]
    """Outputs; of an object being made, its arguments."""


@dataclass(frozen=True)
class StackState:
    """The objects of a state, and the creations that a run left under way."""

    held: tuple[Held, ...]
    under_way: tuple[Held, ...] = ()
    elsewhere: int = 0
    """Objects of other panels: those of other providers of the program."""

    @classmethod
    def parse(cls, text: str, provider: str | None = None) -> StackState:
        """From the JSON of an export: what the stack's own provider holds, or the explicit one of that name."""
        return cls.of_deployment(deployment_of(text), provider)

    @classmethod
    def of_deployment(cls, deployment: Deployment, provider: str | None = None) -> StackState:
        creating = [one["resource"] for one in operations_of(deployment) if one.get("type") == "creating"]
        ours = [one for one in resources_of(deployment) if is_ours(one) and one.get("id") and not one.get("external")]
        held = [one for one in ours if is_of(one, provider)]
        return cls(
            tuple(_held(one, "outputs") for one in held),
            tuple(_held(one, "inputs") for one in creating if is_ours(one) and is_of(one, provider)),
            len(ours) - len(held),
        )

    def of(self, kind: str) -> list[Held]:
        return [one for one in self.held if one.kind == kind]

    def ids(self, kind: str) -> set[str]:
        return {one.id for one in self.of(kind)}

    def values(self, kinds: Iterable[str], name: str) -> set[Any]:
        """What these kinds say for an argument or output, those under way included."""
        return {
            one.values[name]
            for one in (*self.held, *self.under_way)
            if one.kind in kinds and isinstance(one.values.get(name), int | float | str) and one.values[name]
        }


def deployment_of(text: str, secrets: list[Any] | None = None) -> Deployment:
    """The deployment of an export; secrets that stand in it in plain are opened, and added to the list."""

    def opened(value: dict[str, Any]) -> Any:
        if not is_sealed(value) or "plaintext" not in value:
            return value
        secret = json.loads(value["plaintext"])
        if secrets is not None:
            secrets.append(secret)
        return secret

    try:
        deployment = json.loads(text, object_hook=opened)["deployment"]
    except (ValueError, KeyError, TypeError):
        deployment = None
    if not isinstance(deployment, dict):
        raise NoState("That is not what `pulumi stack export` prints.")
    return deployment


def resources_of(deployment: Deployment) -> list[dict[str, Any]]:
    return deployment.get("resources") or []


def operations_of(deployment: Deployment) -> list[dict[str, Any]]:
    return deployment.get("pending_operations") or []


def is_sealed(value: Any) -> bool:
    """Whether this is a secret, as a state writes one."""
    return isinstance(value, dict) and value.get(_special_sig_key) == _special_secret_sig


def sealed(value: Any) -> dict[str, str]:
    """A secret that `pulumi stack import` will encrypt."""
    return {_special_sig_key: _special_secret_sig, "plaintext": json.dumps(value)}


def kind_of(resource: Mapping[str, Any]) -> str:
    """`Server` of its full type."""
    return str(resource["type"]).removeprefix(KIND_PREFIX)


def is_ours(resource: Mapping[str, Any]) -> bool:
    return str(resource.get("type", "")).startswith(KIND_PREFIX)


def provider_of(resource: Mapping[str, Any]) -> str | None:
    """The name of its explicit provider; None where the stack's own has it."""
    # urn:pulumi:dev::project::pulumi:providers:pulumi-python::NAME::id
    name = str(resource.get("provider", "")).partition(f"{PROVIDER_TYPE}::")[2].partition("::")[0]
    return None if not name or name.startswith(OWN_PROVIDER) else name


def is_of(resource: Mapping[str, Any], provider: str | None) -> bool:
    """Whether the stack's own provider has the resource, or the explicit one of that name; true where nothing tells."""
    return not resource.get("provider") or provider_of(resource) == provider


def _held(resource: Mapping[str, Any], values: str) -> Held:
    return Held(kind_of(resource), resource["urn"], resource.get("id", ""), resource.get(values) or {})
