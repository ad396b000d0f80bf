"""The output of other programs."""

from __future__ import annotations

import subprocess
from contextlib import suppress

LONGEST = 60
"""Seconds that one command may take."""


def printed(*command: str) -> str:
    """Return the output of a command; "" where the command fails."""
    with suppress(OSError, subprocess.SubprocessError, UnicodeDecodeError):
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LONGEST
        )
        return "" if done.returncode else done.stdout
    return ""
