"""`virtfusion orphans`: the objects that an interrupted run left at the panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..config import Settings
    from ..recovery.orphans import Orphan, Search
    from ..recovery.stack_state import Deployment, StackState


def command(
    stack: Annotated[
        str | None, typer.Option(help="Stack of this folder's project; the selected one when left out.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="What `pulumi stack export` printed, `-` for standard input.", allow_dash=True)
    ] = None,
    provider: Annotated[
        str | None, typer.Option(help="Name of an explicit Provider of the program: compare what it holds instead.")
    ] = None,
    every_owner: Annotated[bool, typer.Option(help="Look at the servers of all users of the panel.")] = False,
) -> None:
    """List the objects of the panel that the stack's state lacks; exit with 1 if there are any, 2 after a failure.

    Search the servers and SSH keys of the users that the state knows, and the parts of its servers. The panel is that
    of the stack's configuration, or of the provider; with `--state` and no `--stack`, that of the environment
    (VIRTFUSION_ENDPOINT, VIRTFUSION_TOKEN).
    """
    from ..lifecycle.context import SilentContext
    from ..lifecycle.contract import Refused
    from ..recovery.orphans import Search
    from ..recovery.pulumi_cli import NoCli, NoState, exported
    from ..recovery.stack_state import StackState, deployment_of, provider_called, refuse_objects_of_another_panel
    from ..schema.non_secret import texts_within, without
    from ._failure import failing_clearly
    from ._file import text_of
    from ._terminal import say

    with failing_clearly(NoState, Refused):
        hidden: list[Any] = []
        try:
            text = exported(stack, secrets=True) if state is None else text_of(state)
        except NoCli as error:
            raise NoState(f"{error} With `--state FILE` this takes what `pulumi stack export` printed.") from None
        deployment = deployment_of(text, hidden)
        urn = None if provider is None else provider_called(provider, deployment)
        held = StackState.of_deployment(deployment, urn)
        context = SilentContext(_settings(deployment, urn, stack, is_here=state is None or stack is not None))
        context.settings.panel()  # raises for a missing setting
        refuse_objects_of_another_panel(context, deployment, urn)
        search = Search(context, held, every_owner)
        secrets = frozenset(texts_within([*hidden, context.settings.token]))
        code = _report(search, list(search.orphans()), lambda text: say(without(text, secrets)))
    if code:
        raise typer.Exit(code)


def _report(search: Search, found: list[Orphan], tell: Callable[[str], None]) -> int:
    """Print the orphans and the failed searches, and return the exit code."""
    unlisted = _under_way(search.state, tell)
    for orphan in found:
        tell(f"{orphan.what} is in no resource of the stack.")
        tell(f"  take it over: {orphan.declaration.line}")
        tell(f"  or delete it: {orphan.remove}")
    for what in search.unseen:
        tell(f"Could not be looked at: {what}.")
    if search.unseen:
        return 2
    if found or unlisted:
        return 1
    tell("The panel has nothing that the stack should hold and does not.")
    return 0


def _settings(deployment: Deployment, urn: str | None, stack: str | None, *, is_here: bool) -> Settings:
    from ..config import Settings
    from ..recovery.findings import settings_of
    from ..recovery.pulumi_cli import configured
    from ..recovery.stack_state import providers_of

    if not is_here:
        return Settings.of_environment()
    return Settings.read(configured(stack)) if urn is None else settings_of(providers_of(deployment), urn)


def _under_way(held: StackState, tell: Callable[[str], None]) -> bool:
    """Print the pending operations of the last run; return whether the API cannot list an object of one."""
    from ..resources import resource_class
    from ._terminal import say

    unlisted = {one.urn: resource_class(one.kind).behaviour.unlistable for one in held.under_way}
    for urn, why in unlisted.items():
        tell(f"Under way when the run ended: {urn}")
        if why:
            tell(f"  it may or may not be there: {why}")
    if held.under_way:
        tell("`virtfusion recover` settles what was under way.")
    if held.elsewhere:
        say(f"Not looked at: {held.elsewhere} objects of other providers (`--provider NAME`).", err=True)
    return any(unlisted.values())
