"""What may happen next, depending on how far a walk has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from pulumi_virtfusion.resources import resource_class
from tests.soak import programs, refusals
from tests.soak.engine import Declared, Ref
from tests.soak.walk import FORCEABLE, GIVEN_AGAIN, Walk

LOSABLE = ("Server", "User", "SshKey", "ResourcePack", "TrafficBlock", "NetworkWhitelistEntry", "ServerIpv4Addresses")
DRIFTS: Mapping[str, Mapping[str, tuple[str, tuple[Any, ...]]]] = {
    "Server": {
        "name": ("name", ("by hand", "")),
        "memory": ("settings.resources.memory", (768, 4096)),
        "cpu_cores": ("cpu.cores", (1, 6)),
        "traffic": ("settings.resources.traffic", (77,)),
        "cpu_throttle": ("cpu.throttle", (3, 99)),
        "backup_plan_id": ("backupPlan.id", (1, 2, None)),
        "suspended": ("suspended", (True, False)),
    },
    "ServerFirewall": {"enabled": ("network.interfaces.0.firewallEnabled", (True, False))},
    "ServerCustomXml": {"domain": ("customXML.domain.xml", ("<hand/>", ""))},
    "User": {
        "name": ("name", ("By Hand",)),
        "email": ("email", ("by-hand-{name}@example.com", "By-Hand-too-{name}@example.com")),
        "self_service": ("selfService", (0, 3)),
    },
}
"""Declared arguments that a refresh sees, where the panel keeps them, and what a person may make of them."""
DRIFTS_FOR_GOOD: Mapping[str, Mapping[str, tuple[str, tuple[Any, ...]]]] = {
    "Server": {
        "hypervisor_group_id": ("hypervisor.groupId", (1, 2)),
        "storage": ("settings.resources.storage", (60, 70)),
        "network_speed_inbound": ("network.interfaces.0.inAverage", (500, 25_000)),
        "additional_storage1_capacity": ("storage.1.capacity", (11, 12)),
    },
    "ServerBuild": {"hostname": ("hostname", ("by-hand.example.com",))},
    "SshKey": {"name": ("name", ("by hand",))},
    "TrafficBlock": {"amount": ("traffic", (77,))},
}
"""The same of arguments that a change in place could not put back."""


def here(choice: Callable[[Walk], st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Arguments of a rule that depend on how far the walk has come."""
    return st.runner().flatmap(lambda machine: choice(machine.walk))


def additions(walk: Walk) -> st.SearchStrategy[Any]:
    new = programs.additions(walk.program, walk.added)
    return new.filter(lambda made: _acceptable(walk, {**walk.program, made[0]: made[1]}))


@st.composite
def beginnings(draw: st.DrawFn) -> dict[str, Declared]:
    """A program to begin with: a user, a server, and more; a server without limit can have no traffic blocks."""
    traffic = draw(st.sampled_from([{}, {"traffic": 300}]))
    program: dict[str, Declared] = {
        "user": Declared("User", {"name": "Ada", "email": "ada@example.com"}),
        "server": Declared(
            "Server", {"package_id": 1, "user_id": Ref("user", "user_id"), "hypervisor_group_id": 1, **traffic}
        ),
    }
    for number in range(101, 101 + draw(st.integers(3, 9))):
        name, declared = draw(programs.additions(program, number))
        if refusals.acceptable({**program, name: declared}, []):
            program[name] = declared
    return program


def changes(walk: Walk, *, in_place: bool = False) -> st.SearchStrategy[Any]:
    def fits(change: tuple[str, dict[str, Any]]) -> bool:
        name, values = change
        before = walk.program[name]
        packages = [before.arguments.get("package_id"), values.get("package_id", before.arguments.get("package_id"))]
        moved = packages[0] != packages[1] and refusals.WITH_A_SECOND_INTERFACE in packages
        after = Declared(before.kind, {**before.arguments, **values})
        # What the panel never tells, an import believes of the program: it has to wait for the run after.
        believed = name in walk.adopting and any(not _is_told(before.kind, argument) for argument in values)
        return not moved and not believed and _acceptable(walk, {**walk.program, name: after})

    return programs.changes(walk.program, in_place=in_place).filter(fits)


