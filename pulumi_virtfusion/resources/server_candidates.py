"""The servers that a create whose answer was lost may have made, and their description in the error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..api.errors import OutcomeUnknown, VirtFusionError
from ..lifecycle.contract import Context, Values
from ..lifecycle.lost_answers import (
    NOTHING_YET,
    Before,
    Candidate,
    import_line,
    knows_before,
    listed_before,
    newest,
    with_advice,
)
from ..lifecycle.package_cache import package_of

if TYPE_CHECKING:
    from ..api.records import Server

EMPTY = ("", "allocated")
"""The states of a server without an installation, which nobody has used."""
MOST_LOOKALIKES = 3
"""The most servers that a check reads, since a row of the list lacks the group and the time of the build."""
SIZES = ("memory", "cpu_cores", "storage")


def noted_before(context: Context, olds: Values, arguments: Values) -> Any:
    """Return the number of the owner's newest server; None for an update, and where the read fails."""
    if olds:
        return None
    owner = int(arguments["user_id"])
    rows = context.panel.servers.list_of_user
    return listed_before(
        context, ("servers", owner), lambda: list(rows(owner)), lambda listed: newest(row.server_id for row in listed)
    )


def lookalikes(context: Context, arguments: Values, before: Before) -> Iterator[Candidate]:
    """Yield the owner's newest unused servers of that shape that no other resource has, at most `MOST_LOOKALIKES`."""
    owner, servers = int(arguments["user_id"]), context.panel.servers
    names = {"", str(arguments.get("name", "")).strip()}  # a creation names a server only after it was made
    alike = [
        row.server_id
        for row in before.once(("servers", owner), list)
        if before.is_free(str(row.server_id)) and row.state in EMPTY and not row.commission_status
        if row.name in names and all(getattr(row, size) == arguments[size] for size in SIZES if size in arguments)
    ]
    for server_id in sorted(alike, reverse=True)[:MOST_LOOKALIKES]:
        server = servers.get(server_id)
        if server.state in EMPTY and not server.built and _has_the_shape(context, server, arguments):
            yield Candidate(str(server_id), server, name=server.name)


def remember(context: Context, server_id: int, outputs: Values, *, is_new: bool) -> None:
    """Give the run the server of a state: its addresses, no system if none was built, no parts if it is new."""
    record = SimpleNamespace(ipv4_addresses=outputs.get("ipv4_addresses") or [])
    if outputs.get("state") in EMPTY:
        record.state, record.built = outputs["state"], ""
    if is_new:
        record.secondary_ipv4_addresses = record.ip_whitelist = record.secondary_ip_whitelist = []
        knows_before(context, ("traffic", server_id), 0)
    for what in ("server", "addresses"):
        knows_before(context, (what, server_id), record)


def candidates(
    context: Context, arguments: Values, before: Before, others: Sequence[Values] = ()
) -> Iterator[Candidate]:
    """Yield the owner's servers of that group and size which were not there before and no other resource has.

    `others` are other creates that may have made them.
    """
    servers, owner = context.panel.servers, int(arguments["user_id"])
    for row in before.once(("servers", owner), lambda: servers.list_of_user(owner)):
        was_there = before.had(row.server_id)
        if was_there or not before.is_free(str(row.server_id)):
            continue
        server = before.once(("server", row.server_id), partial(servers.get, row.server_id))
        if _has_the_shape(context, server, arguments):
            doubt = before.doubt(server.created, was_there=was_there)
            if not doubt and server.state not in EMPTY:
                doubt = "it is in use: an operating system was installed on it"
            if not doubt and any(_has_the_shape(context, server, other) for other in others):
                doubt = "another create of this run lost its answer too, and may have made it"
            yield Candidate(str(server.server_id), server, doubt, server.name)


def why_not_new(server: Server, arguments: Values, before: Before) -> str:
    """Return the reason why a create cannot have made the server that its answer names; "" where it can."""
    if before.had(server.server_id):
        return f"server {server.server_id} was there before"
    if server.user_id not in (0, int(arguments["user_id"])):
        return f"server {server.server_id} belongs to user {server.user_id}"
    return ""


def _has_the_shape(context: Context, server: Server, given: Values) -> bool:
    package = None
    with suppress(VirtFusionError):  # then the program's own values have to do
        package = package_of(context, int(given["package_id"]))
    sizes = {name: given.get(name, getattr(package, name, None)) for name in SIZES}
    same_size = all(size is None or getattr(server, name) == size for name, size in sizes.items())
    return same_size and server.hypervisor_group_id == int(given["hypervisor_group_id"])


def named(
    context: Context,
    error: OutcomeUnknown,
    arguments: Values,
    before: Before,
    others: Sequence[Values],
    unset: Sequence[str],
) -> OutcomeUnknown:
    """Return the error with the servers that the create may have made: a person adopts one, however likely it is."""
    try:
        found = list(candidates(context, arguments, before, others))
    except VirtFusionError as failure:
        advice = f"Looking for the server failed too ({failure}); look at user {arguments['user_id']} in the panel."
        return with_advice(error, advice)
    return explained(error, arguments, found, unset)


def explained(
    error: OutcomeUnknown, arguments: Values, found: Iterable[Candidate], unset: Sequence[str]
) -> OutcomeUnknown:
    """Return the error with the candidates, and the line that adopts each; an import does not set `unset` arguments."""
    advice = "".join(
        f"Server {one.id} ({one.record.primary_ipv4 or 'no address'}, made {one.record.created}) may be it"
        f"{f', but {one.doubt}' if one.doubt else ''}: to take it over, add {import_line(one)}. "
        for one in found
    )
    if advice and unset:
        # An import changes nothing, and believes the program where the panel cannot tell.
        advice += (
            f"Leave {', '.join(unset)} out of the program for that run, and put it back for the next: "
            "nothing of that was set yet."
        )
    advice = advice or f"User {arguments['user_id']} has no server that could be it: {NOTHING_YET}"
    return with_advice(error, advice.strip())
