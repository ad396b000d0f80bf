"""What a stack's state holds of a panel, read from `pulumi stack export`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

KIND_PREFIX = "pulumi-python:dynamic/virtfusion:"


class NoState(Exception):
    """The state could not be read; the text says why."""


@dataclass(frozen=True)
class Held:
    """One object that a state holds."""

    kind: str
    id: str
    outputs: Mapping[str, Any]


@dataclass(frozen=True)
class StackState:
    """The objects of a state, and the creations that a run left under way."""

    held: tuple[Held, ...]
    under_way: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> StackState:
        """From the JSON of an export."""
        try:
            deployment = json.loads(text)["deployment"]
        except (ValueError, KeyError, TypeError):
            raise NoState("That is not what `pulumi stack export` prints.") from None
        resources = deployment.get("resources") or []
        pending = deployment.get("pending_operations") or []
        return cls(
            tuple(
                Held(one["type"].removeprefix(KIND_PREFIX), one["id"], one.get("outputs") or {})
                for one in resources
                if one.get("type", "").startswith(KIND_PREFIX) and "id" in one and not one.get("external")
            ),
            tuple(one["resource"]["urn"] for one in pending if one.get("type") == "creating"),
        )

    def of(self, kind: str) -> list[Held]:
        return [one for one in self.held if one.kind == kind]

    def ids(self, kind: str) -> set[str]:
        return {one.id for one in self.of(kind)}

    def values(self, kinds: Iterable[str], name: str) -> set[Any]:
        """What these kinds say for an output."""
        return {one.outputs[name] for kind in kinds for one in self.of(kind) if one.outputs.get(name)}


def exported(stack: str | None) -> StackState:
    """The state of the stack in this folder."""
    return StackState.parse(_pulumi("stack", "export", stack=stack))


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
