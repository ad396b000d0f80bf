"""Which servers a create whose answer was lost may have made: nothing proves it, so a person decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ..api.errors import OutcomeUnknown, VirtFusionError
from ..recovery import NOTHING_YET, made_since, unclaimed, with_advice
from ..terms import Context, Values

if TYPE_CHECKING:
    from ..api.records import Server


def explained(
    context: Context, error: OutcomeUnknown, arguments: Values, started: datetime, unset: Sequence[str]
) -> OutcomeUnknown:
    """The error with the candidates and the line that takes one over; `unset` arguments are applied after a create."""
    try:
        found = list(_candidates(context, arguments, started))
    except VirtFusionError as failure:
        advice = f"Looking for the server failed too ({failure}); look at user {arguments['user_id']} in the panel."
    else:
        advice = "".join(
            f"Server {server.server_id} ({server.primary_ipv4 or 'no address'}, made {server.created}) may be it: "
            f'to take it over, add opts=pulumi.ResourceOptions(import_="{server.server_id}"). '
            for server in found
        )
        if found and unset:
            # An import changes nothing, and believes the program where the panel cannot tell.
            advice += (
                f"Leave {', '.join(unset)} out of the program for that run, and put it back for the next: "
                "nothing of that was set yet."
            )
        advice = advice or f"User {arguments['user_id']} has no server that could be it: {NOTHING_YET}"
    return with_advice(error, advice.strip())


def _candidates(context: Context, arguments: Values, started: datetime) -> Iterator[Server]:
    """Servers of the same owner, group and size, made in the window, that no create of this process holds."""
    servers = context.panel.servers
    rows = [row for row in servers.list_of_user(arguments["user_id"]) if row.state in ("", "allocated")]
    for row in unclaimed("server", rows, lambda row: row.server_id):
        server = servers.get(row.server_id)
        sizes = all(
            getattr(server, name) == arguments[name] for name in ("memory", "cpu_cores", "storage") if name in arguments
        )
        same_group = server.hypervisor_group_id == arguments["hypervisor_group_id"]
        if sizes and same_group and made_since(started, server.created):
            yield server
