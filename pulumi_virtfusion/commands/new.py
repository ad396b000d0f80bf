"""`virtfusion new`: a project to begin with."""

from __future__ import annotations

import re
import shlex
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from ._terminal import say

DOTTED = {"gitignore": ".gitignore"}
"""Templates whose final name would take effect in the folder of the templates."""
LONGEST_NAME = 100
"""Characters that Pulumi allows in a project's name."""


def command(
    directory: Annotated[Path, typer.Argument(help="Folder to make, or an empty one; its name is the project's.")],
) -> None:
    """Make a project with two stacks' settings: `dev` comes up on `virtfusion sandbox`, `production` on your panel.

    Write no token: it is read from VIRTFUSION_TOKEN. A folder that holds anything but a virtual environment or a Git
    repository is left alone; exit with 2 then.
    """
    from ._failure import failing_clearly

    with failing_clearly():
        _refuse_what_is_in_use(directory)
        project = project_name(directory)
        directory.mkdir(parents=True, exist_ok=True)
        texts = project_files(project)
        for name, text in texts.items():
            with (directory / name).open("x", encoding="utf-8") as file:
                file.write(text)
    say(f"Made the project {project} in {directory}: {', '.join(sorted(texts))}.")
    say("Next, as its README.md says:\n")
    if directory.resolve() != Path.cwd():
        say(f"    cd {shlex.quote(str(directory))}")
    say(commands_of(texts["README.md"]))


def _refuse_what_is_in_use(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise typer.BadParameter(f"{directory} is a file; name a folder.", param_hint="DIRECTORY")
    there = sorted(one.name for one in directory.iterdir() if not _may_stay(one)) if directory.exists() else []
    if there:
        more = f" and {len(there) - 3} more" if len(there) > 3 else ""
        text = f"{directory} is not empty ({', '.join(there[:3])}{more}): name a new folder, nothing was written."
        raise typer.BadParameter(text, param_hint="DIRECTORY")


def _may_stay(entry: Path) -> bool:
    """Whether the entry is nobody's work, but made by `git init` or `python -m venv`."""
    return entry.name == ".git" or (entry / "pyvenv.cfg").is_file()


def project_name(directory: Path) -> str:
    """Return the folder's name as a project's name, with each character replaced that Pulumi refuses."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", directory.resolve().name)[:LONGEST_NAME].strip("-.")
    return name or "virtfusion-project"


def project_files(project: str) -> dict[str, str]:
    """Return the first files of a project of that name, by file name."""
    from ..version import VERSION

    kept = files(__name__.rpartition(".")[0]) / "new_project"
    return {
        DOTTED.get(one.name, one.name): Template(one.read_text("utf-8")).substitute(project=project, version=VERSION)
        for one in kept.iterdir()
        if one.is_file()
    }


def commands_of(readme: str) -> str:
    """Return the lines of a README that a person types."""
    return "\n".join(line for line in readme.splitlines() if line.startswith("    "))
