"""The output of the program that `import` and `from-terraform` write."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ._terminal import say

if TYPE_CHECKING:
    from ..takeover.program import Program


def write(program: Program, output: Path | None) -> None:
    """Write the program to a new file, or to standard output; a summary and remaining steps go to standard error."""
    write_text(program.text(), output)
    say(f"Declared: {program.summary}.", err=True)
    if program.undecided:
        say(f"Put in {_asked(program)}: the program stops before anything else and asks for them.", err=True)
    if program.remarks:
        say(f"Left out {len(program.remarks)}, named at the top of the program.", err=True)
    for note in program.notes:
        say(note, err=True)
    if output is not None:
        for line in program.afterwards:
            say(line, err=True)


def _asked(program: Program) -> str:
    """Return the number of open questions by argument: `2 package ids, 1 pack ids`."""
    counts = Counter(first.argument for first, *_ in program.undecided)
    return ", ".join(f"{count} {argument.replace('_', ' ')}s" for argument, count in counts.items())


def write_ids(program: Program, output: Path | None) -> None:
    """Write the program's import file as `write` does; since JSON has no comments, remarks go to standard error."""
    from ..takeover.import_file import import_file

    write_text(import_file(program), output)
    say(f"Named: {program.summary}.", err=True)
    for line in (*program.remarks, *program.unseen, *program.notes):
        say(line, err=True)


def write_text(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
    else:
        with output.open("x", encoding="utf-8") as file:  # an existing program is somebody's work
            file.write(text)
