"""`virtfusion import`: a program for what a panel already has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ._panel import StackOption, settings_here


def command(
    owner: Annotated[
        list[str] | None,
        typer.Option(help="A user and its servers: digits are an ext_relation_id, anything else a rel_str."),
    ] = None,
    user_id: Annotated[list[int] | None, typer.Option(help="The servers of a user, by the panel's id.")] = None,
    server: Annotated[list[int] | None, typer.Option(help="A server.")] = None,
    stack: StackOption = None,
    output: Annotated[Path | None, typer.Option(help="File to write, which must not exist yet.")] = None,
) -> None:
    """Writes a Pulumi program that takes over servers, their owners, keys and systems; every option may be repeated.

    All servers when none is chosen. Sends nothing but GETs. Exits with 2 where it failed.
    """
    from ..recovery.pulumi_cli import NoState
    from ..resources.user_relation import relation_of
    from ..takeover.from_panel import Wanted, program_of_panel
    from ._failure import failing_clearly
    from ._program import write

    wanted = Wanted([relation_of(one) for one in owner or ()], user_id or (), server or ())
    with failing_clearly(NoState):
        write(program_of_panel(settings_here(stack).panel(), wanted), output)
