"""Two resources on the primary interface of one server, and the lines of their requests."""

from __future__ import annotations

import pytest

from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.lifecycle.server_ipv4_addresses.addresses import A, B


@pytest.fixture
def look(server: LivingResource) -> str:
    return f"GET /servers/{server.id}?remoteState=false"


@pytest.fixture
def add(server: LivingResource) -> str:
    return f"POST /servers/{server.id}/ipv4"


@pytest.fixture
def add_some(server: LivingResource) -> str:
    return f"POST /servers/{server.id}/ipv4Qty"


@pytest.fixture
def remove(server: LivingResource) -> str:
    return f"DELETE /servers/{server.id}/ipv4"


@pytest.fixture
def named(life: Life, server: LivingResource, panel: Panel) -> LivingResource:
    """A and B by name."""
    made = life("ServerIpv4Addresses", "named", server_id=server.id, interface="primary", addresses=[A, B]).create()
    panel.forget()
    return made


@pytest.fixture
def counted(life: Life, server: LivingResource, panel: Panel) -> LivingResource:
    """Two of the panel's choice."""
    made = life("ServerIpv4Addresses", "counted", server_id=server.id, interface="primary", quantity=2).create()
    panel.forget()
    return made
