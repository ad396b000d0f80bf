"""Runs of fifty resources that are cut short at any moment, and what the README says to do then.

Each test leads one stack through an interrupted `up`, update and destroy; after each, `virtfusion recover` and the
interrupted command again are all that is done. The moment is a number of changes at the panel, drawn with a seed that
a failure shows.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pulumi_virtfusion.api.names import snake_case
from tests.conftest import NewStack
from tests.doors import both_doors, project_of
from tests.engine.interruption import (
    TOKEN,
    Interruption,
    PanelProcess,
    cli_killed,
    cut_short,
    hosts_of,
    interrupted_once,
    interrupted_twice,
    panel_killed,
    provider_killed,
    terminated,
)
from tests.stack import Stack

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"
PROGRAM = f"""
import pathlib

import pulumi
import pulumi_virtfusion as virtfusion

edition = int(pathlib.Path("edition").read_text())
people = [
    virtfusion.User(
        name, name=f"{{name}} {{edition}}", email=f"{{name}}@example.com",
        ext_relation_id=1000 + number if number % 2 else None,
    )
    for number, name in enumerate(["ada", "bob", "eve", "joe"])
]
keys = [
    virtfusion.SshKey(f"key-{{number}}", user_id=owner.user_id, name="laptop", public_key="{KEY}")
    for number, owner in enumerate(people)
]
# Its name is new in the second edition: another key takes its place.
virtfusion.SshKey("spare", user_id=people[0].user_id, name=f"spare {{edition}}", public_key="{KEY}")
for number in range(10):
    owner, key, name = people[number % 4], keys[number % 4], f"web-{{number}}"
    server = virtfusion.Server(
        name,
        package_id=1 + number % 2,
        user_id=owner.user_id,
        hypervisor_group_id=1,
        name=pulumi.Output.secret(f"marked-name-{{number}}") if number == 1 else name,
        memory=1024 * edition,
        ipv4=edition if number == 9 else 1,
    )
    virtfusion.NetworkWhitelistEntry(
        f"entry-{{number}}", server_id=server.server_id, interface="primary", ip=f"192.0.2.{{number}}", cidr=32
    )
    if number < 6:
        virtfusion.ServerBuild(
            f"system-{{number}}", server_id=server.server_id, operating_system_id=1, ssh_keys=[key.ssh_key_id]
        )
        virtfusion.TrafficBlock(f"traffic-{{number}}", server_id=server.server_id, month=1, amount=5)
    elif number < 9:
        virtfusion.ServerIpv4Addresses(
            f"more-{{number}}", server_id=server.server_id, interface="primary", quantity=edition
        )
        virtfusion.ServerFirewall(
            f"firewall-{{number}}", server_id=server.server_id, interface="primary", enabled=True, rulesets=[edition]
        )
    else:
        virtfusion.ServerCustomXml(
            "xml", server_id=server.server_id, domain=f"<edition{{edition}}/>", domain_enabled=True
        )
