"""The packages that the plans of a run use: each is read once, not once a server."""

from __future__ import annotations

from copy import copy
from math import inf
from typing import TYPE_CHECKING

from ..api.errors import VirtFusionError
from .contract import Context

if TYPE_CHECKING:
    from ..api.records import Package

ASKED_AGAIN = 10.0
"""Seconds until a package is read again after an error; a run plans hundreds of servers in that time."""


def package_of(context: Context, package_id: int) -> Package:
    """Return the package, read once a run (`GET /packages/{packageId}`); an error is shared for ten seconds."""

    def ask() -> Package | VirtFusionError:
        try:
            return context.panel.packages.get(package_id)
        except VirtFusionError as failure:
            return failure

    seen = context.run.shared(("package", package_id), ask, fresh=inf)
    if isinstance(seen, VirtFusionError):
        seen = context.run.shared(("package", package_id), ask, fresh=ASKED_AGAIN)
    if isinstance(seen, VirtFusionError):
        raise copy(seen)  # one error object, raised by many threads, would gather all their tracebacks
    return seen
