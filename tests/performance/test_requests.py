"""What each operation asks of the panel is what the table in the documentation says."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.api import VirtFusion
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada"


def documented() -> dict[str, list[str]]:
    """The table's requests by what asks them: each in backticks, or none."""
    table = PAGE.read_text().partition("<!-- requests -->")[2].partition("<!-- /requests -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[2:]]
    return {what: re.findall(r"`([A-Z]+ [^`]+)`", requests) for what, requests in rows}


_numbers = count(1000)


class Program:
    """Three servers, and what else the rows of the table speak of."""

    def __init__(self, life: Life, new_process: Life, client: VirtFusion, servers: list[LivingResource]) -> None:
        self.life, self.new_process, self.client, self.servers = life, new_process, client, servers
        self.server = servers[0]

    def create(self, **settings: Any) -> None:
        self.new_process("Server", package_id=1, user_id=1, hypervisor_group_id=1, **settings).create()

    def create_three_and_their_keys(self) -> None:
        for name in ("a", "b", "c"):
            self.new_process("SshKey", name, user_id=1, name=name, public_key=PUBLIC_KEY).create()
            self.new_process("Server", name, package_id=1, user_id=1, hypervisor_group_id=1).create()

    def create_a_customer(self) -> None:
        email = f"{next(_numbers)}@example.com"
        ada = self.life("User", name="Ada", email=email, ext_relation_id=next(_numbers)).create()
        owner = int(ada["user_id"])
        self.life("SshKey", user_id=owner, name="laptop", public_key=PUBLIC_KEY).create()
        server = self.life("Server", package_id=1, user_id=owner, hypervisor_group_id=1).create()
        self.life("TrafficBlock", server_id=int(server.id), month=1, amount=1).create()

    def build_of_an_earlier_run(self) -> None:
        self.new_process("ServerBuild", server_id=int(self.server.id), operating_system_id=1).create()

    def build(self) -> LivingResource:
        return self.life("ServerBuild", server_id=int(self.server.id), operating_system_id=1).create()

    def plan_another_build(self) -> None:
        build = self.build()
        self.server.panel.forget()
        assert build.plan(operating_system_id=2).replaces

    def delete_a_build(self) -> None:
        build = self.build()
        self.server.panel.forget()
        build.delete()

    def change_nothing(self) -> None:
        for server in self.servers:
            assert server.change().changed == []

    def keys(self) -> list[LivingResource]:
        keys = [
            self.life("SshKey", name, user_id=1, name=name, public_key=PUBLIC_KEY).create() for name in ("a", "b", "c")
        ]
        self.server.panel.forget()
        return keys

    def refresh_keys(self) -> None:
        for key in self.keys():
            assert key.refresh() == []

    def refresh_a_stack(self) -> None:
        keys = self.keys()
        builds = [
            self.life("ServerBuild", one.id, server_id=int(one.id), operating_system_id=1) for one in self.servers
        ]
        xml = [self.life("ServerCustomXml", one.id, server_id=int(one.id)) for one in self.servers]
        for one in (*builds, *xml):
            one.create()
        self.server.panel.forget()
        for one in (*keys, *self.servers, *builds, *xml):
            assert one.refresh() in ([], ["state"])

    def delete_keys(self) -> None:
        for key in self.keys():
            key.delete()

    def delete_what_hangs_on_a_server(self) -> None:
        server_id, on = int(self.server.id), {"interface": "primary"}
        made = [
            self.life("NetworkWhitelistEntry", server_id=server_id, **on, ip="192.0.2.9", cidr=32).create(),
            self.life("ServerCustomXml", server_id=server_id).create(),
            self.life("ServerFirewall", server_id=server_id, **on, enabled=True).create(),
        ]
        self.server.panel.forget()
        for one in made:
            self.new_process.next_run(one).delete()

    def change_the_package(self) -> None:
        self.server.plan(package_id=3)
        self.server.panel.forget()
        self.server.change(package_id=3)

    def look_up(self) -> None:
        for package_id in (1, 2, 1):
            virtfusion.get_package(package_id, client=self.client)
        for name in ("Small", "Medium"):
            virtfusion.get_package(name=name, client=self.client)


SCENARIOS: dict[str, Callable[[Program], object]] = {
    "a preview or an update in which nothing changed": Program.change_nothing,
    "a new server": Program.create,
    "a new server with a name and a CPU throttle": lambda program: program.create(name="web1", cpu_throttle=50),
    "three new servers and three new SSH keys of one owner": Program.create_three_and_their_keys,
    "a new user, its key, its server and a traffic block": Program.create_a_customer,
    "one changed setting of a server": lambda program: program.server.change(memory=2048),
    "a preview of three servers' new package": lambda program: [s.plan(package_id=2) for s in program.servers],
    "a package change, its preview apart": Program.change_the_package,
    "a refresh of a server": lambda program: program.server.refresh(),
    "a refresh of three SSH keys of one owner": Program.refresh_keys,
    "a refresh of three servers, their builds and XML, and three SSH keys of one owner": Program.refresh_a_stack,
    "three deleted SSH keys of one owner": Program.delete_keys,
    "a deleted firewall, custom XML and whitelist entry of one server": Program.delete_what_hangs_on_a_server,
    "look-ups of two packages by id, one of them twice, and of two by name": Program.look_up,
    "a deleted server": lambda program: program.server.delete(),
    "a new build on a new server": Program.build,
    "a new build on a server of an earlier run": Program.build_of_an_earlier_run,
    "a preview of a build that is replaced": Program.plan_another_build,
    "a deleted build": Program.delete_a_build,
}


@pytest.fixture
def program(life: Life, new_process: Life, client: VirtFusion, servers: list[LivingResource]) -> Program:
    return Program(life, new_process, client, servers)


def lines(panel: Panel) -> list[str]:
    """The requests, with `{id}` for numbers and without queries."""
    return [re.sub(r"/\d+(?=/|$)", "/{id}", line.partition("?")[0]) for line in panel.requests()]


@pytest.mark.parametrize("what", SCENARIOS)
def test_an_operation_asks_what_the_table_says(what: str, program: Program, panel: Panel) -> None:
    SCENARIOS[what](program)
    assert lines(panel) == documented()[what]


def test_every_row_of_the_table_is_tested() -> None:
    assert documented().keys() == SCENARIOS.keys()
