"""The panel's task queue."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import QueueItem
from ..api.sections.queue import Queue
from .later import later
from .question import ask


def get_queue_item(queue_id: int | str, *, client: VirtFusion | None = None) -> QueueItem:
    """Read one item, as it was at the first call of this run (`GET /queue/{queueId}`)."""
    return ask(Queue.get, client, queue_id)


def get_queue_item_output(queue_id: Input[int | str], *, opts: InvokeOptions | None = None) -> Output[QueueItem]:
    """Return an output of `get_queue_item`."""
    return later(get_queue_item, opts, queue_id)
