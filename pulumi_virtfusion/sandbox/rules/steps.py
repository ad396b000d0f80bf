"""Every step of background work, by its name in the queue."""

from __future__ import annotations

from ..panel.panel import Panel
from . import builds, deletion, jobs, power

STEPS: dict[str, jobs.Step] = {
    "start_build": builds.start,
    "number_ipv6": builds.number_ipv6,
    "end_build": builds.end,
    "power": power.carry_out,
    "password": power.set_password,
    "delete": deletion.remove,
}


def advance(panel: Panel) -> None:
    """Let the background work catch up with the clock."""
    jobs.advance(panel, STEPS)
