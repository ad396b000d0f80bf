"""Traffic that a server may use beyond the allowance of one period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..api.errors import NotFound, OutcomeUnknown
from ..api.sections.servers import Servers
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Made, Part, Refused, Values
from ..lifecycle.identity import Identity, who_is_server
from ..lifecycle.lost_answers import (
    NOTHING_YET,
    Before,
    Candidate,
    listed_before,
    newest,
    proven,
    reconciling,
    with_advice,
    with_doubts,
)
from ..program.resource import Resource
from ..schema.fields import Arg, Computed, Id, computed, from_id, replaces
from ..schema.plain_values import id_number
from ..schema.timestamps import uniform
from ..schema.types import Gigabytes, TrafficMonth

if TYPE_CHECKING:
    from ..api import VirtFusion
    from ..api.records import Server
    from ..api.records import TrafficBlock as Record


def server_and_block(id_: str) -> tuple[int, int]:
    server_id, _, block_id = id_.partition("/")
    try:
        return id_number(server_id), id_number(block_id)
    except ValueError:
        raise Refused(
            f"{id_!r} is not the id of a traffic block, which reads like '69/12': its server's and its own."
        ) from None


def _block_of(id_: str) -> int:
    return server_and_block(id_)[1]


class TrafficBlockBehaviour(Behaviour):
    section = "servers"
    noun = "traffic block"
    when_deleted = "taken away from the server"
    made_by = Servers.add_traffic_block
    found_by = (Servers.get_traffic_blocks,)
    removed_by = (Servers.remove_traffic_block,)
    named_with = ("month", "amount")

    def make(self, context: Context, arguments: Values) -> tuple[str, Record]:
        servers, server_id = context.panel.servers, int(arguments["server_id"])
        # The panel does not say which block it made: the one that was not there before.
        with context.run.one_at_a_time("traffic blocks", server_id):
            before = Before(None, _newest(servers, server_id))
            lost = OutcomeUnknown(f"The panel accepted a traffic block for server {server_id}, but did not name it.")
            try:
                servers.add_traffic_block(**self.making(arguments))
            except OutcomeUnknown as error:
                lost = error
            with reconciling(lost):
                new = list(self.candidates(context, arguments, before))
        if (one := proven(new)) is None:
            raise with_advice(lost, _advice(new))
        return one.id, one.record

    def noted_before(self, context: Context, olds: Values, arguments: Values) -> Any:
        """Return the number of the server's newest block; None for an update, and where the read fails."""
        if olds:
            return None
        server_id = int(arguments["server_id"])
        servers = context.panel.servers
        return listed_before(
            context,
            ("traffic", server_id),
            lambda: servers.get_traffic_blocks(server_id).assigned,
            lambda blocks: newest(block.block_id for block in blocks),
        )

    def lookalikes(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        return self.candidates(context, arguments, before)

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        """Yield the blocks of that amount and period which were not there before."""
        server_id, asked = int(arguments["server_id"]), (arguments["month"], arguments["amount"])
        servers = context.panel.servers
        for block in before.once(("traffic", server_id), lambda: servers.get_traffic_blocks(server_id).assigned):
            id_, was_there = f"{server_id}/{block.block_id}", before.had(block.block_id)
            if (block.month, block.amount) == asked and not was_there and before.is_free(id_):
                yield Candidate(id_, _on(server_id, block), before.doubt(block.added, was_there=was_there))

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        """Return the server's identity and the block's time: a restored panel gives the number of a block again too."""
        server_id, block_id = server_and_block(id_)

        def added() -> dict[int, str]:
            assigned = context.panel.servers.get_traffic_blocks(server_id).assigned
            return {block.block_id: uniform(block.added) if block.added else "" for block in assigned}

        facts, listed = who_is_server(context, server_id), ("traffic blocks", server_id)
        if block_id not in context.run.shared(listed, added):
            context.run.forget(listed)  # it may be newer than the list
        blocks = context.run.shared(listed, added)
        if block_id not in blocks:
            raise NotFound(f"Server {server_id} has no traffic block {block_id}.")
        return {**facts, "block_added": blocks[block_id]}

    def identity_when_made(self, context: Context, made: Made, record: Record, known: Values) -> Identity:  # noqa: ARG002
        added = uniform(record.added) if record.added else ""
        return {**who_is_server(context, server_and_block(made.id)[0]), "block_added": added}

    def identity_in_state(self, outputs: Values) -> Identity:
        return {"block_added": str(outputs.get("added", ""))}

    def find(self, context: Context, id_: str, known: Values) -> Record:  # noqa: ARG002
        server_id, block_id = server_and_block(id_)
        for block in context.panel.servers.get_traffic_blocks(server_id).assigned:
            if block.block_id == block_id:
                return _on(server_id, block)
        raise NotFound(f"Server {server_id} has no traffic block {block_id}.")

    def on_server(self, panel: VirtFusion, server: Server) -> Iterable[Part]:
        """Yield the blocks of this period and of later ones."""
        blocks = panel.servers.get_traffic_blocks(server.server_id)
        for block in blocks.assigned:
            if block.month >= blocks.current_month:
                id_, record = f"{server.server_id}/{block.block_id}", _on(server.server_id, block)
                yield Part(id_, record, f"traffic {block.month}")

    def described(self, id_: str, outputs: Values) -> str:  # noqa: ARG002
        amount, month, server_id = map(outputs.get, ("amount", "month", "server_id"))
        return f"traffic block of {amount} GB for month {month} of server {server_id}"

    def remove(self, context: Context, id_: str, outputs: Values) -> None:  # noqa: ARG002
        context.panel.servers.remove_traffic_block(*server_and_block(id_))


def _on(server_id: int, block: Record) -> Record:
    return block.model_copy(update={"server_id": server_id})


def _newest(servers: Servers, server_id: int) -> int:
    return newest(block.block_id for block in servers.get_traffic_blocks(server_id).assigned)


def _advice(candidates: list[Candidate]) -> str:
    if candidates:
        return f"The server has new blocks that could be it: to take one over, add {with_doubts(candidates)}."
    return f"The server has no such new block: {NOTHING_YET}"


class TrafficBlock(Resource, behaviour=TrafficBlockBehaviour):
    """Traffic for one period of a server (`POST /servers/{id}/traffic/blocks`), id `69/12`.

    A panel refuses it for a server whose traffic is unlimited, and for a period that is over.
    """

    server_id: Id = replaces()
    """Server that may use it."""

    month: Arg[TrafficMonth] = replaces()
    """Period by its number, 1 being the server's first; no calendar month."""

    amount: Arg[Gigabytes] = replaces()
    """The amount in GB."""

    block_id: Computed[int] = from_id(_block_of)
    """The panel's id."""

    start: Computed[str] = computed(stable=True)
    """First day of the period."""

    end: Computed[str] = computed(stable=True)
    """Last day of the period."""

    added: Computed[str] = computed(stable=True)
    """The time at which the block was added."""
