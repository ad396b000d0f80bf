"""`virtfusion import`: a program for the objects that a panel already has."""

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
    pack: Annotated[
        list[str] | None,
        typer.Option(metavar="RELATION/ID", help="A user's resource pack, which no list of the API has."),
    ] = None,
    addresses: Annotated[
        bool, typer.Option("--addresses", help="Declare the addresses beside a server's primary one apart.")
    ] = False,
    package: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="The package of servers where it may be this one and others; 69=2 says it of server 69."
        ),
    ] = None,
    ids_only: Annotated[
        bool, typer.Option("--ids-only", help="Write no program but the file of `pulumi import -f`.")
    ] = False,
    stack: StackOption = None,
    output: Annotated[Path | None, typer.Option(help="File to write, which must not exist yet.")] = None,
) -> None:
    """Write a Pulumi program that takes over servers, their owners, keys and systems; every option may be repeated.

    Take all servers when none is chosen. Send nothing but GETs. Equal servers are a table and a loop, with one question
    about their package where that is not certain. The program names the facts that the API does not show. Exit with 2
    after a failure.
    """
    from ..recovery.pulumi_cli import NoState
    from ..resources.user_relation import relation_of
    from ..takeover.from_panel import Wanted, pack_of, program_of_panel
    from ..takeover.package_guess import WrongAnswer
    from ._failure import failing_clearly
    from ._program import write, write_ids

    with failing_clearly(NoState, WrongAnswer):
        wanted = Wanted(
            [relation_of(one) for one in owner or ()],
            user_id or (),
            server or (),
            [pack_of(one) for one in pack or ()],
            addresses=addresses,
            packages=package or (),
        )
        program = program_of_panel(settings_here(stack).panel(), wanted)
        (write_ids if ids_only else write)(program, output)
