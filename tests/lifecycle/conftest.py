"""What every lifecycle test starts from: a fresh panel, and resources that live on it through the real provider host.

One panel and one host serve all tests of a worker; the panel starts over before each test.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.config import environment_variable
from tests.doors import DOORS
from tests.doors import through_both_in_check as pytest_generate_tests  # noqa: F401
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel, running_panel
from tests.provider_host import ProviderHosts


@pytest.fixture(scope="session")
def workers_panel() -> Iterator[Panel]:
    """The panel of this worker."""
    with running_panel() as panel:
        yield panel


@pytest.fixture
def panel(workers_panel: Panel) -> Panel:
    """The panel with nothing but its seed `demo`: an administrator (1), packages 1-6, groups 1 and 2, templates 1-9."""
    workers_panel.start_over()
    return workers_panel


@pytest.fixture
def client(panel: Panel) -> VirtFusion:
    """A person, or billing, who does things at the panel behind everybody's back."""
    return VirtFusion(panel.url, panel.token)


@pytest.fixture
def life(provider_hosts: ProviderHosts, panel: Panel, door: str, monkeypatch: pytest.MonkeyPatch) -> Life:
    """Makes resources: `life("User", name="Ada", email="ada@example.com").create()`."""
    monkeypatch.setenv(environment_variable("door"), door)  # what a test declares as a program does takes the same one
    return Life(provider_hosts, panel)


@pytest.fixture
def another_run(life: Life) -> Life:
    """Another process, which has read and made nothing of this test yet; it serves all tests of the worker."""
    return life.with_settings(max_concurrency="8")


@pytest.fixture
def new_process(panel: Panel, door: str) -> Iterator[Life]:
    """A process that has never read anything; it takes half a second.

    For objects that two tests call the same, such as a pack of relation 1001, and for what a process learns of a panel.
    """
    hosts = ProviderHosts(DOORS[door])
    yield Life(hosts, panel)
    hosts.close()


@pytest.fixture
def owner(life: Life, panel: Panel) -> LivingResource:
    """A user, `ext_relation_id` 42, that can own servers, keys and packs; not in the log of requests."""
    user = life("User", "owner", name="Ada Lovelace", email="ada@example.com", ext_relation_id=42).create()
    panel.forget()
    return user


@pytest.fixture
def server(life: Life, panel: Panel, owner: LivingResource) -> LivingResource:
    """A server of `owner` with package 1 (1024 MB, 1 core, 10 GB, 200 GB traffic) in group 1; not in the log."""
    made = life("Server", "server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1).create()
    panel.forget()
    return made
