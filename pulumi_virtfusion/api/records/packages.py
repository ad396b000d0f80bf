"""A package."""

from __future__ import annotations

from typing import Annotated

from pulumi_virtfusion.api.record import At, Count, Flag, Record, Text


class Package(Record):
    """The defaults of a server of this package."""

    package_id: Annotated[int, At("id")]
    name: Text = ""
    description: Text = ""
    enabled: Flag = False
    memory: Count = 0
    """In MB."""
    storage: Annotated[Count, At("primaryStorage")] = 0
    """Primary disk, in GB."""
    traffic: Count = 0
    """In GB a month; 0 is unlimited."""
    cpu_cores: Count = 0
    network_speed_inbound: Annotated[Count, At("primaryNetworkSpeedIn")] = 0
    """In kB/s; 0 is no limit."""
    network_speed_outbound: Annotated[Count, At("primaryNetworkSpeedOut")] = 0
    """In kB/s; 0 is no limit."""
    disk_type: Annotated[Text, At("primaryDiskType")] = ""
    backup_plan_id: Count = 0
    """0 is none."""
    disk_read_throughput: Annotated[int | None, At("primaryStorageReadBytesSec")] = None
    """In bytes/s; `None` is no limit."""
    disk_write_throughput: Annotated[int | None, At("primaryStorageWriteBytesSec")] = None
    """In bytes/s; `None` is no limit."""
    disk_read_iops: Annotated[int | None, At("primaryStorageReadIopsSec")] = None
    disk_write_iops: Annotated[int | None, At("primaryStorageWriteIopsSec")] = None
    storage_profile: Annotated[Count, At("primaryStorageProfile")] = 0
    network_profile: Annotated[Count, At("primaryNetworkProfile")] = 0
    created: Text = ""
