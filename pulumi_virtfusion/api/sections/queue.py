"""The panel's task queue."""

from __future__ import annotations

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class Queue(Section):
    """The task queue."""

    @operation("GET", "/queue/{queueId}")
    def get(self, queue_id: int) -> records.QueueItem:
        """Read one item (`GET /queue/{queueId}`)."""
        return self._ask(Queue.get, one(records.QueueItem), queue_id)
