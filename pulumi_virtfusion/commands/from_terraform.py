"""`virtfusion from-terraform`: a program for the objects of a Terraform state."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ._panel import StackOption, settings_here


def command(
    state: Annotated[
        Path,
        typer.Argument(
            help="What `terraform state pull` (or `tofu state pull`) printed, a terraform.tfstate, or what `terraform "
            "show -json` printed; `-` for standard input.",
            allow_dash=True,
        ),
    ],
    provider: Annotated[
        str | None,
        typer.Option(help="The provider's configuration to take, where the state has several: `virtfusion.eu`."),
    ] = None,
    stack: StackOption = None,
    output: Annotated[Path | None, typer.Option(help="File to write, which must not exist yet.")] = None,
) -> None:
    """Write a Pulumi program for the servers, builds and SSH keys of a Terraform state, as the panel has them now.

    The program ends with the `terraform state rm` lines that remove them from the Terraform state afterwards. Exit
    with 2 after a failure, and where the panel has other objects under these ids. Send nothing but GETs.
    """
    from ..recovery.pulumi_cli import NoState
    from ..takeover.from_terraform import program_of_terraform
    from ..takeover.terraform_comparison import AnotherPanel
    from ..takeover.terraform_state import NoTerraformState, read_state
    from ._failure import failing_clearly
    from ._file import bytes_of
    from ._program import write

    with failing_clearly(NoState, NoTerraformState, AnotherPanel):
        held = read_state(bytes_of(state)).of_provider(provider)
        write(program_of_terraform(settings_here(stack).panel(), held), output)
