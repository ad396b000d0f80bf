"""Random programs: arguments of every class, additions and changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from hypothesis import strategies as st

from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema.fields import Change
from tests.soak.engine import Declared, Program, Ref
from tests.soak.refusals import has_interface

Values = st.SearchStrategy[Any]
MOST = {"Server": 3, "User": 3, "ServerBuild": 2, "IpBlockRange": 2}
"""Of one kind in a program."""
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

TRIGGERS = st.sampled_from([1, 2, ["a"]])
DISKS = ("additional_storage1", "additional_storage2")

texts = st.sampled_from(["web", "web ", "db", "shop", "mail relay", "größe"])
flags = st.booleans()
interfaces = st.sampled_from(["primary", "primary", "secondary"])
some_profiles = st.sampled_from([[], [1], [2], [1, 3]])


def of(*values: Any) -> Values:
    return st.sampled_from(values)


def a(kind: str, output: str) -> Callable[[Program], Values]:
    """An output of any resource of a kind that the program has."""

    def among(program: Program) -> Values:
        names = [name for name, declared in program.items() if declared.kind == kind]
        return st.sampled_from([Ref(name, output) for name in names]) if names else st.nothing()

    return among


def _keys(program: Program) -> Values:
    return st.lists(a("SshKey", "ssh_key_id")(program), min_size=1, max_size=2, unique=True)


EMAILS = tuple(f"{name}@example.com" for name in ("ada", "bob", "cy", "dee", "eve", "fay", "gus", "hal", "ina", "Jo"))
SERVER = a("Server", "server_id")
USER = a("User", "user_id")
RELATION = a("User", "relation")
SECTIONS = {
    **dict.fromkeys(("domain", "os", "devices"), of("<a/>", "<a/>\r\n<c/>\n", "<b c='1'/>", "")),
    **dict.fromkeys(("domain_enabled", "os_enabled", "clock_enabled"), flags),
}

REQUIRED: Mapping[str, Mapping[str, Values | Callable[[Program], Values]]] = {
    "Server": {"package_id": of(1, 2, 4, 5), "user_id": USER, "hypervisor_group_id": of(1, 2)},
    "ServerBuild": {"server_id": SERVER, "operating_system_id": of(1, 2, 3, 7)},
    "User": {"name": texts, "email": of(*EMAILS)},
    "SshKey": {"user_id": USER, "name": texts, "public_key": of(KEY, f"{KEY} ada")},
    "ResourcePack": {"relation": RELATION, "pack_id": of(1, 2, 3)},
    "ServerFirewall": {"server_id": SERVER, "interface": interfaces},
    "ServerIpv4Addresses": {"server_id": SERVER, "interface": interfaces},
    "NetworkWhitelistEntry": {
        "server_id": SERVER,
        "interface": interfaces,
        "ip": of("192.0.2.9", "192.0.2.10", "2001:db8::9"),
        "cidr": of(32, 24),
    },
    "TrafficBlock": {"server_id": SERVER, "month": of(1, 2, 3), "amount": of(50, 100)},
    "ServerCustomXml": {"server_id": SERVER},
    "UserCredit": {"relation": RELATION, "tokens": of(10, 2.5)},
    "HourlyGroupProfile": {"relation": RELATION, "profile_id": of(1, 2, 3)},
    "ResourceGroupProfile": {"relation": RELATION, "profile_id": of(1, 2, 3)},
    "HourlyResourcePack": {"relation": RELATION, "pack_id": of(1, 2)},
    "IpBlockRange": {"block_id": of(1)},
    "ServerAction": {"server_id": SERVER, "action": of("restart", "boot", "shutdown", "poweroff", "reset_password")},
    "UserAction": {"relation": RELATION, "action": of("reset_password", "sync_access")},
    "ResourcePackAction": {
        "resource_pack_id": a("ResourcePack", "resource_pack_id"),
        "action": of("suspend_servers", "unsuspend_servers", "delete_servers"),
    },
}

OPTIONAL: Mapping[str, Mapping[str, Values | Callable[[Program], Values]]] = {
    "Server": {
        "name": texts,
        "memory": of(512, 1024, 3000),
        "cpu_cores": of(1, 2, 3),
        "traffic": of(0, 300, 900),
        "cpu_throttle": of(0, 20, 50),
        "backup_plan_id": of(0, 1, 2),
        "backup_access": of("disabled", "full", "manual"),
        "suspended": flags,
        "power_state": of("running", "stopped"),
        "vnc": flags,
        "firewall_rulesets": of([1], [2, 3], [-1]),
        "ipv4": of(1, 2, 3),
        "package_change": of({"memory": False}, {"cpu": False, "primary_network_traffic": False}),
        "storage": of(20, 50),
        "network_speed_inbound": of(0, 12_500),
        "delete_delay": of(0, 5),
        "additional_storage1_capacity": of(5, 10),
        "additional_storage1_profile": of(0, 1),
        "additional_storage2_capacity": of(5, 20),
    },
    "ServerBuild": {"name": texts, "hostname": of("a.example.com", "A.Example.com", "b.example.com"), "ssh_keys": _keys,
                    "ipv6": flags, "swap": of(1, 512), "email": flags, "wait": flags, "triggers": TRIGGERS},
    "User": {
        "self_service": of(0, 1, 2, 3),
        "self_service_hourly_credit": flags,
        "self_service_hourly_group_profiles": some_profiles,
        "self_service_resource_group_profiles": some_profiles,
        "self_service_hourly_resource_pack": of(0, 1, 2),
        "enabled": flags,
        "ext_relation_id": of(1001, 1002, 1003, 1004),
        "rel_str": of("crm-1", "crm-2", "crm 3", "77"),
        "send_mail": flags,
    },
    "ResourcePack": {"enabled": flags, "disable_if_in_use": flags, "delete_servers": flags},
    "ServerFirewall": {"enabled": flags, "rulesets": of([], [1], [2, 5]), "sync": flags},
    "ServerIpv4Addresses": {
        "quantity": of(1, 2, 3),
        "addresses": st.lists(of(*(f"198.51.100.{n}" for n in range(201, 206))), min_size=1, max_size=3, unique=True),
    },
    "ServerCustomXml": SECTIONS,
    "UserCredit": {"reference_1": of(7), "reference_2": of("invoice 7")},
    "IpBlockRange": {},
    **{kind: {"triggers": TRIGGERS} for kind in ("ServerAction", "UserAction", "ResourcePackAction")},
}  # fmt: skip

FOR_GOOD = ("UserCredit", "IpBlockRange")
"""Their arguments are create-only."""


def drawn(strategy: Values | Callable[[Program], Values], program: Program) -> Values:
    return strategy(program) if callable(strategy) else strategy


@st.composite
def additions(
    draw: st.DrawFn, program: Program, number: int, among: Collection[str] = tuple(MODULES)
) -> tuple[str, Declared]:
    """One more resource of a kind `among` these, by a name that the program never had."""
    kinds = [
        kind
        for kind in among
        if sum(declared.kind == kind for declared in program.values()) < MOST.get(kind, 4)
        if all(not callable(strategy) or _offers(strategy, program) for strategy in REQUIRED[kind].values())
    ]
    kind = draw(st.sampled_from(kinds))
    arguments = {name: draw(drawn(strategy, program)) for name, strategy in REQUIRED[kind].items()}
    optional = OPTIONAL.get(kind, {})
    for name in draw(st.lists(st.sampled_from(sorted(optional)), max_size=4, unique=True)) if optional else ():
        if not callable(optional[name]) or _offers(a("SshKey", "ssh_key_id"), program):
            arguments[name] = draw(drawn(optional[name], program))
    if kind == "IpBlockRange":
        arguments |= {"start": f"198.18.{number % 256}.1", "end": f"198.18.{number % 256}.{4 + number % 7}"}
    if kind == "ServerIpv4Addresses" and not {"quantity", "addresses"} & arguments.keys():
        arguments["quantity"] = 1
    if "interface" in arguments and not has_interface(arguments, program):
        arguments["interface"] = "primary"
    return f"{MODULES[kind]}{number}", Declared(kind, {**arguments, **_disks(arguments)})


def _disks(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What a part of a disk needs beside it; a second disk needs a first."""
    disks = [disk for disk in DISKS if any(disk in name for name in arguments)]
    wanted = DISKS[: DISKS.index(disks[-1]) + 1] if disks else ()
    return {f"{disk}_enable": True for disk in wanted} | {
        f"{disk}_capacity": arguments.get(f"{disk}_capacity", 5) for disk in wanted
    }


