"""The file that makes a folder a Pulumi project."""

from __future__ import annotations

from pathlib import Path

NAMES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


def project_file() -> Path | None:
    """Return the project file of this process's folder or of the nearest one above, as Pulumi does; None for none."""
    here = Path.cwd()
    files = (folder / name for folder in (here, *here.parents) for name in NAMES)
    return next((file for file in files if file.is_file()), None)
