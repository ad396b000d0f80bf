"""A panel that holds one of everything, and for each write of the client a call that it carries out."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel, running
from pulumi_virtfusion.sandbox.panel.clock import Clock
from tests.contract.client_methods import ClientMethod

NOON = 1_769_342_400.0
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@example.com"

ADA, ADAS_ID, ADAS_SERVER, ADAS_KEY, ADAS_CREDIT = 1001, 2, 1, 1, 1
BOB, BOBS_ID, BOBS_SUSPENDED_SERVER = 1002, 3, 2
EMPTY_PACK, PACK_OF_ADAS_SERVER, PACK_OF_BOBS_SERVER = 1, 2, 3
ON_PRIMARY = {"server_id": ADAS_SERVER, "interface": "primary"}
ON_ADAS_SERVER = {"server_id": ADAS_SERVER}
OF_ADA = {"relation": ADA}

CALLS: dict[str, dict[str, Any]] = {
    "IpBlocks.add_ipv4_range": {"block_id": 1, "start": "198.18.0.1", "end": "198.18.0.9"},
    "SelfService.add_credit": {**OF_ADA, "tokens": 12.5},
    "SelfService.add_hourly_group_profile": {**OF_ADA, "profile_id": 2},
    "SelfService.add_resource_group_profile": {**OF_ADA, "profile_id": 2},
    "SelfService.add_resource_pack": {**OF_ADA, "pack_id": 1},
    "SelfService.cancel_credit": {"credit_id": ADAS_CREDIT},
    "SelfService.delete_pack_servers": {"resource_pack_id": PACK_OF_ADAS_SERVER},
    "SelfService.delete_resource_pack": {"resource_pack_id": EMPTY_PACK},
    "SelfService.modify_resource_pack": {"resource_pack_id": EMPTY_PACK, "enabled": False},
    "SelfService.remove_hourly_group_profile": {**OF_ADA, "profile_id": 1},
    "SelfService.remove_resource_group_profile": {**OF_ADA, "profile_id": 1},
    "SelfService.set_hourly_resource_pack": {**OF_ADA, "pack_id": 2},
    "SelfService.suspend_pack_servers": {"resource_pack_id": PACK_OF_ADAS_SERVER},
    "SelfService.sync_access": OF_ADA,
    "SelfService.unsuspend_pack_servers": {"resource_pack_id": PACK_OF_BOBS_SERVER},
    "Servers.add_ipv4_addresses": {**ON_PRIMARY, "addresses": ["198.51.100.77", "198.51.100.78"]},
    "Servers.add_ipv4_quantity": {**ON_PRIMARY, "quantity": 2},
    "Servers.add_traffic_block": {**ON_ADAS_SERVER, "month": 1, "amount": 50},
    "Servers.add_whitelist_entry": {**ON_PRIMARY, "ip": "192.0.2.11", "cidr": 32},
    "Servers.apply_firewall_rulesets": {**ON_PRIMARY, "rulesets": [1]},
    "Servers.boot": ON_ADAS_SERVER,
    "Servers.build": {**ON_ADAS_SERVER, "operating_system_id": 1, "name": "web"},
    "Servers.change_owner": {**ON_ADAS_SERVER, "user_id": BOBS_ID},
    "Servers.change_package": {**ON_ADAS_SERVER, "package_id": 2},
    "Servers.create": {"package_id": 1, "user_id": ADAS_ID, "hypervisor_group_id": 1},
    "Servers.delete": ON_ADAS_SERVER,
    "Servers.disable_firewall": ON_PRIMARY,
    "Servers.enable_firewall": ON_PRIMARY,
    "Servers.modify_cpu_cores": {**ON_ADAS_SERVER, "cpu_cores": 2},
    "Servers.modify_memory": {**ON_ADAS_SERVER, "memory": 2048},
    "Servers.modify_traffic": {**ON_ADAS_SERVER, "traffic": 500},
    "Servers.poweroff": ON_ADAS_SERVER,
    "Servers.remove_ipv4_addresses": {**ON_PRIMARY, "addresses": ["198.51.100.99"]},
    "Servers.remove_traffic_block": {**ON_ADAS_SERVER, "block_id": 1},
    "Servers.remove_whitelist_entry": {**ON_PRIMARY, "ip": "192.0.2.10"},
    "Servers.rename": {**ON_ADAS_SERVER, "name": "shop"},
    "Servers.reset_password": ON_ADAS_SERVER,
    "Servers.restart": ON_ADAS_SERVER,
    "Servers.set_backup_access": {**ON_ADAS_SERVER, "backup_access": "full"},
    "Servers.set_backup_plan": {**ON_ADAS_SERVER, "backup_plan_id": 2},
    "Servers.set_custom_xml": {**ON_ADAS_SERVER, "clock": "<clock/>", "clock_enabled": True},
    "Servers.set_vnc": {**ON_ADAS_SERVER, "vnc": True},
    "Servers.shutdown": ON_ADAS_SERVER,
    "Servers.suspend": ON_ADAS_SERVER,
    "Servers.throttle_cpu": {**ON_ADAS_SERVER, "cpu_throttle": 40},
    "Servers.unsuspend": {"server_id": BOBS_SUSPENDED_SERVER},
    "Servers.validate": {"package_id": 1, "user_id": ADAS_ID, "hypervisor_group_id": 1},
    "SshKeys.create": {"user_id": ADAS_ID, "name": "laptop", "public_key": PUBLIC_KEY},
    "SshKeys.delete": {"ssh_key_id": ADAS_KEY},
    "Users.create": {"name": "Eve", "email": "eve@example.com", "ext_relation_id": 1003},
    "Users.create_login_tokens": OF_ADA,
    "Users.create_server_login_tokens": {**OF_ADA, **ON_ADAS_SERVER},
    "Users.delete": {"relation": 1004},
    "Users.modify": {**OF_ADA, "name": "Ada Lovelace"},
    "Users.reset_password": OF_ADA,
}
"""Arguments by method."""

REFUSED_WHEN_REPEATED = {"Servers.remove_ipv4_addresses"}
"""The panel calls an address that a server no longer has a bad value."""

STILL_THERE_WHEN_REPEATED = {"Servers.delete"}
"""Deleted in the background: the second request finds the server too."""

_CHOSEN_AT_RANDOM = {"uuid", "tag", "token", "password", "encryptedPassword"}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class World:
    """The panel as `arranged`, over and over again."""

    def __init__(self, panel: RunningPanel) -> None:
        self.panel = panel
        _arrange(panel, VirtFusion(panel.origin, panel.token))
        self._database = panel.sandbox.panel.store.connection
        self._arranged = sqlite3.connect(":memory:")
        with panel.sandbox.panel.lock:
            self._database.backup(self._arranged)
        self.at_first = self.state()
        self._after_one: dict[ClientMethod, dict[str, Any]] = {}

    def start_over(self) -> None:
        self.panel.clear_faults()
        self.panel.clear_requests()
        with self.panel.sandbox.panel.lock:
            self._arranged.backup(self._database)

    def state(self) -> dict[str, Any]:
        """Everything that the panel holds, but for what it rolls dice for."""
        state: dict[str, Any] = _without_chance(self.panel.state())
        return state

    def after_one(self, method: ClientMethod) -> dict[str, Any]:
        """The state after the undisturbed call of a method; asked for the first time, the world starts over."""
        if method not in self._after_one:
            self.start_over()
            method.call(VirtFusion(self.panel.origin, self.panel.token), CALLS[str(method)])
            self._after_one[method] = self.state()
            self.start_over()
        return self._after_one[method]

    def close(self) -> None:
        self._arranged.close()


@contextmanager
def running_world(token: str = "token-of-the-world") -> Iterator[World]:
    """A world on a port of its own, in which time stands still."""
    with running(clock=Clock(lambda: NOON), token=token) as panel:
        world = World(panel)
        yield world
        world.close()


def _arrange(panel: RunningPanel, client: VirtFusion) -> None:
    for name, relation in (("Ada", ADA), ("Bob", BOB), ("Leaving", 1004)):
        client.users.create(name=name, email=f"{name}@example.com", ext_relation_id=relation)
    for owner in (ADAS_ID, BOBS_ID):
        server = client.servers.create(package_id=1, user_id=owner, hypervisor_group_id=1, ipv4=1)
        client.servers.build(server.server_id, operating_system_id=1)
    panel.advance(60)
    for _ in (EMPTY_PACK, PACK_OF_ADAS_SERVER, PACK_OF_BOBS_SERVER):
        client.self_service.add_resource_pack(ADA, pack_id=1)
    panel.mutate("servers", ADAS_SERVER, {"hidden.resourcePackId": PACK_OF_ADAS_SERVER})
    panel.mutate("servers", BOBS_SUSPENDED_SERVER, {"hidden.resourcePackId": PACK_OF_BOBS_SERVER})
    client.servers.suspend(BOBS_SUSPENDED_SERVER)
    client.self_service.add_credit(ADA, tokens=100)
    client.self_service.add_hourly_group_profile(ADA, 1)
    client.self_service.add_resource_group_profile(ADA, 1)
    client.ssh_keys.create(user_id=ADAS_ID, name="desktop", public_key=PUBLIC_KEY)
    client.servers.add_traffic_block(ADAS_SERVER, month=1, amount=100)
    client.servers.add_whitelist_entry(ADAS_SERVER, interface="primary", ip="192.0.2.10", cidr=32)
    client.servers.add_ipv4_addresses(ADAS_SERVER, interface="primary", addresses=["198.51.100.99"])


def _without_chance(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_chance(inner) for name, inner in value.items() if name not in _CHOSEN_AT_RANDOM}
    if isinstance(value, list):
        return [_without_chance(inner) for inner in value]
    return _UUID.sub("", value) if isinstance(value, str) else value
