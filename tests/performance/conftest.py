"""A panel and a provider host that only these tests use: what either did for another test would be counted here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pulumi_virtfusion.api import VirtFusion
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel, running_panel
from tests.provider_host import ProviderHosts


@pytest.fixture(scope="session")
def counted_panel() -> Iterator[Panel]:
    with running_panel() as panel:
        yield panel


@pytest.fixture
def panel(counted_panel: Panel) -> Panel:
    """The panel with its seed and an empty log of requests; what it does in the background is done at once."""
    counted_panel.start_over()
    counted_panel.build_takes(0)
    return counted_panel


@pytest.fixture
def life(provider_hosts: ProviderHosts, panel: Panel) -> Life:
    """Makes resources."""
    return Life(provider_hosts, panel)


@pytest.fixture
def new_process(panel: Panel) -> Iterator[Life]:
    """A process of its own, which has read nothing yet."""
    hosts = ProviderHosts()
    yield Life(hosts, panel)
    hosts.close()


@pytest.fixture
def client(panel: Panel) -> VirtFusion:
    """A client that has asked nothing yet."""
    return VirtFusion(panel.url, panel.token)


@pytest.fixture
def servers(life: Life, panel: Panel) -> list[LivingResource]:
    """Three servers of package 1; not in the log. With a name, none looks as if a lost creation had made it."""
    arguments = {"package_id": 1, "user_id": 1, "hypervisor_group_id": 1, "ipv4": 1}
    made = [life("Server", f"web-{n}", **arguments, name=f"web-{n}").create() for n in range(3)]
    panel.forget()
    return made
