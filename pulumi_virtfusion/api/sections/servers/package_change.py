"""A server's move to another package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_virtfusion.api.http.envelope import rows_of
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section

PACKAGE_COMPONENTS: dict[str, str] = {
    "backup_plan": "backupPlan",
    "cpu": "cpu",
    "memory": "memory",
    "primary_disk_read_iops": "primaryDiskReadIOPS",
    "primary_disk_read_throughput": "primaryDiskReadThroughput",
    "primary_disk_size": "primaryDiskSize",
    "primary_disk_write_iops": "primaryDiskWriteIOPS",
    "primary_disk_write_throughput": "primaryDiskWriteThroughput",
    "primary_network_inbound_speed": "primaryNetworkInboundSpeed",
    "primary_network_outbound_speed": "primaryNetworkOutboundSpeed",
    "primary_network_traffic": "primaryNetworkTraffic",
}
"""The components of a package change, and the API's names of their flags."""


class ServerPackages(Section):
    """Package changes."""

    # Older panels answer 204.
    @operation("PUT", "/servers/{serverId}/package/{packageId}", needs_body=False)
    def change_package(
        self, server_id: int, package_id: int, *, components: Mapping[str, bool] | None = None
    ) -> list[str]:
        """Apply each component of the package unless `components` has false; return the panel's lines on the rest.

        `PUT /servers/{serverId}/package/{packageId}`

        `components` has the keys of `PACKAGE_COMPONENTS`; `ValueError` for others.
        """
        chosen = components or {}
        if unknown := chosen.keys() - PACKAGE_COMPONENTS:
            raise ValueError(f"no component of a package: {', '.join(sorted(unknown))}")
        flags = {flag: chosen.get(name, True) for name, flag in PACKAGE_COMPONENTS.items()}
        # Flags that are left out count as true.
        return self._ask(ServerPackages.change_package, _info, server_id, package_id, body=flags)


def _info(body: Any) -> list[str]:
    """Return the lines of `info`, which stand outside of the usual envelope."""
    return [str(line) for line in rows_of(body.get("info"))] if isinstance(body, Mapping) else []
