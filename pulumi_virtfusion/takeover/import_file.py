"""The file of `pulumi import -f` for a program's resources: types, names and ids, for the native plug-in."""

from __future__ import annotations

import json

from .program import Program

TYPE = "virtfusion:index:"


def import_file(program: Program) -> str:
    """Return the file's text, from which Pulumi itself writes the program in the language of the project."""
    names = program.names
    listed = [{"type": f"{TYPE}{one.kind}", "name": names[one], "id": one.import_id} for one in program.declarations]
    return json.dumps({"resources": listed}, indent=2, ensure_ascii=False) + "\n"
