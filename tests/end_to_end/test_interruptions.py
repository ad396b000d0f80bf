"""Runs that are cut short at any moment: what the README says of "`pulumi up` was interrupted", word for word.

Each test leads one stack through an interrupted `up`, update and destroy, and its documented recovery after each. The
moment is a number of changes at the panel, drawn with a seed that a failure shows.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import NewStack
from tests.stack import Stack, pulumi_cli

TOKEN = "marked-token-91c4d0"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"
PROGRAM = f"""
import pathlib

import pulumi_virtfusion as virtfusion

memory = int(pathlib.Path("memory").read_text())
ada = virtfusion.User("ada", name=f"Ada {{memory}}", email="ada@example.com", ext_relation_id=1001)
bob = virtfusion.User("bob", name=f"Bob {{memory}}", email="bob@example.com")
key = virtfusion.SshKey("key", user_id=ada.user_id, name="laptop", public_key="{KEY}")
for number in range(5):
    name = f"web-{{number}}"
    server = virtfusion.Server(
        name, package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name=name, memory=memory
    )
    virtfusion.NetworkWhitelistEntry(
        f"entry-{{number}}", server_id=server.server_id, interface="primary", ip="192.0.2.1", cidr=32
    )
    if number < 3:
        virtfusion.ServerBuild(
            f"system-{{number}}", server_id=server.server_id, operating_system_id=1, ssh_keys=[key.id]
        )
        virtfusion.TrafficBlock(f"traffic-{{number}}", server_id=server.server_id, month=1, amount=5)
    else:
        virtfusion.ServerIpv4Addresses(
            f"more-{{number}}", server_id=server.server_id, interface="primary", quantity=memory // 1024
        )
