"""Server packages."""

from __future__ import annotations

import builtins
from typing import Annotated

from pulumi_virtfusion.api.operation import operation
from pulumi_virtfusion.api.record import At, Count, Flag, Record, Text, each, one
from pulumi_virtfusion.api.section import Section


class Package(Record):
    """What a server of this package gets unless told otherwise."""

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


class Packages(Section):
    """Server packages."""

    @operation("GET", "/packages")
    def list(self) -> builtins.list[Package]:
        """All packages (`GET /packages`)."""
        return self._ask(Packages.list, each(Package))

    @operation("GET", "/packages/{packageId}")
    def get(self, package_id: int) -> Package:
        """One package (`GET /packages/{packageId}`)."""
        return self._ask(Packages.get, one(Package), package_id)
