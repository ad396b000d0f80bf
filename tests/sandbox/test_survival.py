"""A real `virtfusion sandbox` process with `--data`: what it acknowledged outlives kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

TOKEN = "survivor"


@contextmanager
def process(data: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running command and its address; killed at the end if it still lives."""
    command = [sys.executable, "-m", "pulumi_virtfusion", "sandbox", "--port", "0", "--token", TOKEN]
    with subprocess.Popen([*command, "--data", str(data), *options], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        try:
            address = started.stdout.readline().strip()
            assert started.stdout.readline().strip() == TOKEN
            yield started, address
        finally:
            started.kill()


def ask(address: str, method: str, path: str, body: object = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json"}
    return requests.request(method, f"{address}/api/v1{path}", json=body, headers=headers, timeout=20)


def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    data = tmp_path / "panel.db"

    def create(address: str) -> None:
        body = {"packageId": 1, "userId": 1, "hypervisorId": 1}
        try:
            while True:
                answer = ask(address, "POST", "/servers", body)
                if answer.status_code != 201:
                    return
                acknowledged.append(answer.json()["data"]["id"])
        except requests.RequestException:
            return

    with process(data, "--seed-profile", "large") as (started, address):
        writers = [threading.Thread(target=create, args=(address,)) for _ in range(4)]
        for writer in writers:
            writer.start()
        while len(acknowledged) < 40:
            assert started.poll() is None
        os.kill(started.pid, signal.SIGKILL)
        for writer in writers:
            writer.join()
    with process(data) as (_, address):
        state = requests.get(f"{address}/_sandbox/state", timeout=20).json()
        kept = [server["id"] for server in state["servers"]]
        assert set(acknowledged) <= set(kept)
        # At most what each writer had under way was made without being acknowledged.
        assert len(kept) - len(acknowledged) <= len(writers)
        assert len({row["address"] for row in state["addresses"]}) == len(kept)


def test_a_build_goes_on_after_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "panel.db"
    with process(data, "--build-seconds", "3600") as (started, address):
        id_ = ask(address, "POST", "/servers", {"packageId": 1, "userId": 1, "hypervisorId": 1}).json()["data"]["id"]
        assert ask(address, "POST", f"/servers/{id_}/build", {"operatingSystemId": 1}).ok
        os.kill(started.pid, signal.SIGKILL)
        started.wait()
    with process(data) as (_, address):
        assert ask(address, "GET", f"/servers/{id_}").json()["data"]["state"] == "queued"
        assert requests.post(f"{address}/_sandbox/advance", json={"seconds": 3600}, timeout=20).status_code == 204
        assert ask(address, "GET", f"/servers/{id_}").json()["data"]["state"] == "complete"


@pytest.mark.parametrize(
    ("options", "complaint"), [(["--seed-profile", "nothing"], "demo, empty, large"), (["--port", "70000"], "--port")]
)
def test_wrong_options_are_explained(options: list[str], complaint: str) -> None:
    command = [sys.executable, "-m", "pulumi_virtfusion", "sandbox", *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_that_is_taken_is_explained(tmp_path: Path) -> None:
    with process(tmp_path / "panel.db") as (_, address):
        port = address.rpartition(":")[2]
        command = [sys.executable, "-m", "pulumi_virtfusion", "sandbox", "--port", port]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
