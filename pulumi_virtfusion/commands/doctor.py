"""`virtfusion doctor`: what is wrong between here and the panel, and how to mend it."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ..api import VirtFusion

GOOD, BAD = "ok", "BAD"


def command() -> None:
    """Checks address, token, the token's scopes and the versions at hand; exits with 1 when something is wrong.

    Sends nothing but GETs. Which panel: VIRTFUSION_ENDPOINT and VIRTFUSION_TOKEN.
    """
    from ..config import NotConfigured, Settings

    for name in ("pulumi", "pydantic", "requests"):
        typer.echo(f"{name} {_version(name)}")
    typer.echo(f"Python {platform.python_version()}")
    try:
        settings = Settings.of_environment()
        panel = settings.panel()
    except NotConfigured as error:
        typer.echo(f"{BAD}  {error}")
        raise typer.Exit(1) from None
    typer.echo(f"panel {settings.endpoint}")
    answered = [_checked(area, ask) for area, ask in _questions(panel)]
    if not all(answered):
        raise typer.Exit(1)


def _questions(panel: VirtFusion) -> Iterator[tuple[str, Callable[[], object]]]:
    """One cheap GET in each area that a token's scope can leave out."""
    yield "connection and token", panel.connect
    yield "packages", panel.packages.list
    yield "hypervisor groups", lambda: next(iter(panel.hypervisor_groups.list()), None)
    yield "hypervisors", lambda: next(iter(panel.hypervisors.list()), None)
    yield "servers", lambda: next(iter(panel.servers.list()), None)
    yield "IP blocks", lambda: next(iter(panel.ip_blocks.list()), None)
    yield "self-service", panel.self_service.get_currencies


def _checked(area: str, ask: Callable[[], object]) -> bool:
    from ..api.errors import VirtFusionError

    started = time.monotonic()
    try:
        ask()
    except VirtFusionError as error:
        typer.echo(f"{BAD}  {area}: {error}")
        return False
    typer.echo(f"{GOOD}   {area} ({(time.monotonic() - started) * 1000:.0f} ms)")
    return True


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "is not installed"