def _offers(strategy: Callable[[Program], Values], program: Program) -> bool:
    return not strategy(program).is_empty


def replaces(kind: str, argument: str) -> bool:
    """Whether another value of the argument makes another object."""
    change: Change = resource_class(kind).fields[argument].change
    return change is Change.REPLACE


@st.composite
def changes(draw: st.DrawFn, program: Program, *, in_place: bool = False) -> tuple[str, dict[str, Any]]:
    """Other arguments for a resource that may change, of such as replace nothing where it is to stay `in_place`."""
    names = [name for name, declared in program.items() if declared.kind not in FOR_GOOD]
    name = draw(st.sampled_from([one for one in names if not in_place or program[one].kind in ("Server", "User")]))
    declared = program[name]
    earlier = {other: program[other] for other in list(program)[: list(program).index(name)]}
    possible = {
        key: drawn(strategy, earlier)
        for key, strategy in {**REQUIRED[declared.kind], **OPTIONAL.get(declared.kind, {})}.items()
        if not callable(strategy) or strategy is not _keys or _offers(a("SshKey", "ssh_key_id"), earlier)
        if not in_place or not replaces(declared.kind, key)
    }
    keys = draw(st.lists(st.sampled_from(sorted(possible)), min_size=1, max_size=3, unique=True))
    changed = {key: draw(possible[key]) for key in keys}
    return name, {**_disks({**declared.arguments, **changed}), **changed}


def removable(program: Program) -> list[str]:
    """What nothing else refers to."""
    needed = {name for declared in program.values() for name in declared.needs}
    return [name for name in program if name not in needed]


def optional_arguments(program: Program) -> list[tuple[str, str]]:
    """What may be taken out of the program."""
    return [
        (name, argument)
        for name, declared in program.items()
        if declared.kind not in FOR_GOOD
        for argument in declared.arguments
        if argument in OPTIONAL.get(declared.kind, {})
    ]
