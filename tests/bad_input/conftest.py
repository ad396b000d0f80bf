"""The panel, and the provider host of a program on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lifecycle.life import Life
from tests.lifecycle.panel_fixture import Panel, running_panel
from tests.provider_host import ProviderHosts


@pytest.fixture(scope="session")
def panel_of_all() -> Iterator[Panel]:
    with running_panel() as panel:
        yield panel


@pytest.fixture
def panel(panel_of_all: Panel) -> Panel:
    """A panel that nobody changes here, its log of requests empty."""
    panel_of_all.forget()
    return panel_of_all


@pytest.fixture
def life(provider_hosts: ProviderHosts, panel: Panel) -> Life:
    return Life(provider_hosts, panel)
