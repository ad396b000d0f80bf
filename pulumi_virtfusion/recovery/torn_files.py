"""Files of a file backend that Pulumi was writing when it was killed.

It replaces a state as a whole, but not the file beside it (`dev.json.attrs`) that tells the state's content type and
checksum. While that one is empty no command can read any state; without it all can.
"""

from __future__ import annotations

import os
from pathlib import Path

from .pulumi_cli import NoState, backend

FILE = "file://"


def torn_files() -> list[Path]:
    """The empty ones of the backend that this folder uses."""
    try:
        url = os.environ.get("PULUMI_BACKEND_URL") or backend()
    except NoState:  # what keeps the state from being read is something else
        return []
    if not url.startswith(FILE):
        return []
    folder = Path(url.removeprefix(FILE).partition("?")[0]).expanduser() / ".pulumi"
    return sorted(file for file in folder.rglob("*.attrs") if not file.stat().st_size)
