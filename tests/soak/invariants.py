"""What a step may ask of the panel, by the declarations of its class: only what changed, and nothing twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from pulumi_virtfusion.api.http.operation import operation_of
from pulumi_virtfusion.lifecycle.behaviour import Behaviour
from pulumi_virtfusion.resources import resource_class
from pulumi_virtfusion.resources.server_addresses import resize
from pulumi_virtfusion.schema.fields import Change, called_by
from tests.soak.engine import Step

CREATING = re.compile(
    r"/servers|/users|/ssh_keys|/servers/\d+/(traffic/blocks|ipv4Qty)|/selfService/(credit|resourcePack)/byUser.*"
)
"""Posts of which a second one makes a second object."""


def offences(done: Sequence[tuple[Step, str]], requests: list[dict[str, Any]]) -> Iterator[str]:
    """What steps that were under way at the same time, each with its error, asked for that they should not have."""
    writes = [one for one in requests if one["method"] != "GET" and one["query"].get("dryRun") != "true"]
    names = "; ".join(f"{s.op} of {s.name} ({', '.join(sorted(s.changed)) or 'nothing changed'})" for s, _ in done)
    for line in {f"{one['method']} {one['path']}" for one in writes}:
        lawful = [step for step, _ in done if any(re.fullmatch(pattern, line) for pattern in allowed(step))]
        if not lawful:
            yield f"{names} asked for {line}"
        made = [one for one in writes if one["done"] and f"{one['method']} {one['path']}" == line]
        method, _, path = line.partition(" ")
        if method == "POST" and CREATING.fullmatch(path) and len(made) > len(lawful):
            yield f"{names} made something twice: {len(made)} {line}"
    if writes and all(_changes_nothing(step, error) for step, error in done):
        yield f"{names} asked for {writes}"


def _changes_nothing(step: Step, error: str) -> bool:
    return not error and step.op == "update" and not step.changed and step.kind != "ServerBuild"


def allowed(step: Step) -> Iterable[str]:
    """Requests, as regular expressions."""
    behaviour: Behaviour = resource_class(step.kind).behaviour
    if step.op == "same":
        return ()
    if step.op == "delete":
        return _requests(behaviour.removed_by)
    in_place = [f for f in behaviour.fields.values() if f.change is Change.IN_PLACE and f.operation is not None]
    if step.op in ("create", "replace"):
        made_by = type(behaviour).made_by
        return _requests([*called_by(made_by), *(m for f in in_place if f.operation for m in called_by(f.operation))])
    package = "package_id" in step.changed
    put_back = {f.name for f in in_place if package and f.package_component}
    put_back |= {"power_state"} if "suspended" in step.changed else set()
    changed = [f for f in in_place if f.name in step.changed | put_back]
    again = called_by(type(behaviour).made_by) if step.kind == "ServerBuild" else ()
    more = called_by(resize) if "own_ipv4_addresses" in step.changed else ()
    return _requests([*(m for f in changed if f.operation for m in called_by(f.operation)), *again, *more])


def _requests(methods: Iterable[Callable[..., object]]) -> list[str]:
    return [_request(method) for method in methods]


@cache
def _request(method: Callable[..., object]) -> str:
    operation = operation_of(method)
    return f"{operation.verb} " + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation.path))
