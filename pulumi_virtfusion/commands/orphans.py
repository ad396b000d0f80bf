"""`virtfusion orphans`: what an interrupted run left at the panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..stack_state import StackState


def command(
    stack: Annotated[str | None, typer.Option(help="Stack of this folder; the selected one when left out.")] = None,
    state: Annotated[
        Path | None, typer.Option(help="What `pulumi stack export` printed, `-` for standard input.", allow_dash=True)
    ] = None,
    provider: Annotated[
        str | None, typer.Option(help="Name of an explicit Provider of the program: compare what it holds instead.")
    ] = None,
    every_owner: Annotated[bool, typer.Option(help="Look at the servers of all users of the panel.")] = False,
) -> None:
    """Lists what the panel has and the stack's state does not; exits with 1 if there is any, 2 if it cannot tell.

    Looks at the servers and SSH keys of the users that the state knows, and at what is attached to its servers. Which
    panel: the stack's configuration; with `--state` or `--provider` the environment (VIRTFUSION_ENDPOINT,
    VIRTFUSION_TOKEN).
    """
    from ..config import Settings
    from ..orphans import Search
    from ..pulumi_cli import NoState, configured, exported
    from ..stack_state import StackState
    from ._failure import failing_clearly
    from ._file import text_of

    with failing_clearly(NoState):
        held = StackState.parse(exported(stack) if state is None else text_of(state), provider)
        here = state is None and provider is None
        settings = Settings.read(configured(stack)) if here else Settings.of_environment()
        found = list(Search(settings.panel(), held, every_owner).orphans())
    unseen = _under_way(held)
    for orphan in found:
        typer.echo(f"{orphan.what} is in no resource of the stack.")
        typer.echo(f"  take it over: {orphan.declaration.line}")
        typer.echo(f"  or delete it: {orphan.remove}")
    if found or unseen:
        raise typer.Exit(1)
    typer.echo("The panel has nothing that the stack should hold and does not.")


def _under_way(held: StackState) -> bool:
    """Names what the last run was making when it ended; whether some of it cannot be looked for."""
    from ..orphans import UNSEEN

    for one in held.under_way:
        typer.echo(f"Under way when the run ended: {one.urn}")
        if one.kind in UNSEEN:
            typer.echo(f"  it may or may not be there: {UNSEEN[one.kind]}")
    if held.under_way:
        typer.echo("`virtfusion recover` settles what was under way.")
    if held.elsewhere:
        typer.echo(f"Not looked at: {held.elsewhere} objects of other providers (`--provider NAME`).", err=True)
    return any(one.kind in UNSEEN for one in held.under_way)
