"""A file that is given to a command."""

from __future__ import annotations

import sys
from pathlib import Path


def text_of(file: Path) -> str:
    """Its text, or that of standard input when it is called `-`."""
    return sys.stdin.read() if str(file) == "-" else file.read_text()


def bytes_of(file: Path) -> bytes:
    """The same of a file that may hold something else than text."""
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
