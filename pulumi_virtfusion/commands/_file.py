"""A file argument of a command."""

from __future__ import annotations

import sys
from pathlib import Path


def text_of(file: Path) -> str:
    """Return the file's text, or that of standard input for `-`."""
    return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")


def bytes_of(file: Path) -> bytes:
    """Return the file's bytes, or those of standard input for `-`."""
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
