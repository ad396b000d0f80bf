"""The request log: a line of JSON for each attempt of each request, in a file that threads and processes share."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

_log = logging.getLogger(__name__)
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
"""O_APPEND keeps two writes apart; O_NONBLOCK keeps a pipe without a reader from delaying a request."""


@dataclass(frozen=True)
class Sent:
    """One attempt of a request, without its headers and bodies; `failure` is the reason for an incomplete answer."""

    method: str
    path: str
    status: int | None
    failure: str | None
    seconds: float
    attempt: int
    waited: float
    """Seconds of waiting before the attempt: for its turn, or after a failed attempt."""


class RequestLog:
    """A log file that only its owner may read; an error of a write is warned of once, and fails no request.

    `process` names who sends: `program`, `provider`, `command orphans`. `run` is `preview` or `update` where it is
    known.
    """

    def __init__(self, path: str | os.PathLike[str], process: str = "program", run: str | None = None) -> None:
        self.path = Path(path)
        with suppress(OSError, RuntimeError):  # no working directory, no home
            self.path = self.path.expanduser().absolute()
        self._warned = False
        self._who = {"process": process, **({"run": run} if run else {})}

    def note(self, sent: Sent) -> None:
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        said = {"status": sent.status, "failure": sent.failure}
        line = {
            "time": now,
            **self._who,
            "method": sent.method,
            "path": sent.path,
            **{name: value for name, value in said.items() if value is not None},
            "ms": round(sent.seconds * 1000),
            "attempt": sent.attempt,
            "waited_ms": round(sent.waited * 1000),
        }
        try:
            self._append(json.dumps(line).encode() + b"\n")
        except (OSError, ValueError) as error:
            if not self._warned:
                self._warned = True
                _log.warning("The request log %s cannot be written: %s", self.path, error.__class__.__name__)

    def _append(self, line: bytes) -> None:
        # Opened for each line, so that a file that was moved away or deleted is begun anew.
        file = os.open(self.path, _FLAGS, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)

    def __repr__(self) -> str:
        return f"RequestLog({str(self.path)!r})"
