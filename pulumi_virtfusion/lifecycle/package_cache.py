"""What a package gives, as the plans of a run see it: asked for once a package, and not once a server."""

from __future__ import annotations

import time
from copy import copy
from functools import cache
from typing import TYPE_CHECKING

from ..api.errors import VirtFusionError
from .concurrency import one_at_a_time

if TYPE_CHECKING:
    from ..api import VirtFusion
    from ..api.records import Package

ASKED_AGAIN = 10.0
"""Seconds until a package that could not be read is asked for again; hundreds of servers are planned in that time."""


def package_of(panel: VirtFusion, package_id: int) -> Package:
    """The package, read once by this process, which lives as long as the run (`GET /packages/{packageId}`)."""
    with one_at_a_time("package", panel, package_id):
        packages, failures = _packages(panel), _failures(panel)
        if package_id in packages:
            return packages[package_id]
        at, error = failures.get(package_id, (0.0, None))
        if error is not None and time.monotonic() - at < ASKED_AGAIN:
            raise copy(error)  # the same one, raised by many threads, would gather all their tracebacks
        try:
            packages[package_id] = panel.packages.get(package_id)
        except VirtFusionError as failure:
            failures[package_id] = (time.monotonic(), failure)
            raise
        return packages[package_id]


@cache
def _packages(_panel: VirtFusion) -> dict[int, Package]:
    return {}


@cache
def _failures(_panel: VirtFusion) -> dict[int, tuple[float, VirtFusionError]]:
    """Why a package could not be read, and when."""
    return {}
