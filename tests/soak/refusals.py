"""Which programs a panel, and our own documentation, have nothing against: the rules between resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.soak.engine import Declared, Kept, Program

MOST_RESOURCES = 14
HYPERVISORS_OF_EXPLICIT_ADDRESSES = 1
WITH_A_SECOND_INTERFACE = 5
"""The package that gives a new server one; a later change of the package neither adds nor takes it."""


def acceptable(program: Program, state: list[Kept]) -> bool:
    """Whether the panel, and our own documentation, have nothing against the program."""
    return not any(_refusals(program, state))


def _refusals(program: Program, state: list[Kept]) -> Iterator[object]:
    yield len(program) > MOST_RESOURCES
    for name, declared in program.items():
        yield from _OBJECTIONS.get(declared.kind, _nothing)(name, declared.arguments, program, state)
    for kind, keys in UNIQUE.items():
        for key in keys:
            found = [repr([d.arguments.get(part) for part in key]) for d in program.values() if d.kind == kind]
            yield len(found) != len(set(found))
            yield any(_takes_from_another(kind, key, name, declared, state) for name, declared in program.items())


UNIQUE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "User": (("email",),),
    "ServerFirewall": (("server_id", "interface"),),
    "ServerCustomXml": (("server_id",),),
    "ServerBuild": (("server_id",),),
    "NetworkWhitelistEntry": (("server_id", "interface", "ip"),),
    "HourlyGroupProfile": (("relation", "profile_id"),),
    "ResourceGroupProfile": (("relation", "profile_id"),),
    "HourlyResourcePack": (("relation",),),
}
"""What two resources of a kind may not share."""


def _takes_from_another(kind: str, key: tuple[str, ...], name: str, declared: Declared, state: list[Kept]) -> bool:
    """Whether another resource has it until it is deleted, at the end of the `up`."""
    if declared.kind != kind or not all(part in declared.arguments for part in key):
        return False
    return any(
        all(kept.arguments.get(part) == declared.arguments[part] for part in key)
        for kept in state
        if kept.kind == kind and kept.name != name
    )


def _attached(program: Program, state: list[Kept], kind: str, name: str) -> bool:
    """Whether the program, or still the state, has a resource of a kind that refers to that one."""
    held = any(kept.kind == kind and Declared(kind, kept.arguments).needs & {name} for kept in state)
    return held or bool(on(program, kind, name))


def on(program: Program, kind: str, name: str) -> list[Declared]:
    """The resources of a kind that refer to that one."""
    return [declared for declared in program.values() if declared.kind == kind and name in declared.needs]


def has_interface(given: Mapping[str, Any], program: Program) -> bool:
    """Whether the server that the arguments name has the interface that they name."""
    server = program[given["server_id"].resource]
    return given["interface"] == "primary" or bool(server.arguments["package_id"] == WITH_A_SECOND_INTERFACE)


def _nothing(_name: str, _arguments: Mapping[str, Any], _program: Program, _state: list[Kept]) -> Iterator[object]:
    return iter(())


def _against_server(name: str, given: Mapping[str, Any], program: Program, state: list[Kept]) -> Iterator[object]:
    yield "firewall_rulesets" in given and _attached(program, state, "ServerFirewall", name)
    powered = [one for one in on(program, "ServerAction", name) if one.arguments["action"] != "reset_password"]
    built = on(program, "ServerBuild", name)
    yield (powered or "power_state" in given) and given.get("suspended") is not False
    yield "power_state" in given and (powered or built)
    yield on(program, "TrafficBlock", name) and not given.get("traffic")
    for disk in ("additional_storage1", "additional_storage2"):
        yield (f"{disk}_enable" in given) != (f"{disk}_capacity" in given)
        yield f"{disk}_profile" in given and f"{disk}_enable" not in given
    yield "additional_storage2_enable" in given and "additional_storage1_enable" not in given
    yield "name" in given and any("name" in one.arguments for one in built)
    explicit = [one for one in on(program, "ServerIpv4Addresses", name) if "addresses" in one.arguments]
    yield explicit and given["hypervisor_group_id"] != HYPERVISORS_OF_EXPLICIT_ADDRESSES
    for one in built:
        keys = [program[ref.resource] for ref in one.arguments.get("ssh_keys", [])]
        yield any(key.arguments["user_id"] != given["user_id"] for key in keys)


def _against_user(name: str, given: Mapping[str, Any], program: Program, state: list[Kept]) -> Iterator[object]:
    yield "ext_relation_id" in given and "rel_str" in given
    for key in ("ext_relation_id", "rel_str"):
        others = [one.arguments.get(key) for other, one in program.items() if one.kind == "User" and other != name]
        others += [one.inputs.get(key) for one in state if one.kind == "User" and (one.name != name or one.doomed)]
        yield key in given and given[key] in others
    for kind, argument in (
        ("HourlyGroupProfile", "self_service_hourly_group_profiles"),
        ("ResourceGroupProfile", "self_service_resource_group_profiles"),
        ("HourlyResourcePack", "self_service_hourly_resource_pack"),
    ):
        yield argument in given and _attached(program, state, kind, name)
    yield "self_service" in given and any(
        one.arguments["action"] == "sync_access" for one in on(program, "UserAction", name)
    )
    yield from _against_another_relation(name, given, program, state)


def _against_another_relation(
    name: str, given: Mapping[str, Any], program: Program, state: list[Kept]
) -> Iterator[object]:
    """A user that owns servers cannot be deleted first, and credit stays with whom it was given to."""
    kept = next((one for one in state if one.name == name and not one.doomed), None)
    if kept is not None and any(
        key in given and kept.outputs.get(key, kept.inputs.get(key)) != given[key]
        for key in ("ext_relation_id", "rel_str")
    ):
        yield on(program, "UserCredit", name)
        owners = [one.inputs.get("user_id") for one in state if one.kind == "Server"]
        yield given["email"] == kept.inputs["email"] and kept.outputs.get("user_id") in owners
        yield given["email"] == kept.inputs["email"] and on(program, "Server", name)


def _against_addresses(name: str, given: Mapping[str, Any], program: Program, state: list[Kept]) -> Iterator[object]:
    yield ("quantity" in given) == ("addresses" in given)
    yield "addresses" in given and given["interface"] == "secondary"
    yield not has_interface(given, program)
    explicit = [one.arguments.get("addresses", []) for one in program.values() if one.kind == "ServerIpv4Addresses"]
    others = [one for one in state if one.kind == "ServerIpv4Addresses" and (one.name != name or one.doomed)]
    yield any(set(given.get("addresses", ())) & set(one.outputs.get("addresses", ())) for one in others)
    every = [address for addresses in explicit for address in addresses]
    yield len(every) != len(set(every))


def _against_entry(_name: str, given: Mapping[str, Any], program: Program, _state: list[Kept]) -> Iterator[object]:
    yield not has_interface(given, program)
    yield given["cidr"] > 32 and ":" not in given["ip"]


def _against_firewall(_name: str, given: Mapping[str, Any], program: Program, _state: list[Kept]) -> Iterator[object]:
    yield not has_interface(given, program)


_OBJECTIONS: Mapping[str, Callable[[str, Mapping[str, Any], Program, list[Kept]], Iterator[object]]] = {
    "Server": _against_server,
    "User": _against_user,
    "ServerIpv4Addresses": _against_addresses,
    "NetworkWhitelistEntry": _against_entry,
    "ServerFirewall": _against_firewall,
}
