"""What a stack's state holds of a panel, read from `pulumi stack export`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

KIND_PREFIX = "pulumi-python:dynamic/virtfusion:"
OWN_PROVIDER = "::default"
"""How the reference to a provider that the program did not name itself begins."""


class NoState(Exception):
    """The state could not be read; the text says why."""


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
        try:
            deployment = json.loads(text)["deployment"]
            resources, pending = deployment.get("resources") or [], deployment.get("pending_operations") or []
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NoState("That is not what `pulumi stack export` prints.") from None
        creating = [one["resource"] for one in pending if one.get("type") == "creating"]
        ours = [one for one in resources if _is_ours(one) and one.get("id") and not one.get("external")]
        held = [one for one in ours if _is_of(one, provider)]
        return cls(
            tuple(_held(one, "outputs") for one in held),
            tuple(_held(one, "inputs") for one in creating if _is_ours(one) and _is_of(one, provider)),
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


def _held(resource: Mapping[str, Any], values: str) -> Held:
    kind = resource["type"].removeprefix(KIND_PREFIX)
    return Held(kind, resource["urn"], resource.get("id", ""), resource.get(values) or {})


def _is_ours(resource: Mapping[str, Any]) -> bool:
    return str(resource.get("type", "")).startswith(KIND_PREFIX)


def _is_of(resource: Mapping[str, Any], provider: str | None) -> bool:
    # urn:pulumi:dev::project::pulumi:providers:pulumi-python::NAME::id
    name = f"::{provider}::" if provider else OWN_PROVIDER
    reference = str(resource.get("provider", OWN_PROVIDER))
    return name in reference.partition("pulumi:providers:pulumi-python")[2] if "pulumi:providers" in reference else True


def exported(stack: str | None) -> str:
    """What `pulumi stack export` prints of the stack in this folder."""
    return _pulumi("stack", "export", stack=stack)


def configured(stack: str | None) -> Callable[[str], str | None]:
    """The stack's configuration in this folder, secrets included."""
    values = json.loads(_pulumi("config", "--json", "--show-secrets", stack=stack))
    return lambda key: values.get(key, {}).get("value")


def _pulumi(*arguments: str, stack: str | None) -> str:
    command = ["pulumi", *arguments, "--non-interactive", *(["--stack", stack] if stack else [])]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NoState(
            "The Pulumi CLI is not on PATH; `--state FILE` takes what `pulumi stack export` printed."
        ) from None
    if done.returncode:
        raise NoState(f"`pulumi {' '.join(arguments)}` failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
