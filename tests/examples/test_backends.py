"""States in a bucket and in PostgreSQL: runs, an interrupted one, and the commands of docs/ci.md on each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program
from tests.engine.panel_stack import PanelStack
from tests.examples import backend_servers

PATIENCE = 120
PROGRAM = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
for number in range(8):
    web = virtfusion.Server(f"web-{number}", package_id=1, user_id=ada.user_id, hypervisor_group_id=1)
    virtfusion.ServerBuild(f"web-{number}", server_id=web.id, operating_system_id=1)
pulumi.export("password", ada.password)
"""
RESOURCES = 1 + 1 + 8 * 2


@pytest.fixture(params=[backend_servers.bucket, backend_servers.postgresql], ids=["bucket", "postgresql"])
def backend(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    serve: Callable[[], AbstractContextManager[dict[str, str]]] = request.param
    with serve() as environment:
        yield environment


@pytest.fixture
def stack(backend: dict[str, str], program: Program, panel: RunningPanel) -> PanelStack:
    settings = {"VIRTFUSION_ENDPOINT": panel.origin, "VIRTFUSION_TOKEN": panel.token}
    return program(PROGRAM, environment={**settings, **backend})


def run(stack: PanelStack, *command: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pulumi_virtfusion", *command],
        cwd=stack.project,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE * 2,
    )
    assert stack.panel.token not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def killed(stack: PanelStack, is_time: Callable[[], bool]) -> None:
    """`up`, of which the machine is lost."""
    process = stack.start("up", "--yes", "--skip-preview")
    until = time.monotonic() + PATIENCE
    while not is_time() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_a_state_there_is_recovered_and_compared_like_any(stack: PanelStack, panel: RunningPanel) -> None:
    assert not list((stack.folder / "state").iterdir())
    killed(stack, lambda: len(panel.state()["servers"]) >= 2)
    assert "locked" in str(stack.up(fails=True))
    code, said = run(stack, "recover", "--yes")
    assert (code, "Unlocked and refreshed the stack." in said) in ((0, True), (1, True)), said
    code, said = run(stack, "recover", "--yes", "--unproven") if code else (code, said)
    assert code == 0, said
    stack.up()
    assert len(stack.export()["deployment"]["resources"]) == RESOURCES + _providers(stack)
    assert len(panel.state()["servers"]) == 8
    assert stack.preview_steps() == []
    assert run(stack, "orphans")[0] == 0

    client = VirtFusion(panel.origin, panel.token)
    ada = client.users.get(1001).user_id
    left = client.servers.create(package_id=1, user_id=ada, hypervisor_group_id=1)
    code, said = run(stack, "orphans")
    assert (code, f"server {left.server_id} (" in said) == (1, True), said
    client.servers.delete(left.server_id)
    panel.advance(60)
    assert len(stack.outputs()["password"]) >= 8
    stack.refresh("--expect-no-changes")
    stack.destroy()
    assert panel.state()["servers"] == []


def _providers(stack: PanelStack) -> int:
    resources: list[dict[str, Any]] = stack.export()["deployment"]["resources"]
    return sum(one["type"].startswith("pulumi:providers:") for one in resources)
