"""An item of the task queue."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pulumi_virtfusion.api.record import At, Count, Flag, Number, Record, Text, wire_names


class QueueItem(Record):
    """A task; it has ended when `finished` is set, and `failed` then gives the result."""

    unread: ClassVar[frozenset[str]] = wire_names(
        """
        errors.exception.errors errors.exception.stringable errors.exception.trace errors.exception.type queue
        """
    )

    # Traces and action data hold host paths and cloud-init data.
    forgotten: ClassVar[frozenset[str]] = frozenset({"errors", "subActions"})

    queue_id: Annotated[int, At("id")]
    action: Text = ""
    job: Text = ""
    job_id: Text = ""
    hypervisor_id: Count = 0
    server_id: Count = 0
    started: Text = ""
    updated: Text = ""
    finished: Text = ""
    """`""` while it runs."""
    failed: Flag = False
    progress: Number = 0
    """Percent."""
    message: Annotated[Text, At("errors", "exception", "message")] = ""
    """The reason of a failure; `""` without one."""
