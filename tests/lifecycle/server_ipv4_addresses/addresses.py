"""Addresses of the tests, and what the panel says of a server's."""

from __future__ import annotations

from tests.lifecycle.life import LivingResource
from tests.lifecycle.panel_fixture import Panel

A, B, C, D = (f"198.51.100.{last}" for last in (50, 51, 52, 53))
ADDRESSES = "network.interfaces.0.ipv4"


def held(panel: Panel, server: LivingResource, interface: str = "primary") -> list[str]:
    """What the server has, in the panel's order."""
    rows = [row for row in panel.all("addresses") if row["serverId"] == int(server.id)]
    return [row["address"] for row in rows if row["interface"] == interface]


def primary(server: LivingResource) -> str:
    return str(server["primary_ipv4"])
