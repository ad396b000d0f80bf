"""The question to the panel, in a preview, whether it would accept a new server (`dryRun`).

A panel that does not know dry runs makes the server. Until an answer proves that it knows them, one question is asked
at a time. After a server was made, or may have been, this run asks no more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from ..api.errors import NotFound, OutcomeUnknown, VirtFusionError
from ..config import config_key
from ..lifecycle.contract import Problem

if TYPE_CHECKING:
    from ..lifecycle.contract import Context, Values

SETTING = config_key("validate_on_preview")
STOPPED = f"No other server is asked about in this run. `pulumi config rm {SETTING}` turns these questions off."


@dataclass
class Trial:
    """The knowledge of this run about the panel's dry runs."""

    is_proven: bool = False
    is_over: bool = False
    turn: Lock = field(default_factory=Lock)


def objections(context: Context, making: Values) -> list[Problem]:
    """Return the reasons why the panel would not accept a server, or the failure of the dry run."""
    trial = context.run.shared(("dry run",), Trial, fresh=math.inf)
    if trial.is_proven:
        return _asked(context, making, trial)
    with trial.turn:
        return _asked(context, making, trial)


def _asked(context: Context, making: Values, trial: Trial) -> list[Problem]:
    if trial.is_over:
        return []
    try:
        made_id = context.panel.servers.validate(**making)
        made = None if made_id is None else _made(context, made_id, making)
    except OutcomeUnknown as error:
        trial.is_over = not trial.is_proven
        return [Problem(SETTING, f"{error} {STOPPED}" if trial.is_over else str(error))]
    except VirtFusionError as error:
        return [Problem("the panel would refuse this server", str(error))]
    trial.is_proven, trial.is_over = made is None, made is not None
    return [] if made is None else [Problem(SETTING, f"{made} {STOPPED}")]


def _made(context: Context, made_id: int, making: Values) -> str | None:
    """Return the warning about a server that a dry run made; None where there is none: some panels make up an id."""
    delete = f"Look at it, and delete it in the panel or with `DELETE /servers/{made_id}?delay=0`."
    asked = "asked whether it would accept this server, the panel"
    try:
        server: Any = context.panel.servers.get(made_id)
    except NotFound:
        return None
    except VirtFusionError as error:
        return f"{asked} may have made server {made_id}, and that could not be looked at: {error} {delete}"
    if server.user_id != making["user_id"] or server.built:
        return None
    return f"{asked} made it: server {made_id} of user {server.user_id}. It does not know `dryRun`. {delete}"
