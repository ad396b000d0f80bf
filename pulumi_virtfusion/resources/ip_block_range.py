"""A range of addresses in an IP block, which the panel neither shows nor takes out again."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address

from ..api.errors import OutcomeUnknown
from ..api.sections.ip_blocks import IpBlocks
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Problem, Refused, Values
from ..lifecycle.identity import Identity
from ..lifecycle.lost_answers import reconciling, with_advice
from ..program.resource import Resource
from ..schema.fields import Arg, Id, create_only
from ..schema.plain_values import is_known
from ..schema.timestamps import uniform
from ..schema.types import Ipv4Address

FOR_GOOD = "a range cannot be taken out of a block; add another `IpBlockRange` for more addresses"
IPV4 = 4


class IpBlockRangeBehaviour(Behaviour):
    section = "ip_blocks"
    noun = "IP block range"
    unlistable = "the API cannot list the ranges of a block: compare its number of addresses"
    made_by = IpBlocks.add_ipv4_range

    def validate(self, arguments: Values) -> Iterable[Problem]:
        start, end = arguments["start"], arguments["end"]
        if is_known([start, end]) and IPv4Address(start) > IPv4Address(end):
            yield Problem("end", "must not be lower than start")

    def make(self, context: Context, arguments: Values) -> tuple[str, None]:
        block_id, start, end = arguments["block_id"], arguments["start"], arguments["end"]
        # Only the block's total tells whether a range was added, so its ranges come one after the other.
        with context.run.one_at_a_time("ip_block", block_id):
            before = context.panel.ip_blocks.get(block_id)
            context.run.saw(("ip block", block_id), before)
            if before.type != IPV4:
                raise Refused(f"IP block {block_id} ({before.name}) is not an IPv4 block.")
            try:
                context.panel.ip_blocks.add_ipv4_range(block_id, start=start, end=end)
            except OutcomeUnknown as error:
                self._settle(context, error, arguments, before.ipv4_total)
        return f"{block_id}/{start}-{end}", None

    def _settle(self, context: Context, error: OutcomeUnknown, arguments: Values, before: int) -> None:
        """Accept the range after a lost answer if the block's total grew by its size; else raise `OutcomeUnknown`."""
        block_id = arguments["block_id"]
        size = int(IPv4Address(arguments["end"])) - int(IPv4Address(arguments["start"])) + 1
        with reconciling(error):
            added = context.panel.ip_blocks.get(block_id).ipv4_total - before
        if added == 0:
            raise with_advice(error, f"Block {block_id} has {before} addresses as before: it is safe to run it again.")
        if added != size:
            raise with_advice(
                error, f"Block {block_id} grew from {before} by {added} addresses, and the range has {size}."
            )
        context.warn(f"IP block {block_id} grew by the {size} addresses, although the answer that said so was lost.")

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        block_id = int(known["block_id"])
        block = context.run.shared(("ip block", block_id), lambda: context.panel.ip_blocks.get(block_id))
        return {"ip_block_created": uniform(block.created) if block.created else ""}

    def remove(self, context: Context, id_: str, outputs: Values) -> None:  # noqa: ARG002
        context.warn(
            f"IP block {outputs['block_id']} keeps {outputs['start']} to {outputs['end']}: no operation of the panel "
            "takes addresses out of a block. The range is no longer in this stack."
        )


class IpBlockRange(Resource, behaviour=IpBlockRangeBehaviour):
    """IPv4 addresses in a block (`POST /connectivity/ipblocks/{blockId}/ipv4`), which they stay in for good."""

    block_id: Id = create_only(FOR_GOOD)
    """The IPv4 block; `get_ip_blocks` lists them."""

    start: Arg[Ipv4Address] = create_only(FOR_GOOD)
    """First address."""

    end: Arg[Ipv4Address] = create_only(FOR_GOOD)
    """Last address; one range may be a single address."""
