"""`virtfusion orphans`: what an interrupted run left at the panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..config import Settings
    from ..stack_state import Deployment, StackState


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
    panel: the stack's configuration, or that of the provider; with `--state` the environment (VIRTFUSION_ENDPOINT,
    VIRTFUSION_TOKEN).
    """
    from ..dynamic_provider import HostContext
    from ..orphans import Search
    from ..pulumi_cli import NoState, exported
    from ..stack_state import StackState, deployment_of, provider_called, refuse_objects_of_another_panel
    from ..terms import Refused
    from ._failure import failing_clearly
    from ._file import text_of

    with failing_clearly(NoState, Refused):
        deployment = deployment_of(exported(stack, secrets=True) if state is None else text_of(state))
        urn = None if provider is None else provider_called(provider, deployment)
        held = StackState.of_deployment(deployment, urn)
        context = HostContext(_settings(deployment, urn, stack, is_here=state is None))
        context.settings.panel()  # says what is not set
        refuse_objects_of_another_panel(context, deployment, urn)
        found = list(Search(context.panel, held, every_owner).orphans())
    unseen = _under_way(held)
    for orphan in found:
        typer.echo(f"{orphan.what} is in no resource of the stack.")
        typer.echo(f"  take it over: {orphan.declaration.line}")
        typer.echo(f"  or delete it: {orphan.remove}")
    if found or unseen:
        raise typer.Exit(1)
    typer.echo("The panel has nothing that the stack should hold and does not.")


def _settings(deployment: Deployment, urn: str | None, stack: str | None, *, is_here: bool) -> Settings:
    from ..config import Settings
    from ..interrupted.findings import settings_of
    from ..pulumi_cli import configured
    from ..stack_state import providers_of

    if not is_here:
        return Settings.of_environment()
    return Settings.read(configured(stack)) if urn is None else settings_of(providers_of(deployment), urn)


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
