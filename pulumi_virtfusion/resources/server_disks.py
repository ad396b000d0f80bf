"""The disks in a server's record, as values of its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..schema.plain_values import reported

if TYPE_CHECKING:
    from ..api.records import Server


def value_of(record: Server, name: str) -> Any:
    """Return the value of `storage_profile`, `additional_storage1_capacity` and the like; None without the disks."""
    if (disks := reported(record, "disks")) is None:
        return None
    if name == "storage_profile":
        return next((reported(disk, "profile") for disk in disks if disk.primary), None)
    number, what = int(name[len("additional_storage")]), name.rpartition("_")[2]
    others = [disk for disk in disks if not disk.primary][number - 1 : number]
    if what == "enable":
        return bool(others)
    return next((reported(disk, what) for disk in others), 0)
