"""`virtfusion doctor`: what is wrong between here and the panel, and how to mend it."""

from __future__ import annotations

import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ._terminal import say

if TYPE_CHECKING:
    from ..api import VirtFusion

GOOD, BAD = "ok", "BAD"
PATIENCE = 60
"""Seconds for all of it: a person waits."""


def command(
    stack: Annotated[
        str | None, typer.Option(help="Look with the configuration of this stack of this folder, not the environment.")
    ] = None,
) -> None:
    """Checks address, token, the token's scopes and the versions at hand; exits with 1 when something is wrong.

    Sends nothing but GETs. Which panel: VIRTFUSION_ENDPOINT and VIRTFUSION_TOKEN, or the stack's configuration.
    """
    from ..config import NotConfigured, Settings
    from ..recovery.pulumi_cli import NoState, configuration

    say(f"Python {platform.python_version()}, Pulumi CLI {_cli_version()}")
    say(", ".join(f"{name} {_version(name)}" for name in ("pulumi", "pydantic", "requests")))
    try:
        values = {} if stack is None else configuration(stack)
        keys = _checked_keys(values)
        settings = Settings.read(lambda key: values.get(key, {}).get("value"))
        panel = settings.panel()
    except (NotConfigured, NoState) as error:
        say(f"{BAD}  {error}")
        raise typer.Exit(1) from None
    say(f"panel {settings.endpoint}")
    with panel.time_limit(PATIENCE):
        # Without a connection or with a token that is no token, every other answer would be the same.
        reached = _checked("connection and token", panel.connect)
        well = [keys, reached]
        if reached:
            well += [_checked(area, ask) for area, ask in _questions(panel)]
    if not all(well):
        raise typer.Exit(1)


def _checked_keys(values: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the keys of a stack's configuration are what they seem, and the token is a secret."""
    from ..config import PLAIN_TOKEN, config_key, misspelt

    wrong = misspelt(values)
    if token := values.get(config_key("token")):
        wrong += [] if token.get("secret") else [PLAIN_TOKEN]
    for sentence in wrong:
        say(f"{BAD}  {sentence}")
    return not wrong


def _questions(panel: VirtFusion) -> Iterator[tuple[str, Callable[[], object]]]:
    """One cheap GET in each area that a token's scope can leave out."""
    yield "packages", panel.packages.list
    yield "hypervisor groups", lambda: next(iter(panel.hypervisor_groups.list()), None)
    yield "hypervisors", lambda: next(iter(panel.hypervisors.list()), None)
    yield "servers", lambda: next(iter(panel.servers.list()), None)
    yield "users", lambda: _of_somebody(lambda: panel.users.get(1))
    yield "SSH keys", lambda: _of_somebody(lambda: panel.ssh_keys.list_of_user(1))
    yield "IP blocks", lambda: next(iter(panel.ip_blocks.list()), None)
    yield "self-service", panel.self_service.get_currencies


def _of_somebody(ask: Callable[[], object]) -> None:
    from ..api.errors import NotFound

    with suppress(NotFound):  # that nobody is there is an answer too
        ask()


def _checked(area: str, ask: Callable[[], object]) -> bool:
    from ..api.errors import VirtFusionError

    started = time.monotonic()
    try:
        ask()
    except VirtFusionError as error:
        say(f"{BAD}  {area}: {error}")
        return False
    say(f"{GOOD}   {area} ({(time.monotonic() - started) * 1000:.0f} ms)")
    return True


def _cli_version() -> str:
    try:
        done = subprocess.run(["pulumi", "version"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "is not on PATH"
    return done.stdout.strip() or "does not tell its version"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "is not installed"
