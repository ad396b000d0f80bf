"""Hypervisor groups, in which new servers are placed, and their free resources."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class HypervisorGroups(Section):
    """Hypervisor groups."""

    @operation("GET", "/compute/hypervisors/groups")
    def list(self) -> Iterator[records.HypervisorGroup]:
        """List all groups (`GET /compute/hypervisors/groups`)."""
        return self._pages(HypervisorGroups.list, records.HypervisorGroup)

    @operation("GET", "/compute/hypervisors/groups/{hypervisorGroupId}")
    def get(self, hypervisor_group_id: int) -> records.HypervisorGroup:
        """Read one group (`GET /compute/hypervisors/groups/{hypervisorGroupId}`)."""
        return self._ask(HypervisorGroups.get, one(records.HypervisorGroup), hypervisor_group_id)

    @operation("GET", "/compute/hypervisors/groups/{hypervisorGroupId}/resources")
    def get_resources(self, hypervisor_group_id: int) -> Iterator[records.HypervisorResources]:
        """List the free resources of each hypervisor of a group.

        `GET /compute/hypervisors/groups/{hypervisorGroupId}/resources`
        """
        return self._pages(HypervisorGroups.get_resources, records.HypervisorResources, hypervisor_group_id)
