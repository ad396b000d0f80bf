"""What a run destroys, and that its preview showed it and that the program, and no drift, asked for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_virtfusion.resources import resource_class
from tests.soak.engine import Step

Document = dict[str, Any]
ENDS = {
    "Server": r"DELETE /servers/(\d+)",
    "User": r"DELETE /users/([^/]+)/byExtRelation",
    "SshKey": r"DELETE /ssh_keys/(\d+)",
    "ResourcePack": r"DELETE /selfService/resourcePack/(\d+)",
    "UserCredit": r"DELETE /selfService/credit/(\d+)",
    "TrafficBlock": r"DELETE /servers/(\d+/traffic/blocks/\d+)",
    "NetworkWhitelistEntry": r"DELETE /servers/(\d+)/networkWhitelist",
    "HourlyGroupProfile": r"DELETE /selfService/hourlyGroupProfile/(\d+)/byUserExtRelationId/[^/]+",
    "ResourceGroupProfile": r"DELETE /selfService/resourceGroupProfile/(\d+)/byUserExtRelationId/[^/]+",
}
"""Requests that end an object of a class, and what of its id they name."""
WIPES = r"POST /servers/(\d+)/build"
GIVES_BACK = r"DELETE /servers/(\d+)/ipv4"
ENDS_SERVERS_OF_A_PACK = r"DELETE /selfService/resourcePackServers/(\d+)"
ADDRESSES = frozenset({"ipv4", "addresses", "quantity"})


@dataclass(frozen=True)
class Ran:
    """A run: the panel before it, what it asked for, the steps that it did, and those that its preview showed."""

    before: Document
    requests: Sequence[Mapping[str, Any]]
    done: Sequence[Step]
    planned: Mapping[str, Step]
    program: Collection[str]
    """The names that the program declares."""
    doomed: Collection[str]
    """Ids of what an earlier run replaced and this one still had to delete."""
    forced: Collection[str] = ()
    """What a person asked to be replaced, whatever the program says."""


def undeclared(ran: Ran) -> Iterator[str]:
    """What was destroyed although no preview showed it, or although nobody asked for it."""
    for line in sorted({f"{one['method']} {one['path']}" for one in ran.requests}):
        wanted = next((check for pattern, check in _CHECKS if re.fullmatch(pattern, line)), None)
        if wanted is not None and not any(wanted(ran, line, step) for step in ran.done):
            steps = "; ".join(f"{step.op} of {step.name}" for step in ran.done if step.op != "same")
            yield f"{line} is none of what was planned ({steps})"
    for step in ran.done:
        yield from _unannounced(ran, step)
    for step in ran.planned.values():
        yield from unasked(step, ran.forced)


def unasked(step: Step, forced: Collection[str] = ()) -> Iterator[str]:
    """A planned replacement for arguments of which the program says what it always said, or what the panel has."""
    if step.op != "replace" or step.name in forced:
        return
    if not step.replaces & step.asked:
        yield f"{step.name} is to be replaced for {set(step.replaces)}, and the program changed {set(step.asked)}"
    elif all(_tells(step.kind, name) and step.inputs.get(name) == step.had.get(name) for name in step.replaces):
        yield f"{step.name} is to be replaced for {set(step.replaces)}, which the panel has already"


def _tells(kind: str, argument: str) -> bool:
    """Whether the panel tells the argument, so that the state knows what it has."""
    told: bool = resource_class(kind).fields[argument].drifts
    return told


def _unannounced(ran: Ran, step: Step) -> Iterator[str]:
    shown = ran.planned.get(step.name)
    if step.op == "replace" and (shown is None or shown.op != "replace"):
        yield f"{step.name} is replaced, and the preview showed {shown.op if shown else 'nothing'}"
    if step.op == "delete" and not _is_wanted_gone(ran, step):
        yield f"{step.name} ({step.id}) is deleted, and the preview showed {shown.op if shown else 'nothing'}"


def _is_wanted_gone(ran: Ran, step: Step) -> bool:
    shown = ran.planned.get(step.name)
    return step.name not in ran.program or step.id in ran.doomed or (shown is not None and shown.op == "replace")


def _ended(kind: str, number: str, ran: Ran, step: Step) -> bool:
    """Whether the step deletes that object; a user and what hangs on one are addressed by a relation."""
    if step.op != "delete" or step.kind != kind:
        return False
    if kind == "User":
        return number in _relations(ran, step)
    by_number = {"TrafficBlock": step.id.replace("/", "/traffic/blocks/"), "NetworkWhitelistEntry": _server(step)}
    return number == by_number.get(kind, step.id.rpartition("/")[2])


def _relations(ran: Ran, step: Step) -> list[str]:
    user = next((one for one in ran.before["users"] if str(one["id"]) == step.id), None)
    return [str(one) for one in (user["extRelationId"], user["hidden"]["relStr"])] if user else []


def _wipes(ran: Ran, line: str, step: Step) -> bool:
    """A build of what is installed has to be a replacement, or a resource that is new in the program."""
    (server,) = re.findall(r"\d+", line)
    if step.kind != "ServerBuild" or str(_whole(step.inputs.get("server_id"))) != server:
        return False
    installed = any(str(one["id"]) == server and one["state"] == "complete" for one in ran.before["servers"])
    return step.op in ("create", "replace") or (step.op == "update" and not installed)


def _gives_back(_ran: Ran, line: str, step: Step) -> bool:
    """Addresses go with their resource, or because the program wants fewer, or others."""
    (server,) = re.findall(r"/servers/(\d+)/", line)
    if step.kind not in ("Server", "ServerIpv4Addresses") or _server(step) != server:
        return False
    return step.op == "delete" or (step.op == "update" and bool(step.asked & ADDRESSES))


def _ends_servers(_ran: Ran, line: str, step: Step) -> bool:
    """A pack takes its servers along only where its resource says so, or an action that does nothing else."""
    (pack,) = re.findall(r"\d+", line)
    if step.kind == "ResourcePack":
        return step.op == "delete" and step.id == pack and bool(step.inputs.get("delete_servers"))
    if step.kind != "ResourcePackAction" or str(_whole(step.inputs.get("resource_pack_id"))) != pack:
        return False
    runs = step.op in ("create", "replace") or (step.op == "update" and bool(step.asked & {"action", "triggers"}))
    return runs and step.inputs.get("action") == "delete_servers"


def _server(step: Step) -> str:
    return step.id.partition("/")[0]


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) else value


def _end_check(kind: str, pattern: str) -> tuple[str, Callable[[Ran, str, Step], bool]]:
    def check(ran: Ran, line: str, step: Step) -> bool:
        match = re.fullmatch(pattern, line)
        assert match is not None
        return _ended(kind, match[1], ran, step)

    return pattern, check


_CHECKS = [
    *(_end_check(kind, pattern) for kind, pattern in ENDS.items()),
    (WIPES, _wipes),
    (GIVES_BACK, _gives_back),
    (ENDS_SERVERS_OF_A_PACK, _ends_servers),
]
