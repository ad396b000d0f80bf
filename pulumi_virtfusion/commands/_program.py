"""Where the program goes that `import` and `from-terraform` write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ..takeover.program import Program


def write(program: Program, output: Path | None) -> None:
    """To a new file, or to standard output; what there is and what is left to do goes to standard error."""
    if output is None:
        typer.echo(program.text(), nl=False)
    else:
        with output.open("x") as file:  # a program that is there already is somebody's work
            file.write(program.text())
    typer.echo(f"Declared: {program.summary}.", err=True)
    if program.undecided:
        typer.echo(f"Put in {program.undecided} package ids: the program stops at each `decide(...)`.", err=True)
    if program.remarks:
        typer.echo(f"Left out {len(program.remarks)}, named at the top of the program.", err=True)