"""
CHANGES = 36
"""What the whole program comes to, in requests that change something; an update is about a quarter of it."""


class PanelProcess:
    """A sandbox on a file, that can be killed and comes back at the same address."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, 0
        self.start()

    def start(self) -> None:
        options = ["--port", str(self.port), "--token", TOKEN, "--data", str(self.data), "--build-seconds", "0.3"]
        command = [sys.executable, "-m", "pulumi_virtfusion", "sandbox", *options, "--latency", "20"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.origin = self.process.stdout.readline().strip()
        self.port = int(self.origin.rpartition(":")[2])
        self.session, self.seen, self.changed = requests.Session(), 0, 0

    def kill(self) -> None:
        self.process.kill()
        self.session.close()
        self.process.communicate()

    def changes(self) -> int:
        """How many requests that are no GET it was asked since it was told to forget, or started."""
        log = self.session.get(f"{self.origin}/_sandbox/requests", params={"since": self.seen}, timeout=60).json()
        entries: list[dict[str, Any]] = log
        self.seen = max([self.seen, *(entry["id"] for entry in entries)])
        self.changed += sum(entry["method"] != "GET" for entry in entries)
        return self.changed

    def forget(self) -> None:
        self.changes()
        self.changed = 0

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = requests.get(f"{self.origin}/_sandbox/state", timeout=60).json()
        return state

    def call(self, method: str, path: str, body: Any = None) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.request(method, f"{self.origin}/api/v1{path}", json=body, headers=headers, timeout=60)
        assert answer.status_code == 204, answer.text


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[PanelProcess]:
    panel = PanelProcess(tmp_path / "panel.db")
    yield panel
    panel.kill()


@pytest.fixture
def stack(panel: PanelProcess, new_stack: NewStack) -> Stack:
    stack = new_stack(PROGRAM, environment={"VIRTFUSION_ENDPOINT": panel.origin, "VIRTFUSION_TOKEN": TOKEN})
    (stack.project / "memory").write_text("1024")
    return stack


Interruption = Callable[["subprocess.Popen[str]", PanelProcess], None]


def interrupted_once(cli: subprocess.Popen[str], _: PanelProcess) -> None:
    cli.send_signal(signal.SIGINT)


def interrupted_twice(cli: subprocess.Popen[str], _: PanelProcess) -> None:
    cli.send_signal(signal.SIGINT)
    time.sleep(0.3)
    with suppress(ProcessLookupError):
        cli.send_signal(signal.SIGINT)


def terminated(cli: subprocess.Popen[str], _: PanelProcess) -> None:
    cli.terminate()


def cli_killed(cli: subprocess.Popen[str], _: PanelProcess) -> None:
    cli.kill()


def provider_killed(cli: subprocess.Popen[str], _: PanelProcess) -> None:
    for pid in hosts_of(cli):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def panel_killed(_: subprocess.Popen[str], panel: PanelProcess) -> None:
    panel.kill()
    panel.start()


def hosts_of(cli: subprocess.Popen[str]) -> list[int]:
    """Provider hosts in the process group that a CLI leads."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
                if b"pulumi.dynamic" in arguments and os.getpgid(int(entry.name)) == cli.pid:
                    found.append(int(entry.name))
    return found


def cut_short(stack: Stack, panel: PanelProcess, at: int, interrupt: Interruption, *command: str) -> None:
    """Runs a command and interrupts it at that many changes at the panel, unless it is over before."""
    panel.forget()
    cli = stack.start(*command, "--yes", "--skip-preview")
    try:
        while cli.poll() is None and panel.changes() < at:
            time.sleep(0.05)
        interrupt(cli, panel)
        printed = "".join(cli.communicate(timeout=240))
        assert TOKEN not in printed
        # A provider ends by itself soon after its engine, also when nobody told it to.
        deadline = time.monotonic() + 60
        while hosts_of(cli):
            assert time.monotonic() < deadline, "a provider host outlives its engine"
            time.sleep(0.1)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(cli.pid, signal.SIGKILL)


def recover(stack: Stack, panel: PanelProcess, *, graceful: bool) -> None:
    """What the README says to do; a run that could end itself leaves nothing to do but the same command again."""
    if not graceful:  # without a lock it has nothing to do, and says so
        subprocess.run([pulumi_cli(), "cancel", "--yes"], cwd=stack.project, env=stack.environment, capture_output=True)
    command = [sys.executable, "-m", "pulumi_virtfusion", "orphans"]
    found = subprocess.run(command, cwd=stack.project, env=stack.environment, capture_output=True, text=True)
    assert found.returncode in ((0,) if graceful else (0, 1)), found.stdout + found.stderr
    calls = re.findall(r"^  or delete it: (\w+) (/\S+)(?: (.*))?$", found.stdout, re.MULTILINE)
    for method, path, body in calls:
        panel.call(method, path, json.loads(body) if body else None)
    if not graceful:
        stack.refresh("--clear-pending-creates")


def held(stack: Stack) -> Counter[str]:
    return Counter(one["type"].rpartition(":")[2] for one in stack.resources().values())


def at_panel(panel: PanelProcess) -> Counter[str]:
    """The same, counted at the panel; an installed server counts as a build."""
    state = panel.state()
    nics = [server["network"]["interfaces"][0] for server in state["servers"]]
    found = {
        "User": len(state["users"]) - 1,
        "SshKey": len(state["ssh_keys"]),
        "Server": len(state["servers"]),
        "ServerBuild": sum(server["state"] == "complete" for server in state["servers"]),
        "NetworkWhitelistEntry": sum(len(nic["ipWhitelist"]) for nic in nics),
        "TrafficBlock": len(state["traffic_blocks"]),
        "addresses": len(state["addresses"]),
    }
    return Counter({kind: count for kind, count in found.items() if count})


WHOLE = {"User": 2, "SshKey": 1, "Server": 5, "ServerBuild": 3, "NetworkWhitelistEntry": 5, "TrafficBlock": 3}


@pytest.mark.parametrize(
    "interrupt", [interrupted_once, interrupted_twice, terminated, cli_killed, provider_killed, panel_killed]
)
def test_after_the_documented_recovery_nothing_is_lost_or_doubled(
    stack: Stack, panel: PanelProcess, interrupt: Interruption
) -> None:
    seed = os.environ.get("INTERRUPTION_SEED") or str(random.randrange(10_000))
    print(f"INTERRUPTION_SEED={seed}")
    moments = random.Random(f"{seed} {interrupt.__name__}")
    graceful = interrupt in (interrupted_once, terminated)

    cut_short(stack, panel, moments.randint(1, CHANGES), interrupt, "up")
    recover(stack, panel, graceful=graceful)
    stack.up("--skip-preview")
    assert held(stack) == {**WHOLE, "ServerIpv4Addresses": 2}
    assert at_panel(panel) == {**WHOLE, "addresses": 5 + 2}
    if graceful:  # the engine ends as it always does: an update and a destroy would tell nothing new
        return

    (stack.project / "memory").write_text("2048")
    cut_short(stack, panel, moments.randint(1, CHANGES // 4), interrupt, "up")
    recover(stack, panel, graceful=graceful)
    stack.up("--skip-preview")
    assert held(stack) == {**WHOLE, "ServerIpv4Addresses": 2}
    assert at_panel(panel) == {**WHOLE, "addresses": 5 + 4}
    assert {server["settings"]["resources"]["memory"] for server in panel.state()["servers"]} == {2048}
    stack.preview("--expect-no-changes")

    cut_short(stack, panel, moments.randint(1, CHANGES // 2), interrupt, "destroy")
    recover(stack, panel, graceful=graceful)
    stack.destroy("--skip-preview")
    assert held(stack) == Counter()
    assert at_panel(panel) == Counter()
