"""The panel's task queue."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import QueueItem
from ..api.sections.queue import Queue
from .later import later
from .question import ask


def get_queue_item(queue_id: int | str, *, client: VirtFusion | None = None) -> QueueItem:
    """One item, as it was when first asked for (`GET /queue/{queueId}`)."""
    return ask(Queue.get, client, queue_id)


def get_queue_item_output(queue_id: Input[int | str], *, opts: InvokeOptions | None = None) -> Output[QueueItem]:
    """The output form of `get_queue_item`."""
    return later(get_queue_item, opts, queue_id)
