"""Hypervisors."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class Hypervisors(Section):
    """Hypervisors."""

    @operation("GET", "/compute/hypervisors")
    def list(self) -> Iterator[records.Hypervisor]:
        """List all hypervisors (`GET /compute/hypervisors`)."""
        return self._pages(Hypervisors.list, records.Hypervisor)

    @operation("GET", "/compute/hypervisors/{hypervisorId}")
    def get(self, hypervisor_id: int) -> records.Hypervisor:
        """Read one hypervisor (`GET /compute/hypervisors/{hypervisorId}`)."""
        return self._ask(Hypervisors.get, one(records.Hypervisor), hypervisor_id)
