"""`virtfusion from-terraform`: a program for what a Terraform state holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ._panel import StackOption, settings_here


def command(
    state: Annotated[
        Path,
        typer.Argument(
            help="terraform.tfstate, or what `terraform show -json` printed; `-` for standard input.", allow_dash=True
        ),
    ],
    stack: StackOption = None,
    output: Annotated[Path | None, typer.Option(help="File to write, which must not exist yet.")] = None,
) -> None:
    """Writes a Pulumi program for the servers, builds and SSH keys of a Terraform state, as the panel has them now.

    Afterwards `terraform state rm` lets go of them there. Sends nothing but GETs. Exits with 2 where it failed.
    """
    from ..recovery.pulumi_cli import NoState
    from ..takeover.from_terraform import NoTerraformState, held_by, program_of_terraform
    from ._failure import failing_clearly
    from ._file import text_of
    from ._program import write

    with failing_clearly(NoState, NoTerraformState):
        held = held_by(text_of(state))
        write(program_of_terraform(settings_here(stack).panel(), held), output)
