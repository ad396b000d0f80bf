"""What a stack's state holds of a panel, read from `pulumi stack export`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key
from typing_extensions import Required, TypedDict

from ..api.redaction import remember
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context
from ..lifecycle.identity import panel_of, refuse_another_panel
from ..resources import MODULES, resource_class
from ..schema import type_tokens
from ..schema.non_secret import texts_of
from ..schema.timestamps import instant
from .property_names import in_our_names
from .pulumi_cli import NoState

if TYPE_CHECKING:
    from pydantic import TypeAdapter

PROVIDER_KEY = "__provider"
"""The property in which the SDK keeps what a resource's provider unpickles from."""
OWN_PROVIDER = re.compile(r"default(_\d\w*)?")
"""What the engine calls a provider that no program declares; a program may call its own by such a name too."""

Deployment = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """One object that a state holds; its id is "" while it is being made."""

    kind: str
    urn: str
    id: str
    values: Mapping[str, Any]
    """Outputs; of an object being made, its arguments."""

    @property
    def behaviour(self) -> Behaviour:
        """Answers for its class; for a class of a later version, by the defaults."""
        return resource_class(self.kind).behaviour if self.kind in MODULES else Behaviour(self.kind, {})


@dataclass(frozen=True)
class StackState:
    """The objects of a state, and the creations that a run left under way."""

    held: tuple[Held, ...]
    under_way: tuple[Held, ...] = ()
    elsewhere: int = 0
    """Objects of other panels: those that other providers of the program have or were making."""

    @classmethod
    def of_deployment(cls, deployment: Deployment, provider: str | None = None) -> StackState:
        """What the stack's own provider holds, or the explicit one of that URN."""
        begun = [one["resource"] for one in operations_of(deployment) if one.get("type") == "creating"]
        creating = [one for one in begun if is_ours(one)]
        ours = [one for one in resources_of(deployment) if is_ours(one) and one.get("id") and not one.get("external")]
        providers = providers_of(deployment)
        return cls(
            tuple(_held(one, "outputs") for one in ours if is_of(one, provider, providers)),
            tuple(_held(one, "inputs") for one in creating if is_of(one, provider, providers)),
            sum(not is_of(one, provider, providers) for one in [*ours, *creating]),
        )

    def of(self, kind: str) -> list[Held]:
        return [one for one in self.held if one.kind == kind]

    @property
    def servers(self) -> list[Held]:
        """The objects that other resources name by a `server_id`."""
        return [one for one in self.held if "server_id" in one.behaviour.named_by]

    def ids(self, kind: str) -> set[str]:
        return {one.id for one in self.of(kind)}

    def values(self, name: str) -> set[Any]:
        """The values of an argument or output, of each class that has it; those under way are included."""
        return {
            one.values[name]
            for one in (*self.held, *self.under_way)
            if name in one.behaviour.fields and isinstance(one.values.get(name), int | float | str) and one.values[name]
        }


def deployment_of(text: str, secrets: list[Any] | None = None) -> Deployment:
    """The deployment of an export, in our names; secrets in plain are opened, and added to the list."""

    def unsealed(value: dict[str, Any]) -> Any:
        if secrets is not None and is_sealed(value) and "plaintext" in value:
            secrets.append(opened(value))
        return opened(value)

    try:
        deployment: Deployment = json.loads(text, object_hook=unsealed)["deployment"]
        _shape().validate_python(deployment, strict=True)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoState("That is not what `pulumi stack export` prints.") from None
    return named(deployment, in_our_names)


