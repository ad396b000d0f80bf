"""The example of a shop that has one stack a customer: its web service on the real engine, with two at once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import TOKEN
from tests.stack import PASSPHRASE, ROOT, child_environment, heed_interrupts

PATIENCE = 300


class Shop:
    """The service as a process of its own, and where its stacks are."""

    def __init__(self, folder: Path, panel: RunningPanel, pulumi_home: Path) -> None:
        self.states, self.log = folder / "states", folder / "log"
        self.states.mkdir()
        self.port = free_port()
        self.environment = child_environment(
            PORT=str(self.port),
            PULUMI_HOME=str(pulumi_home),
            PULUMI_BACKEND_URL=f"file://{self.states}",
            PULUMI_CONFIG_PASSPHRASE=PASSPHRASE,
            PULUMI_SKIP_UPDATE_CHECK="true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION="true",
            VIRTFUSION_ENDPOINT=panel.origin,
            VIRTFUSION_TOKEN=panel.token,
        )
        self.open()

    def open(self) -> None:
        heed_interrupts()
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "examples.automation"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def kill(self) -> None:
        """The service and every Pulumi that it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)

    def ask(self, method: str, customer: str, body: Any = None) -> tuple[int, Any]:
        url = f"http://127.0.0.1:{self.port}/customers/{customer}"
        answer = requests.request(method, url, json=body, timeout=PATIENCE)
        return answer.status_code, answer.json() if answer.content else None

    def order(self, customer: str, package: str) -> tuple[int, Any]:
        return self.ask("PUT", customer, {"email": f"{customer}@example.com", "package": package})

    def texts(self) -> list[str]:
        """Everything that the service has written."""
        files = [*self.states.rglob("*"), self.log]
        return [file.read_text(errors="replace") for file in files if file.is_file()]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def shop(panel: RunningPanel, pulumi_home: Path, tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, panel, pulumi_home)
    yield shop
    shop.kill()


def servers(panel: RunningPanel) -> dict[str, dict[str, Any]]:
    return {server["name"]: server for server in panel.state()["servers"]}


def test_customers_come_change_and_go_at_once(shop: Shop, panel: RunningPanel) -> None:
    with ThreadPoolExecutor() as people:
        ada, bob = people.map(shop.order, ("ada", "bob"), ("Small", "Medium"))
    assert (ada[0], bob[0]) == (200, 200), (ada, bob, shop.log.read_text())
    made = servers(panel)
    assert {name: server["state"] for name, server in made.items()} == {"ada": "complete", "bob": "complete"}
    addresses = {one["serverId"]: one["address"] for one in panel.state()["addresses"]}
    for name, (_, answer) in (("ada", ada), ("bob", bob)):
        assert (answer["server"], answer["address"]) == (made[name]["id"], addresses[made[name]["id"]])
    assert shop.ask("GET", "bob") == bob
    client = VirtFusion(panel.origin, panel.token)
    records = {name: client.servers.get(one["id"]) for name, one in made.items()}
    assert [client.users.get(f"shop-{name}").user_id for name in made] == [one["ownerId"] for one in made.values()]

    # A package is upgraded and another customer leaves, at once; the same order once more changes nothing.
    panel.clear_requests()
    with ThreadPoolExecutor() as people:
        upgraded = people.submit(shop.order, "ada", "Medium")
        removed = people.submit(shop.ask, "DELETE", "bob")
    assert (upgraded.result()[0], removed.result()) == (200, (204, None)), shop.log.read_text()
    assert list(servers(panel)) == ["ada"]
    now = client.servers.get(made["ada"]["id"])
    assert (now.memory, now.built) == (records["bob"].memory, records["ada"].built)
    assert records["ada"].memory != records["bob"].memory
    assert upgraded.result()[1]["package"] == "Medium"
    assert shop.ask("GET", "bob") == (404, {"error": "there is no such customer"})
    panel.clear_requests()
    assert shop.order("ada", "Medium") == upgraded.result()
    assert {request["method"] for request in panel.requests()} <= {"GET"}
    assert [text for text in shop.texts() if TOKEN in text] == []


def test_a_refusal_is_the_operators_to_read(shop: Shop, panel: RunningPanel) -> None:
    for customer, body in (
        ("ada", {"package": "Small"}),
        ("ada", [1]),
        ("-x", {"email": "a@b.de", "package": "Small"}),
    ):
        assert shop.ask("PUT", customer, body)[0] == 400
    assert panel.requests() == []
    code, answer = shop.order("ada", "Huge")
    assert (code, answer) == (502, {"error": "it did not work out; the shop has been told why"})
    assert "Huge" in shop.log.read_text()
    assert panel.state()["servers"] == []
    assert shop.order("ada", "Small")[0] == 200
    assert servers(panel)["ada"]["state"] == "complete"
    assert [text for text in shop.texts() if TOKEN in text] == []


def test_a_service_that_was_killed_goes_on_after_a_recovery(shop: Shop, panel: RunningPanel, tmp_path: Path) -> None:
    with ThreadPoolExecutor() as people:
        cut_short = people.submit(shop.order, "ada", "Small")
        until = time.monotonic() + PATIENCE
        while not panel.state()["servers"] and time.monotonic() < until:
            time.sleep(0.02)
        shop.kill()
        with suppress(requests.ConnectionError):
            assert cut_short.result()[0] != 200
    (folder := tmp_path / "recovery").mkdir()
    (folder / "Pulumi.yaml").write_text("name: customers\nruntime: python\n")
    command = [sys.executable, "-m", "pulumi_virtfusion", "recover", "--stack", "ada", "--yes"]
    done = subprocess.run(
        command, cwd=folder, env=shop.environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shop.open()
    code, answer = shop.order("ada", "Small")
    assert code == 200, shop.log.read_text()
    assert [server["id"] for server in panel.state()["servers"]] == [answer["server"]]
