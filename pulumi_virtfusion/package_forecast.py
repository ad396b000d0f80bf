"""What a package gives, as the plans of a run see it: asked for once a package, and not once a server."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

from .serial import one_at_a_time

if TYPE_CHECKING:
    from .api import VirtFusion
    from .api.records import Package

FRESH = 10.0
"""Seconds; the engine plans hundreds of servers in that time, one after the other."""


def package_of(panel: VirtFusion, package_id: int) -> Package:
    """The package, read within the last ten seconds; raises `NotFound` (`GET /packages/{packageId}`)."""
    read = _read(panel)
    with one_at_a_time("package", panel, package_id):
        at, package = read.get(package_id, (0.0, None))
        if package is None or time.monotonic() - at > FRESH:
            package = panel.packages.get(package_id)
            read[package_id] = (time.monotonic(), package)
    return package


@cache
def _read(_panel: VirtFusion) -> dict[int, tuple[float, Package]]:
    """What was read from a panel, and when."""
    return {}
