"""Whether a panel answers, and the areas of the API that the token covers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from ..api.errors import NotFound, VirtFusionError
from .finding import Finding

if TYPE_CHECKING:
    from ..api import VirtFusion


def reached(panel: VirtFusion) -> Finding:
    """Return a finding on address and token; with a bad one of these, no other GET gives more information."""
    return _asked("connection and token", panel.connect)


def areas(panel: VirtFusion) -> Iterator[Finding]:
    """Yield a finding on each area that a token's scope can exclude, from one cheap GET."""
    for area, ask in _questions(panel):
        yield _asked(area, ask)


def _questions(panel: VirtFusion) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "packages", panel.packages.list
    yield "hypervisor groups", lambda: next(iter(panel.hypervisor_groups.list()), None)
    yield "hypervisors", lambda: next(iter(panel.hypervisors.list()), None)
    yield "servers", lambda: next(iter(panel.servers.list()), None)
    yield "users", lambda: _of_somebody(lambda: panel.users.get(1))
    yield "SSH keys", lambda: _of_somebody(lambda: panel.ssh_keys.list_of_user(1))
    yield "IP blocks", lambda: next(iter(panel.ip_blocks.list()), None)
    yield "self-service", panel.self_service.get_currencies


def _of_somebody(ask: Callable[[], object]) -> None:
    with suppress(NotFound):  # a missing user is an answer too
        ask()


def _asked(area: str, ask: Callable[[], object]) -> Finding:
    started = time.monotonic()
    try:
        ask()
    except VirtFusionError as error:
        return Finding("panel", area, "BAD", str(error))
    return Finding("panel", area, "ok", milliseconds=round((time.monotonic() - started) * 1000))
