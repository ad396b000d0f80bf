"""Python runs this first in the soak's provider host: the same client, and the same waits, with short pauses.

How long to be patient is no setting that a stack can make, and a walk meets thousands of faults. Every run of a walk
has a memory of its own, as if it were another process: which run it is stands in the file that SOAK_RUN names.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

from pulumi_virtfusion.api.http.retry import RetryPolicy
from pulumi_virtfusion.lifecycle import run, waiting
from pulumi_virtfusion.lifecycle import server_poller as server_watch

RetryPolicy.__init__.__defaults__ = (0.3, 0.1, 0.005, 0.02, 3, 2.0)
waiting.FIRST_PAUSE = 0.01
server_watch.ROUND = 0.05
server_watch.Watched.__init__.__defaults__ = (0.01, *server_watch.Watched.__init__.__defaults__[1:])  # type: ignore[index]

_process = Path(os.environ["SOAK_RUN"])


@cache
def _memory(_panel: Any, _process_number: str) -> run.Run:
    return run.Run()


run.run_of = lambda panel: _memory(panel, _process.read_text())  # type: ignore[assignment]
