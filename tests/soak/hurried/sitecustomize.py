"""Python runs this first in the soak's provider host: the same client, and the same waits, with short pauses.

How long to be patient is no setting that a stack can make, and a walk meets thousands of faults.
"""

from pulumi_virtfusion import server_watch, waiting
from pulumi_virtfusion.api.retry import Patience

Patience.__init__.__defaults__ = (0.3, 0.1, 0.005, 0.02, 3, 2.0)
waiting.FIRST_PAUSE = 0.01
server_watch.ROUND = 0.05
server_watch.Watched.__init__.__defaults__ = (0.01, *server_watch.Watched.__init__.__defaults__[1:])  # type: ignore[index]