def _is_told(kind: str, argument: str) -> bool:
    told: str = resource_class(kind).fields[argument].read_back
    return told == "always"


def _acceptable(walk: Walk, program: dict[str, Declared]) -> bool:
    # On hosts of another group, the addresses of a program's choice are not to be had.
    moved = [name for name in walk.elsewhere if _has_explicit_addresses(program, name)]
    return not moved and refusals.acceptable(program, walk.engine.state)


def taken_out(walk: Walk) -> list[tuple[str, str]]:
    found = []
    for name, argument in programs.optional_arguments(walk.program):
        before = walk.program[name]
        left = {key: value for key, value in before.arguments.items() if key != argument}
        if _acceptable(walk, {**walk.program, name: Declared(before.kind, left)}):
            found.append((name, argument))
    return found


def drifting(walk: Walk) -> list[tuple[str, str, Any]]:
    named = [
        (name, path, value.format(name=name) if isinstance(value, str) else value)
        for name, declared in walk.program.items()
        if walk.has(name)
        for argument, (path, values) in DRIFTS.get(declared.kind, {}).items()
        if argument in declared.arguments
        if not (argument == "self_service" and refusals.on(walk.program, "UserAction", name))
        for value in values
    ]
    return [one for one in named if one[1] != "email" or not _is_anothers(walk, one[0], one[2])]


def _is_anothers(walk: Walk, name: str, email: str) -> bool:
    """Such as the user's predecessor, which could not be deleted yet: the panel has an address once."""
    kept = walk.engine.live(name)
    users = walk.panel.state()["users"]
    return any(one["email"].lower() == email.lower() and (not kept or str(one["id"]) != kept.id) for one in users)


def drifting_for_good(walk: Walk) -> list[tuple[str, str, str, Any]]:
    return [
        (name, argument, path, value)
        for name, declared in walk.program.items()
        if walk.has(name)
        for argument, (path, values) in DRIFTS_FOR_GOOD.get(declared.kind, {}).items()
        if argument in declared.arguments
        if argument != "additional_storage1_capacity" or _has_a_second_disk(walk, name)
        if not (argument == "hypervisor_group_id" and _has_explicit_addresses(walk.program, name))
        for value in values
    ]


def _has_a_second_disk(walk: Walk, server: str) -> bool:
    kept = walk.engine.live(server)
    return any(str(one["id"]) == kept.id and len(one["storage"]) > 1 for one in walk.panel.state()["servers"] if kept)


def _has_explicit_addresses(program: Mapping[str, Declared], server: str) -> bool:
    return any("addresses" in one.arguments for one in refusals.on(program, "ServerIpv4Addresses", server))


def given_away(walk: Walk) -> list[str]:
    return [name for name in losable(walk) if walk.program[name].kind in GIVEN_AGAIN]


def users_given_away(walk: Walk) -> list[str]:
    return [name for name in losable(walk) if walk.program[name].kind == "User"]


def losable(walk: Walk) -> list[str]:
    """No user of whom something is left that the panel keeps or that nobody can read."""
    return [
        name
        for name, declared in walk.program.items()
        if declared.kind in LOSABLE and walk.has(name)
        if declared.kind != "User" or not _leaves_something(walk, name)
    ]


def _leaves_something(walk: Walk, user: str) -> bool:
    kinds = ("Server", "UserCredit")
    kept = walk.engine.live(user)
    assert kept is not None
    owners = {server["ownerId"] for server in walk.panel.state()["servers"]}
    in_state = any(one.kind == "UserCredit" for one in walk.engine.state)
    return in_state or kept.outputs["user_id"] in owners or any(refusals.on(walk.program, k, user) for k in kinds)


def built(walk: Walk) -> list[str]:
    return [name for name, declared in walk.program.items() if declared.kind == "ServerBuild" and walk.has(name)]


def packable(walk: Walk) -> list[tuple[str, str]]:
    servers = [name for name, one in walk.program.items() if one.kind == "Server"]
    packs = [name for name, one in walk.program.items() if one.kind == "ResourcePack"]
    return [(server, pack) for server in servers for pack in packs if walk.has(server) and walk.has(pack)]


def forceable(walk: Walk) -> list[str]:
    return [name for name, declared in walk.program.items() if declared.kind in FORCEABLE and walk.has(name)]
