"""The objects of a fresh panel, by profile: `demo`, `empty`, `large`."""

from __future__ import annotations

from collections.abc import Callable

from ..panel.panel import Panel
from ..panel.store import Document
from .goods import offer
from .hosts import STAMPS, add_blocks, group, hypervisor


def seed(panel: Panel, profile: str) -> None:
    """Replace all objects by the profile's; raise KeyError for an unknown profile."""
    fill = PROFILES[profile]
    panel.store.clear()
    panel.addresses.clear()
    fill(panel)
    panel.store.set_fact("profile", profile)


def _empty(panel: Panel) -> None:
    """Seed an administrator, and no hypervisor."""
    panel.store.load("users", [_administrator()])


def _demo(panel: Panel) -> None:
    """Seed two groups, three hypervisors, a few hundred addresses, and one of each kind that must exist."""
    _empty(panel)
    offer(panel)
    panel.store.load("hypervisor_groups", [group(1, "Default", 5), group(2, "Storage", 13)])
    hosts = [
        hypervisor(1, 1, 65_536, 64, 2_000),
        hypervisor(2, 1, 65_536, 64, 2_000),
        hypervisor(3, 2, 131_072, 96, 4_000),
    ]
    panel.store.load("hypervisors", hosts)
    add_blocks(panel, {1: ("198.51.100.0/24", [1, 2]), 2: ("203.0.113.0/24", [3])}, [1, 2, 3])


def _large(panel: Panel) -> None:
    """Seed room for thousands of servers: no limit on the hypervisors, 32 thousand addresses."""
    _empty(panel)
    offer(panel)
    panel.store.load("hypervisor_groups", [group(1, "Default", 5), group(2, "Storage", 13)])
    panel.store.load("hypervisors", [hypervisor(id_, 1 if id_ <= 4 else 2, 0, 0, 0) for id_ in range(1, 9)])
    add_blocks(panel, {1: ("10.64.0.0/18", [1, 2, 3, 4]), 2: ("10.65.0.0/18", [5, 6, 7, 8])}, list(range(1, 9)))


PROFILES: dict[str, Callable[[Panel], None]] = {"demo": _demo, "empty": _empty, "large": _large}


def _administrator() -> Document:
    return {
        "id": 1,
        "admin": True,
        "extRelationId": 1,
        "selfService": 0,
        "selfServiceHourlyGroupProfiles": [],
        "selfServiceResourceGroupProfiles": [],
        "selfServiceHourlyResourcePack": None,
        "name": "Administrator",
        "email": "admin@example.com",
        "timezone": "Europe/London",
        "suspended": False,
        "twoFactorAuth": False,
        **STAMPS,
        "hidden": {"relStr": None, "selfServiceHourlyCredit": False},
    }
