"""Fixtures of the whole tree: the real provider host, and stacks on the real CLI."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.doors import DOORS
from tests.provider_host import ProviderHosts
from tests.stack import Stack, heed_interrupts

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NewStack = Callable[..., Stack]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ENGINE = {"new_stack", "pulumi_home"}
"""Fixtures that start the CLI."""
EXAMPLES = Path(__file__).parent / "examples"


# The same examples every time, however busy the machine: what is random goes on in `make soak`.
settings.register_profile("tests", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


def pytest_configure() -> None:
    heed_interrupts()


def pytest_xdist_auto_num_workers() -> int:
    """Two a core for `-n auto`: a third of the tests' time is waiting for builds, pauses and time limits."""
    return 2 * len(os.sched_getaffinity(0))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start the real Pulumi CLI, which `make quick` leaves out, and the examples as long.

    The former come first, so that no worker is left with one of a minute at the end.
    """
    for item in items:
        if ENGINE.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("engine")
        if EXAMPLES in item.path.parents:
            item.add_marker("long")
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one module: while Playwright runs, no other test of its worker can run an event loop."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install 'pulumi-virtfusion[dev]'")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser on PATH, of {', '.join(BROWSERS)}: apt install chromium")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def door(request: pytest.FixtureRequest) -> str:
    """Through which provider a test goes; `tests/doors.py` lets a folder go through both."""
    return str(getattr(request, "param", "dynamic"))


@pytest.fixture(scope="session")
def provider_hosts(door: str) -> Iterator[ProviderHosts]:
    """Provider hosts of this worker, one a configuration: `provider_hosts.configured({"virtfusion:endpoint": ...})`."""
    hosts = ProviderHosts(DOORS[door])
    yield hosts
    hosts.close()


@pytest.fixture(scope="session")
def plugin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the executable, as `pip install` puts one into the virtual environment's `bin`."""
    folder = tmp_path_factory.mktemp("plug-in")
    executable = folder / "pulumi-resource-virtfusion"
    executable.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pulumi_virtfusion.providers.native.plugin "$@"\n')
    executable.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def pulumi_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CLI's own folder, one a worker, so that no user's plugins and logins take part."""
    return tmp_path_factory.mktemp("pulumi-home")


@pytest.fixture
def new_stack(tmp_path_factory: pytest.TempPathFactory, pulumi_home: Path) -> NewStack:
    """Makes a stack in a folder of its own: `new_stack(program, environment=...)`."""

    def new(program: str | Path, *, environment: Mapping[str, str] | None = None) -> Stack:
        return Stack(tmp_path_factory.mktemp("stack"), program, pulumi_home=pulumi_home, environment=environment)

    return new
