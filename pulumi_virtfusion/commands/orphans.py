"""`virtfusion orphans`: what an interrupted run left at the panel."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def command(
    stack: Annotated[str | None, typer.Option(help="Stack of this folder; the selected one when left out.")] = None,
    state: Annotated[
        Path | None, typer.Option(help="What `pulumi stack export` printed, `-` for standard input.", allow_dash=True)
    ] = None,
    every_owner: Annotated[bool, typer.Option(help="Look at the servers of all users of the panel.")] = False,
) -> None:
    """Lists what the panel has and the stack's state does not; exits with 1 if there is any, 2 if it cannot tell.

    Looks at the servers and SSH keys of the users that the state knows, and at what is attached to its servers. Which
    panel: the stack's configuration, or with `--state` the environment (VIRTFUSION_ENDPOINT, VIRTFUSION_TOKEN).
    """
    from ..api.errors import VirtFusionError
    from ..config import NotConfigured, Settings
    from ..orphans import orphans
    from ..stack_state import NoState, StackState, configured, exported

    try:
        if state is None:
            held, settings = exported(stack), Settings.read(configured(stack))
        else:
            text = sys.stdin.read() if str(state) == "-" else state.read_text()
            held, settings = StackState.parse(text), Settings.of_environment()
        found = list(orphans(settings.panel(), held, every_owner=every_owner))
    except (NoState, NotConfigured, VirtFusionError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    for urn in held.under_way:
        typer.echo(f"Under way when the run ended: {urn}. `pulumi refresh --clear-pending-creates` forgets it.")
    for orphan in found:
        typer.echo(f"{orphan.what} is in no resource of the stack.")
        typer.echo(f"  take it over: {orphan.adopt}")
        typer.echo(f"  or delete it: {orphan.remove}")
    if found:
        raise typer.Exit(1)
    typer.echo("The panel has nothing that the stack does not hold.")