def named(deployment: Deployment, rename: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Deployment:
    """The deployment with the properties of each resource, and of each that is under way, renamed."""
    resources, operations = resources_of(deployment), operations_of(deployment)
    under_way = [{**one, "resource": rename(one["resource"])} for one in operations]
    return {
        **deployment,
        **({"resources": list(map(rename, resources))} if resources else {}),
        **({"pending_operations": under_way} if operations else {}),
    }


class _Resource(TypedDict, total=False):
    urn: Required[str]
    type: Required[str]
    id: str
    provider: str
    parent: str
    inputs: dict[str, Any] | None
    outputs: dict[str, Any] | None
    dependencies: list[str] | None


class _Operation(TypedDict):
    type: str
    resource: _Resource


class _Deployment(TypedDict, total=False):
    manifest: dict[str, Any] | None
    resources: list[_Resource] | None
    pending_operations: list[_Operation] | None


@cache
def _shape() -> TypeAdapter[_Deployment]:
    """What a deployment is as far as it is read here."""
    from pydantic import TypeAdapter

    return TypeAdapter(_Deployment)


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


def opened(value: Any) -> Any:
    """What a secret seals in plain, which is said nowhere; anything else, and what is encrypted, as it is."""
    if not (is_sealed(value) and "plaintext" in value):
        return value
    secret = json.loads(value["plaintext"])
    remember(*texts_of(secret))
    return secret


def engine_time(text: object) -> datetime | None:
    """A time as the engine writes it, in nanoseconds, which not every Python reads."""
    return instant(re.sub(r"(\.\d{6})\d+", r"\1", str(text)))


def kind_of(resource: Mapping[str, Any]) -> str:
    """`Server` of its full type."""
    return type_tokens.kind_of(str(resource["type"]))


def is_ours(resource: Mapping[str, Any]) -> bool:
    return bool(type_tokens.kind_of(str(resource.get("type", ""))))


def providers_of(deployment: Deployment) -> dict[str, Mapping[str, Any]]:
    """The providers that a state has, by URN."""
    found = (
        one for one in resources_of(deployment) if one.get("type") in type_tokens.PROVIDERS and not one.get("delete")
    )
    return {one["urn"]: one for one in found}


def provider_of(resource: Mapping[str, Any], providers: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The URN of its explicit provider; None where the stack's own has it."""
    urn = str(resource.get("provider", "")).rpartition("::")[0]  # behind it stands an id
    return None if not urn or _is_own(urn, providers.get(urn)) else urn


def _is_own(urn: str, provider: Mapping[str, Any] | None) -> bool:
    """Whether the engine made the provider: no resource is its parent, and no program configured it.

    That of the plug-in has the stack's configuration.
    """
    if provider is not None:
        is_given = provider.get("inputs") and provider.get("type") == type_tokens.PROVIDERS[0]
        return not provider.get("parent") and not is_given
    return OWN_PROVIDER.fullmatch(provider_name(urn)) is not None


def provider_name(urn: str) -> str:
    """What the program calls the provider."""
    return next((urn.partition(f"{one}::")[2] for one in type_tokens.PROVIDERS if f"{one}::" in urn), "")


def explicit_providers(deployment: Deployment) -> list[str]:
    """URNs of the providers that the program declares and that the state, or a run cut short, has objects of."""
    providers = providers_of(deployment)
    ours = [one for one in [*resources_of(deployment), *operated_on(deployment)] if is_ours(one)]
    named = [provider_of(one, providers) for one in ours] + [
        urn for urn, one in providers.items() if not _is_own(urn, one)
    ]
    return list(dict.fromkeys(urn for urn in named if urn is not None))


def operated_on(deployment: Deployment) -> list[dict[str, Any]]:
    """The resources of the operations that a run left under way."""
    return [one["resource"] for one in operations_of(deployment)]


def provider_called(name: str, deployment: Deployment) -> str:
    """The URN of the explicit provider of that name, or of that URN; `NoState` where there is no such one."""
    there = explicit_providers(deployment)
    found = [urn for urn in there if name in (urn, provider_name(urn))]
    if len(found) == 1:
        return found[0]
    if found:
        raise NoState(f"There are several providers {name!r} in the state; name one by its URN: {', '.join(found)}.")
    names = ", ".join(repr(provider_name(urn)) for urn in there)
    raise NoState(
        f"There is no provider {name!r} in the state; "
        + (f"there are {names}." if there else "there is none beside the stack's own.")
    )


def is_of(resource: Mapping[str, Any], provider: str | None, providers: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the stack's own provider has the resource, or the explicit one of that URN; true where nothing tells."""
    return not resource.get("provider") or provider_of(resource, providers) == provider


def refuse_objects_of_another_panel(context: Context, deployment: Deployment, provider: str | None) -> None:
    """Raise `Refused` where objects of that provider, made or under way, are of another panel than the context's."""
    providers = providers_of(deployment)
    for one in [*resources_of(deployment), *operated_on(deployment)]:
        if is_ours(one) and is_of(one, provider, providers):
            what = f"{kind_of(one)} {one['urn'].rpartition('::')[2]!r} of the state"
            refuse_another_panel(context, what, panel_of(one.get("outputs") or {}, one.get("inputs")))


def _held(resource: Mapping[str, Any], values: str) -> Held:
    return Held(kind_of(resource), resource["urn"], resource.get("id", ""), resource.get(values) or {})
