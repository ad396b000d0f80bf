"""A server with everything that makes it usable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from ..resources.server import Server
from ..resources.server_build import ServerBuild
from ..resources.server_firewall import ServerFirewall
from ..resources.server_ipv4_addresses import ServerIpv4Addresses
from ..resources.ssh_key import SshKey
from .parts import Parts, labelled, listed


class Vps(Parts):
    """A server, its installation, the owner's keys, firewall, extra addresses and backup plan as one thing.

    Its parts are named `<name>-server`, `-build`, `-firewall`, `-addresses` and `-key-<label>`. `formerly` maps a part
    (`server`, `build`, `key-laptop`, ...) to the name of the program's own resource that it was before (an `Alias`
    when that had a parent), which is then kept as it is. Other operating systems, host names and keys build the server
    anew, which wipes its disk; everything else changes in place.
    """

    server: Server
    build: ServerBuild
    keys: dict[str, SshKey]
    firewall: ServerFirewall | None = None
    extra_addresses: ServerIpv4Addresses | None = None
    address: pulumi.Output[str]
    """The primary IPv4 address."""

    def __init__(
        self,
        resource_name: str,
        *,
        package_id: pulumi.Input[int] | pulumi.Input[str],
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
        backup_plan_id: pulumi.Input[int] | pulumi.Input[str] | None = None,
        formerly: Mapping[str, str | pulumi.Alias] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`public_keys` maps labels to key texts that become the owner's keys; `ssh_keys` are ids of keys it has.

        `memory` (MB), `cpu_cores` and `traffic` (GB a month) win over the package's. `name` is `resource_name` when
        left out.
        """
        super().__init__("Vps", resource_name, formerly, opts)
        part, options = self.part("server")
        self.server = Server(
            part,
            package_id=package_id,
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
            opts=options,
        )
        if firewall_rulesets is not None:
            self.firewall = self._firewall(firewall_rulesets)
        self.address = self.server.primary_ipv4
        self.done({"address": self.address, "server_id": self.server.server_id})

    def _key(self, label: str, user_id: pulumi.Input[int] | pulumi.Input[str], public_key: pulumi.Input[str]) -> SshKey:
        part, options = self.part(f"key-{label}")
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
