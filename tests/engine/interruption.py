"""Ways to cut a run short, and a panel that survives them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests

from tests.stack import Stack

TOKEN = "marked-token-91c4d0"


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


HOSTS = {b"pulumi.dynamic", b"pulumi_virtfusion.providers.native.plugin"}
"""The modules that the processes of providers run."""
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
    """Provider hosts in the session that a CLI leads; the engine gives them process groups of their own."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
                if HOSTS.intersection(arguments) and os.getsid(int(entry.name)) == cli.pid:
                    found.append(int(entry.name))
    return found


def cut_short(
    stack: Stack, panel: PanelProcess, at: int, interrupt: Interruption, *command: str
) -> subprocess.Popen[str]:
    """Runs a command and interrupts it at that many changes at the panel, unless it is over before.

    Its provider may still be running afterwards: it ends by itself, soon after its engine.
    """
    panel.forget()
    cli = stack.start(*command, "--yes", "--skip-preview")
    try:
        while cli.poll() is None and panel.changes() < at:
            time.sleep(0.02)
        interrupt(cli, panel)
        printed = "".join(cli.communicate(timeout=240))
        assert TOKEN not in printed
    except BaseException:
        with suppress(ProcessLookupError):
            os.killpg(cli.pid, signal.SIGKILL)
        raise
    return cli
