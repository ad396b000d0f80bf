"""The objects of a panel in a stack's state, read from `pulumi stack export`."""

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
from ..schema.non_secret import texts_within
from ..schema.timestamps import instant
from .property_names import in_our_names
from .pulumi_cli import NoState

if TYPE_CHECKING:
    from pydantic import TypeAdapter

PROVIDER_KEY = "__provider"
"""The property in which the SDK keeps a resource's pickled provider."""
OWN_PROVIDER = re.compile(r"default(_\d\w*)?")
"""The engine's names for providers that no program declares; a program may give its own such a name too."""

Deployment = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """One object in a state; its id is "" for a pending create."""

    kind: str
    urn: str
    id: str
    values: Mapping[str, Any]
    """The outputs; for a pending create, the arguments."""

    @property
    def behaviour(self) -> Behaviour:
        """The behaviour of its class; for a class of a later version, the defaults."""
        return resource_class(self.kind).behaviour if self.kind in MODULES else Behaviour(self.kind, {})


@dataclass(frozen=True)
class StackState:
    """The objects of a state, and its pending creates."""

    held: tuple[Held, ...]
    under_way: tuple[Held, ...] = ()
    elsewhere: int = 0
    """The number of objects of other panels: those that other providers of the program have or were making."""

    @classmethod
    def of_deployment(cls, deployment: Deployment, provider: str | None = None) -> StackState:
        """Return the objects of the stack's own provider, or of the explicit one of that URN."""
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
        """The objects that other resources name by a `server_id`: servers."""
        return [one for one in self.held if "server_id" in one.behaviour.named_by]

    def ids(self, kind: str) -> set[str]:
        return {one.id for one in self.of(kind)}

    def values(self, name: str) -> set[Any]:
        """Return the values of an argument or output in all objects and pending creates that have it."""
        return {
            one.values[name]
            for one in (*self.held, *self.under_way)
            if name in one.behaviour.fields and isinstance(one.values.get(name), int | float | str) and one.values[name]
        }


def deployment_of(text: str, secrets: list[Any] | None = None) -> Deployment:
    """Return the deployment of an export, in our names; open secrets in plain, and add them to `secrets`.

    Raise `NoState` for any other text.
    """

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
    """Return the deployment with the properties of each resource, pending ones included, renamed."""
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
    """Return a validator of the parts of a deployment that this module reads."""
    from pydantic import TypeAdapter

    return TypeAdapter(_Deployment)


def resources_of(deployment: Deployment) -> list[dict[str, Any]]:
    return deployment.get("resources") or []


def operations_of(deployment: Deployment) -> list[dict[str, Any]]:
    return deployment.get("pending_operations") or []


def is_sealed(value: Any) -> bool:
    """Whether the value is a secret in the form of a state."""
    return isinstance(value, dict) and value.get(_special_sig_key) == _special_secret_sig


def sealed(value: Any) -> dict[str, str]:
    """Return the value as a secret in plain, which `pulumi stack import` will encrypt."""
    return {_special_sig_key: _special_secret_sig, "plaintext": json.dumps(value)}


def opened(value: Any) -> Any:
    """Return the plain value of a secret, which all output redacts; return any other or encrypted value unchanged."""
    if not (is_sealed(value) and "plaintext" in value):
        return value
    secret = json.loads(value["plaintext"])
    remember(*texts_within(secret))
    return secret


def engine_time(text: object) -> datetime | None:
    """Parse a time of the engine, cut to microseconds: not every Python reads nanoseconds."""
    return instant(re.sub(r"(\.\d{6})\d+", r"\1", str(text)))


def kind_of(resource: Mapping[str, Any]) -> str:
    """Return the class of a resource from its full type, such as `Server`."""
    return type_tokens.kind_of(str(resource["type"]))


def is_ours(resource: Mapping[str, Any]) -> bool:
    return bool(type_tokens.kind_of(str(resource.get("type", ""))))


def providers_of(deployment: Deployment) -> dict[str, Mapping[str, Any]]:
    """Return the providers in a state, by URN."""
    found = (
        one for one in resources_of(deployment) if one.get("type") in type_tokens.PROVIDERS and not one.get("delete")
    )
    return {one["urn"]: one for one in found}


def explicit_provider_of(resource: Mapping[str, Any], providers: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the URN of the resource's explicit provider; None for the stack's own provider."""
    urn = str(resource.get("provider", "")).rpartition("::")[0]  # behind it stands an id
    return None if not urn or _is_own(urn, providers.get(urn)) else urn


def _is_own(urn: str, provider: Mapping[str, Any] | None) -> bool:
    """Whether the engine made the provider: no resource is its parent, and no program configured the provider.

    The plug-in's own provider has the stack's configuration.
    """
    if provider is not None:
        is_given = provider.get("inputs") and provider.get("type") == type_tokens.PROVIDERS[0]
        return not provider.get("parent") and not is_given
    return OWN_PROVIDER.fullmatch(provider_name(urn)) is not None


def provider_name(urn: str) -> str:
    """Return the provider's name in the program."""
    return next((urn.partition(f"{one}::")[2] for one in type_tokens.PROVIDERS if f"{one}::" in urn), "")


def explicit_providers(deployment: Deployment) -> list[str]:
    """Return the URNs of the explicit providers in the state, and of those that its resources and operations name."""
    providers = providers_of(deployment)
    ours = [one for one in [*resources_of(deployment), *operated_on(deployment)] if is_ours(one)]
    named = [explicit_provider_of(one, providers) for one in ours] + [
        urn for urn, one in providers.items() if not _is_own(urn, one)
    ]
    return list(dict.fromkeys(urn for urn in named if urn is not None))


def operated_on(deployment: Deployment) -> list[dict[str, Any]]:
    """Return the resources of the pending operations."""
    return [one["resource"] for one in operations_of(deployment)]


def provider_called(name: str, deployment: Deployment) -> str:
    """Return the URN of the explicit provider with that name or URN; raise `NoState` without exactly one."""
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
    """Whether the stack's own provider, or the explicit one of that URN, has the resource; true without a provider."""
    return not resource.get("provider") or explicit_provider_of(resource, providers) == provider


def refuse_objects_of_another_panel(context: Context, deployment: Deployment, provider: str | None) -> None:
    """Raise `Refused` where an object of that provider, made or pending, is of another panel than the context's."""
    providers = providers_of(deployment)
    for one in [*resources_of(deployment), *operated_on(deployment)]:
        if is_ours(one) and is_of(one, provider, providers):
            what = f"{kind_of(one)} {one['urn'].rpartition('::')[2]!r} of the state"
            refuse_another_panel(context, what, panel_of(one.get("outputs") or {}, one.get("inputs")))


def _held(resource: Mapping[str, Any], values: str) -> Held:
    return Held(kind_of(resource), resource["urn"], resource.get("id", ""), resource.get(values) or {})
