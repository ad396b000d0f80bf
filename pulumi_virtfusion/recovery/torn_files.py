"""Files of a file backend that a killed Pulumi left empty.

Pulumi replaces a state as a whole, but not the file beside it (`dev.json.attrs`) with the state's content type and
checksum. While that file is empty, no command can read any state; without that file, every command can.
"""

from __future__ import annotations

import os
from pathlib import Path

from .pulumi_cli import NoState, backend

FILE = "file://"


def torn_files() -> list[Path]:
    """Return the empty files of this folder's backend; none where the backend keeps no files, or is unknown."""
    try:
        url = os.environ.get("PULUMI_BACKEND_URL") or backend()
    except NoState:  # what keeps the state from being read is something else
        return []
    if not url.startswith(FILE):
        return []
    folder = Path(url.removeprefix(FILE).partition("?")[0]).expanduser() / ".pulumi"
    return sorted(file for file in folder.rglob("*.attrs") if not file.stat().st_size)
