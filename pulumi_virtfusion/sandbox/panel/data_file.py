"""The file of a panel, private to its owner and open in one sandbox at a time."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

_APPLICATION = 0x76665342
"""SQLite's application id, which marks the file as ours: vfSB."""
_SMALLEST = 512
"""The size of the smallest database in bytes."""
_PATIENCE = 2.0
"""Seconds to wait for a sandbox that is just ending."""


class Unusable(Exception):
    """The file cannot keep a panel; the text gives the reason."""


def connect(path: Path | None) -> sqlite3.Connection:
    """Connect to the file, locked against other sandboxes until the end; to memory without a path."""
    if path is None:
        return _connection(":memory:")
    try:
        _make_private(path)
        connection = _connection(path)
        try:
            _take(connection, path)
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise Unusable(f"{path}: {_reason(error)}") from None
    return connection


def _make_private(path: Path) -> None:
    """Create a new file for its owner only, because the file keeps the panel's token."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    # SQLite takes a file of a few bytes for an empty one. Looking into it would cost this process its locks on it.
    if 0 < path.stat().st_size < _SMALLEST:
        raise sqlite3.DatabaseError("file is not a database")


def _connection(target: str | Path) -> sqlite3.Connection:
    # Callers hold the panel's lock, so one connection may serve whichever thread has it.
    return sqlite3.connect(target, timeout=_PATIENCE, check_same_thread=False, isolation_level=None)


def _take(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        # Files of older sandboxes have no mark.
        if mark != _APPLICATION and tables and not (mark == 0 and {"facts", "sequences", "servers"} <= tables):
            raise Unusable(f"{path}: this database is not a sandbox's.")
        connection.execute(f"PRAGMA application_id={_APPLICATION}")
    finally:
        connection.execute("COMMIT")


def _reason(error: Exception) -> str:
    text = str(error) if isinstance(error, sqlite3.Error) else (getattr(error, "strerror", None) or str(error))
    if "locked" in text:
        return "another sandbox uses this file. End it, or name another file."
    if "not a database" in text:
        return "this file is not a database. Name another one; a new one is made where there is none."
    return f"can not keep a panel here: {text}"
