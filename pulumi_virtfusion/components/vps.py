"""A server with its installation, keys, firewall, extra addresses and backup plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ..misspelling import naming_the_nearest
from ..resources.server import Server
from ..resources.server_build import ServerBuild
from ..resources.server_firewall import ServerFirewall
from ..resources.server_ipv4_addresses import ServerIpv4Addresses
from ..resources.ssh_key import SshKey
from ..schema.types import PackageChange
from .options import Places
from .parts import Parts, labelled, listed


class Vps(Parts):
    """A server, its installation, the owner's keys, firewall, extra addresses and backup plan as one thing.

    Its parts are named `<name>-server`, `-build`, `-firewall`, `-addresses` and `-key-<label>`. `formerly` maps a part
    (`server`, `build`, `key-laptop`, ...) to the name of the program's own resource that it was before (an `Alias`
    when that had a parent), which is then kept as it is.

    Another `operating_system_id` and other `build_triggers` build the server anew, and another `hypervisor_group_id`
    replaces it: its disk is lost. `hostname`, keys and `ipv6` are arguments of the next build; everything else changes
    in place.
    """

    server: Server
    build: ServerBuild
    keys: dict[str, SshKey]
    firewall: ServerFirewall | None = None
    extra_addresses: ServerIpv4Addresses | None = None
    server_id: pulumi.Output[int]
    """The panel's id of the server."""
    address: pulumi.Output[str]
    """The primary IPv4 address."""
    ipv4_addresses: pulumi.Output[list[str]]
    """All IPv4 addresses of the primary interface, the server's own first, then those of `extra_ipv4`."""
    hostname: pulumi.Output[str]
    """Host name that the build set in the guest."""
    state: pulumi.Output[str]
    """Life-cycle state that the build left the server in: complete, unless nobody waited for it or it failed."""
    password: pulumi.Output[str]
    """Password of root or Administrator that the build set; a secret."""

    places = Places(
        "Vps",
        kinds={
            "server": Server,
            "key": SshKey,
            "addresses": ServerIpv4Addresses,
            "build": ServerBuild,
            "firewall": ServerFirewall,
        },
        arguments={
            "package_id": {"server": "package_id"},
            "package_change": {"server": "package_change"},
            "user_id": {"server": "user_id", "key": "user_id"},
            "hypervisor_group_id": {"server": "hypervisor_group_id"},
            "operating_system_id": {"build": "operating_system_id"},
            "name": {"server": "name"},
            "hostname": {"build": "hostname"},
            "memory": {"server": "memory"},
            "cpu_cores": {"server": "cpu_cores"},
            "traffic": {"server": "traffic"},
            "public_keys": {"key": "public_key"},
            "ssh_keys": {"build": "ssh_keys"},
            "firewall_rulesets": {"firewall": "rulesets"},
            "extra_ipv4": {"addresses": "quantity"},
            "ipv6": {"build": "ipv6"},
            "build_triggers": {"build": "triggers"},
            "backup_plan_id": {"server": "backup_plan_id"},
        },
        outputs={
            "server_id": {"server": "server_id"},
            "address": {"server": "primary_ipv4"},
            "ipv4_addresses": {"server": "ipv4_addresses", "addresses": "addresses"},
            "hostname": {"build": "hostname", "server": "hostname"},
            "state": {"build": "state", "server": "state"},
            "password": {"build": "password"},
        },
        labelled=frozenset({"public_keys"}),
        open=("server", "build"),
    )

    @naming_the_nearest
    def __init__(
        self,
        resource_name: str,
        *,
        package_id: pulumi.Input[int] | pulumi.Input[str],
        package_change: pulumi.Input[PackageChange] | None = None,
        user_id: pulumi.Input[int] | pulumi.Input[str],
        hypervisor_group_id: pulumi.Input[int] | pulumi.Input[str],
        operating_system_id: pulumi.Input[int] | pulumi.Input[str],
        name: pulumi.Input[str] | None = None,
        hostname: pulumi.Input[str] | None = None,
        memory: pulumi.Input[int] | None = None,
        cpu_cores: pulumi.Input[int] | None = None,
        traffic: pulumi.Input[int] | None = None,
        public_keys: Mapping[str, pulumi.Input[str]] | None = None,
        ssh_keys: Sequence[pulumi.Input[int] | pulumi.Input[str]] = (),
        firewall_rulesets: Sequence[pulumi.Input[int] | pulumi.Input[str]] | None = None,
        extra_ipv4: int = 0,
        ipv6: pulumi.Input[bool] | None = None,
        build_triggers: pulumi.Input[Any] | None = None,
        backup_plan_id: pulumi.Input[int] | pulumi.Input[str] | None = None,
        formerly: Mapping[str, str | pulumi.Alias] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`public_keys` maps labels to key texts that become the owner's keys; `ssh_keys` are ids of keys it has.

        `memory` (MB), `cpu_cores` and `traffic` (GB a month) win over the package's. `name` is `resource_name` when
        left out. `build_triggers` is any plain value, such as a list: another one builds the server anew.
        """
        super().__init__(resource_name, formerly, opts)
        part, options = self.part("server")
        self.server = Server(
            part,
            package_id=package_id,
            package_change=package_change,
            user_id=user_id,
            hypervisor_group_id=hypervisor_group_id,
            name=resource_name if name is None else name,
            memory=memory,
            cpu_cores=cpu_cores,
            traffic=traffic,
            backup_plan_id=backup_plan_id,
            opts=options,
        )
        self.keys = {
            label: self._key(label, user_id, text) for label, text in labelled("public_keys", public_keys).items()
        }
        if extra_ipv4:
            self.extra_addresses = self._addresses(extra_ipv4)
        part, options = self.part(
            # Not `deleted_with` its server: before that goes, its deletion looks whether this build is still there.
            "build",
            # A guest learns its addresses when it is installed.
            after=[self.extra_addresses] if self.extra_addresses else [],
        )
        self.build = ServerBuild(
            part,
            server_id=self.server.id,
            operating_system_id=operating_system_id,
            hostname=hostname,
            ssh_keys=[*listed("ssh_keys", ssh_keys), *(key.ssh_key_id for key in self.keys.values())] or None,
            ipv6=ipv6,
            triggers=build_triggers,
            opts=options,
        )
        if firewall_rulesets is not None:
            self.firewall = self._firewall(firewall_rulesets)
        self.server_id, self.address = self.server.server_id, self.server.primary_ipv4
        self.ipv4_addresses = self._all_addresses()
        self.hostname, self.state = self.build.hostname, self.build.state
        self.password = pulumi.Output.secret(self.build.password)
        self.done({name: getattr(self, name) for name in self.places.outputs})

    def _all_addresses(self) -> pulumi.Output[list[str]]:
        # The server was read before the others were added, and knows them only when it is read again.
        more: list[pulumi.Output[list[str]]] = [self.extra_addresses.addresses] if self.extra_addresses else []
        return pulumi.Output.all(self.server.ipv4_addresses, *more).apply(
            lambda lists: list(dict.fromkeys(address for addresses in lists for address in addresses or ()))
        )

    def _key(self, label: str, user_id: pulumi.Input[int] | pulumi.Input[str], public_key: pulumi.Input[str]) -> SshKey:
        part, options = self.part("key", label)
        return SshKey(part, user_id=user_id, name=label, public_key=public_key, opts=options)

    def _addresses(self, quantity: int) -> ServerIpv4Addresses:
        part, options = self.part("addresses", deleted_with=self.server)
        return ServerIpv4Addresses(part, server_id=self.server.id, interface="primary", quantity=quantity, opts=options)

    def _firewall(self, rulesets: Sequence[pulumi.Input[int] | pulumi.Input[str]]) -> ServerFirewall:
        # Before its first build a server is not on the hypervisor, and during one it is locked.
        part, options = self.part("firewall", after=[self.build], deleted_with=self.server)
        return ServerFirewall(
            part, server_id=self.server.id, interface="primary", enabled=True, rulesets=rulesets, opts=options
        )
