"""IP blocks."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import IpBlock
from ..api.sections.ip_blocks import IpBlocks
from .later import later
from .question import ask, ask_for_all


def get_ip_blocks(*, client: VirtFusion | None = None) -> list[IpBlock]:
    """List all blocks (`GET /connectivity/ipblocks`)."""
    return ask_for_all(IpBlocks.list, client)


def get_ip_blocks_output(*, opts: InvokeOptions | None = None) -> Output[list[IpBlock]]:
    """Return an output of `get_ip_blocks`."""
    return later(get_ip_blocks, opts)


def get_ip_block(block_id: int | str, *, client: VirtFusion | None = None) -> IpBlock:
    """Read one block (`GET /connectivity/ipblocks/{blockId}`)."""
    return ask(IpBlocks.get, client, block_id)


def get_ip_block_output(block_id: Input[int | str], *, opts: InvokeOptions | None = None) -> Output[IpBlock]:
    """Return an output of `get_ip_block`."""
    return later(get_ip_block, opts, block_id)