virtfusion.HourlyGroupProfile("profile", relation=people[1].relation, profile_id=1)
"""
CHANGES = {"up": 70, "update": 32, "destroy": 55}
"""About what each comes to, in requests that change something."""


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[PanelProcess]:
    panel = PanelProcess(tmp_path / "panel.db")
    yield panel
    panel.kill()


@pytest.fixture
def stack(panel: PanelProcess, new_stack: NewStack, door: str, plugin_folder: Path) -> Stack:
    environment = {"VIRTFUSION_ENDPOINT": panel.origin, "VIRTFUSION_TOKEN": TOKEN, "VIRTFUSION_DOOR": door}
    stack = new_stack(PROGRAM, environment=environment)
    (stack.project / "Pulumi.yaml").write_text(project_of(plugin_folder))
    return stack


def recover(stack: Stack, cli: subprocess.Popen[str], *, left_a_trace: bool) -> None:
    """What the README says to do; the interrupted CLI's provider has ended by itself when it is done.

    Where the state says nothing of what was under way, a person looks at the candidates and then agrees.
    """
    command = [sys.executable, "-m", "pulumi_virtfusion", "recover", "--yes"]
    # As long as a request may take it waits for what is missing, and this panel is quick.
    environment = {**stack.environment, "VIRTFUSION_REQUEST_TIMEOUT": "5"}
    done = subprocess.run(command, cwd=stack.project, env=environment, capture_output=True, text=True)
    if done.returncode == 1 and not left_a_trace:
        assert "for nothing proves that the run made it" in done.stdout or "is in no resource" in done.stdout
        command.append("--unproven")
        done = subprocess.run(command, cwd=stack.project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert hosts_of(cli) == []
    assert TOKEN not in done.stdout + done.stderr
    assert "marked-name" not in done.stdout + done.stderr


def held(stack: Stack) -> dict[str, set[str]]:
    """The ids that the state holds, by kind, and the addresses that its resources count as theirs."""
    ids: dict[str, set[str]] = {}
    for one in stack.resources().values():
        ids.setdefault(one["type"].rpartition(":")[2], set()).add(one["id"])
        outputs = {snake_case(name): value for name, value in one["outputs"].items()}
        for address in outputs.get("own_ipv4_addresses") or outputs.get("addresses") or ():
            ids.setdefault("addresses", set()).add(address)
    ids.pop("ServerIpv4Addresses", None)
    return ids


def at_panel(panel: PanelProcess) -> dict[str, set[str]]:
    """The same, as the panel has it."""
    state = panel.state()
    users = [user for user in state["users"] if not user["admin"]]
    nics = {server["id"]: server["network"]["interfaces"][0] for server in state["servers"]}
    found = {
        "User": {str(user["id"]) for user in users},
        "SshKey": {str(key["id"]) for key in state["ssh_keys"]},
        "Server": {str(server["id"]) for server in state["servers"]},
        "ServerBuild": {str(server["id"]) for server in state["servers"] if server["state"] == "complete"},
        "NetworkWhitelistEntry": {
            f"{id_}/primary/{row['ip']}" for id_, nic in nics.items() for row in nic["ipWhitelist"]
        },
        "TrafficBlock": {f"{block['serverId']}/{block['id']}" for block in state["traffic_blocks"]},
        "ServerFirewall": {f"{id_}/primary" for id_, nic in nics.items() if nic["firewallEnabled"]},
        "ServerCustomXml": {str(server["id"]) for server in state["servers"] if _has_xml(server)},
        "HourlyGroupProfile": {
            f"{user['extRelationId']}/{one}" for user in users for one in user["selfServiceHourlyGroupProfiles"]
        },
        "addresses": {address["address"] for address in state["addresses"]},
    }
    return {kind: ids for kind, ids in found.items() if ids}


def _has_xml(server: dict[str, Any]) -> bool:
    return "edition" in str(server)


def wholes(stack: Stack) -> dict[str, int]:
    return {kind: len(ids) for kind, ids in held(stack).items()}


WHOLE = {
    "User": 4, "SshKey": 5, "Server": 10, "ServerBuild": 6, "NetworkWhitelistEntry": 10, "TrafficBlock": 6,
    "ServerFirewall": 3, "ServerCustomXml": 1, "HourlyGroupProfile": 1,
}  # fmt: skip


@both_doors
@pytest.mark.parametrize(
    "interrupt",
    [
        cli_killed,
        provider_killed,
        *(pytest.param(one, marks=pytest.mark.long) for one in (interrupted_once, interrupted_twice, terminated)),
        pytest.param(panel_killed, marks=pytest.mark.long),
    ],
)
def test_after_the_documented_recovery_nothing_is_lost_or_doubled(
    stack: Stack, panel: PanelProcess, interrupt: Interruption
) -> None:
    seed = os.environ.get("INTERRUPTION_SEED") or str(random.randrange(10_000))
    print(f"INTERRUPTION_SEED={seed}")
    moments = random.Random(f"{seed} {interrupt.__name__}")
    graceful = interrupt in (interrupted_once, terminated)
    left_a_trace = interrupt is cli_killed

    for edition, phase in enumerate(["up", "update"], 1):
        (stack.project / "edition").write_text(str(edition))
        cli = cut_short(stack, panel, moments.randint(1, CHANGES[phase]), interrupt, "up")
        if not graceful:
            recover(stack, cli, left_a_trace=left_a_trace)
        stack.up("--skip-preview")
        assert held(stack) == at_panel(panel)
        assert wholes(stack) == {**WHOLE, "addresses": 10 + 3 * edition + edition - 1}
        if graceful:  # the engine ends as it always does: an update and a destroy would tell nothing new
            return
    stack.preview("--expect-no-changes")
    memory = {server["settings"]["resources"]["memory"] for server in panel.state()["servers"]}
    assert memory == {2048}

    cli = cut_short(stack, panel, moments.randint(1, CHANGES["destroy"]), interrupt, "destroy")
    # A destroy forgets builds, which the program, that recover asks, still wants.
    recover(stack, cli, left_a_trace=False)
    stack.destroy("--skip-preview")
    assert held(stack) == at_panel(panel) == {}
