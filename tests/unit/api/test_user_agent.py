"""The User-Agent says which command and run a request belongs to, and nothing that the command was given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_virtfusion import config
from pulumi_virtfusion.api.http import user_agent as module
from pulumi_virtfusion.api.http.user_agent import user_agent
from pulumi_virtfusion.config import Settings
from pulumi_virtfusion.sandbox import running
from pulumi_virtfusion.version import VERSION

PRODUCT = f"pulumi-virtfusion/{VERSION}"


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    module._run.cache_clear()
    yield
    module._run.cache_clear()


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system on which this process's parent is 50, and nothing else is known yet."""
    monkeypatch.setattr(module, "PROC", tmp_path)
    monkeypatch.setattr(os, "getppid", lambda: 50)
    monkeypatch.delenv("PULUMI_LOG_OTLP_ENDPOINT", raising=False)
    return tmp_path


def process(proc: Path, number: int, parent: int, started: int, *arguments: str, name: str = "x") -> None:
    (proc / str(number)).mkdir()
    (proc / str(number) / "cmdline").write_bytes(b"".join(argument.encode() + b"\0" for argument in arguments))
    between = " ".join(["0"] * 17)
    (proc / str(number) / "stat").write_text(f"{number} ({name}) S {parent} {between} {started} 1 2 3\n")


def the_cli(proc: Path, *arguments: str, started: int = 777) -> None:
    process(proc, 50, 40, 800, "/bin/sh", "/opt/pulumi-resource-pulumi-python", "127.0.0.1:1", name="a) b (c")
    process(proc, 40, 1, started, *arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pulumi", "up", "--yes"), "pulumi up"),
        (("/opt/bin/pulumi", "-C", "dir", "preview", "--refresh"), "pulumi preview"),
        (("pulumi.exe", "--color", "never", "down"), "pulumi destroy"),
        (("pulumi", "pre"), "pulumi preview"),
        (("pulumi", "refresh", "--config", "virtfusion:token=hunter2"), "pulumi refresh"),
        (("pulumi", "hunter2"), "pulumi"),
    ],
)
def test_the_cli_s_command_is_named_and_none_of_its_arguments(
    proc: Path, arguments: tuple[str, ...], said: str
) -> None:
    the_cli(proc, *arguments)
    agent = user_agent("provider")
    assert agent.startswith(f"{PRODUCT} ({said}; provider; run ")
    assert "hunter2" not in agent


def test_all_processes_of_one_run_name_the_same_run_and_those_of_another_do_not(proc: Path) -> None:
    the_cli(proc, "pulumi", "up")
    first = user_agent("provider").rpartition("run ")[2]
    assert user_agent("program", "preview") == f"{PRODUCT} (pulumi up; program preview; run {first}"
    module._run.cache_clear()
    (proc / "40" / "stat").write_text((proc / "40" / "stat").read_text().replace("777", "778"))
    assert user_agent("provider").rpartition("run ")[2] != first


def test_without_the_system_s_help_the_run_is_named_by_what_the_cli_gives_all_its_processes(
    proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert proc.exists()
    alone = user_agent("provider")
    module._run.cache_clear()
    monkeypatch.setenv("PULUMI_LOG_OTLP_ENDPOINT", "localhost:45707")
    shared = user_agent("provider")
    assert shared.startswith(f"{PRODUCT} (provider; run ")
    assert alone.startswith(f"{PRODUCT} (provider; run ")
    assert shared != alone
    assert "45707" not in shared


@pytest.mark.parametrize("stat", ["", "50 (x) S", "50 (x) S one 0 0", "no brackets at all"])
def test_a_process_that_cannot_be_read_is_no_obstacle(proc: Path, stat: str) -> None:
    process(proc, 50, 40, 1, "python")
    (proc / "50" / "stat").write_text(stat)
    assert user_agent("provider").startswith(f"{PRODUCT} (provider; run ")


def test_processes_that_name_each_other_as_parents_are_no_obstacle(proc: Path) -> None:
    process(proc, 50, 40, 1, "python")
    process(proc, 40, 50, 1, "python")
    assert user_agent("program").startswith(f"{PRODUCT} (program; run ")


def test_a_command_of_ours_is_its_own_run(proc: Path) -> None:
    the_cli(proc, "pulumi", "up")
    agent = user_agent("command orphans")
    assert agent.startswith(f"{PRODUCT} (virtfusion orphans; run ")
    assert agent == user_agent("command orphans")
    assert agent.rpartition("run ")[2] != user_agent("provider").rpartition("run ")[2]


def test_a_panel_hears_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as panel:
        monkeypatch.setattr(config, "_sender", ("command doctor", None))
        settings = {"virtfusion:endpoint": panel.url, "virtfusion:token": panel.token}
        Settings.read(settings.get, {}).panel().connect()
        assert panel.requests()[0]["agent"] == user_agent("command doctor")
