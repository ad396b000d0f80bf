"""One program of every resource: what it is declared with, what is changed of it, and how it is taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.lifecycle.life import Life, LivingResource

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"


@dataclass(frozen=True)
class Of:
    """An output of another resource of the program, a `user`, or its id: of a `server` or a `pack`."""

    resource: str
    output: str = ""

    def among(self, parents: Mapping[str, LivingResource]) -> int:
        parent = parents[self.resource]
        return int(parent[self.output] if self.output else parent.id)


@dataclass(frozen=True)
class Declared:
    """One resource; `change` is sent to the panel, `again` makes another object of it."""

    arguments: Mapping[str, Any]
    change: Mapping[str, Any] = field(default_factory=dict)
    again: Mapping[str, Any] = field(default_factory=dict)
    import_: str = ""
    """The text that names it, where its Pulumi id is not that."""


RELATION, USER = Of("user", "relation"), Of("user", "user_id")
ON = {"server_id": Of("server"), "interface": "primary"}
PROGRAMS: Mapping[str, Declared] = {
    "User": Declared(
        {"name": "Bob", "email": "bob@example.com", "ext_relation_id": 1002},
        {"name": "Robert"},
        {"ext_relation_id": 1003, "email": "robert@example.com"},
        "1002",
    ),
    "SshKey": Declared({"user_id": USER, "name": "laptop", "public_key": KEY}, again={"name": "desktop"}),
    "ResourcePack": Declared({"relation": RELATION, "pack_id": 1}, {"enabled": False}, {"pack_id": 3}),
    "Server": Declared(
        {"package_id": 1, "user_id": USER, "hypervisor_group_id": 1, "name": "web"},
        {"name": "web-2"},
        {"hypervisor_group_id": 2},
    ),
    "ServerBuild": Declared({"server_id": ON["server_id"], "operating_system_id": 1}, again={"operating_system_id": 2}),
    "ServerFirewall": Declared({**ON, "enabled": True, "rulesets": [1]}, {"enabled": False}),
    "ServerIpv4Addresses": Declared({**ON, "quantity": 1}, {"quantity": 2}, {"interface": "secondary"}),
    "NetworkWhitelistEntry": Declared({**ON, "ip": "192.0.2.77", "cidr": 32}, again={"cidr": 24}),
    "TrafficBlock": Declared({"server_id": ON["server_id"], "month": 1, "amount": 100}, again={"amount": 50}),
    "ServerCustomXml": Declared({"server_id": ON["server_id"], "os": "<bios/>"}, {"os": "<nvram/>"}),
    "UserCredit": Declared({"relation": RELATION, "tokens": 5}),
    "HourlyGroupProfile": Declared({"relation": RELATION, "profile_id": 1}, again={"profile_id": 2}),
    "ResourceGroupProfile": Declared({"relation": RELATION, "profile_id": 1}, again={"profile_id": 2}),
    "HourlyResourcePack": Declared({"relation": RELATION, "pack_id": 1}, {"pack_id": 2}),
    "IpBlockRange": Declared({"block_id": 1, "start": "192.0.2.200", "end": "192.0.2.201"}),
    "ServerAction": Declared(
        {"server_id": ON["server_id"], "action": "reset_password", "triggers": [1]}, {"triggers": [2]}
    ),
    "UserAction": Declared({"relation": RELATION, "action": "reset_password", "triggers": [1]}, {"triggers": [2]}),
    "ResourcePackAction": Declared(
        {"resource_pack_id": Of("pack"), "action": "suspend_servers", "triggers": [1]},
        {"triggers": [2]},
    ),
}
"""By class; each stands on a user, a server with two interfaces, and a pack."""


def made(life: Life, kind: str) -> LivingResource:
    """The resource, and before it what it stands on."""
    user = life("User", "owner", name="Ada", email="ada@example.com", ext_relation_id=1001, self_service=3).create()
    arguments = {"package_id": 5, "user_id": user["user_id"], "hypervisor_group_id": 1}
    server = life("Server", "under", **arguments).create()
    pack = life("ResourcePack", "holder", relation=user["relation"], pack_id=2).create()
    parents = {"user": user, "server": server, "pack": pack}
    given = {
        name: value.among(parents) if isinstance(value, Of) else value
        for name, value in PROGRAMS[kind].arguments.items()
    }
    return life(kind, "it", **given).create()


def import_text(resource: LivingResource, kind: str) -> str:
    """What `import_` takes for the resource."""
    if kind == "ServerIpv4Addresses":
        return f"{resource.id.rpartition('/')[0]}/{','.join(resource['addresses'])}"
    return PROGRAMS[kind].import_ or resource.id
