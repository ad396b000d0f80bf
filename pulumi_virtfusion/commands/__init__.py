"""The `virtfusion` command: each public module is a subcommand of its name, run by the module's function `command`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated

import typer

from ..api.redaction import secrets_of_call
from ..config import name_sender
from ..version import VERSION

main = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown")


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(VERSION)
        raise typer.Exit


@main.callback()
def virtfusion(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Prints the version.")
    ] = False,
) -> None:
    """Tools around the VirtFusion provider."""
    context.with_resource(secrets_of_call())
    name_sender(f"command {context.invoked_subcommand}")


for _module in sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")):
    # A trailing underscore keeps a module's name from being a Python keyword.
    _name = _module.rstrip("_").replace("_", "-")
    main.command(_name)(import_module(f"{__name__}.{_module}").command)
