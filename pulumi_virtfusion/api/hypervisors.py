"""Hypervisors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from pulumi_virtfusion.api.operation import operation
from pulumi_virtfusion.api.record import At, Count, Flag, Record, Rows, Text, one
from pulumi_virtfusion.api.section import Section


class HypervisorNetwork(Record):
    """A network that a hypervisor offers to its servers."""

    network_id: Annotated[int, At("id")]
    type: Text = ""
    bridge: Text = ""
    primary: Flag = False
    default: Flag = False


class Hypervisor(Record):
    """A host of servers; its token is never kept."""

    hypervisor_id: Annotated[int, At("id")]
    name: Text = ""
    hostname: Text = ""
    ip: Text = ""
    ip_alt: Text = ""
    port: Count = 0
    ssh_port: Count = 0
    commissioned: Count = 0
    """3 when it is ready."""
    maintenance: Flag = False
    enabled: Flag = False
    hypervisor_group_id: Annotated[Count, At("group", "id")] = 0
    max_servers: Count = 0
    """0 is unlimited."""
    max_cpu: Count = 0
    max_memory: Count = 0
    """In MB."""
    networks: Rows[HypervisorNetwork] = Field(default=[])
    created: Text = ""
    updated: Text = ""


class Hypervisors(Section):
    """Hypervisors."""

    @operation("GET", "/compute/hypervisors")
    def list(self) -> Iterator[Hypervisor]:
        """All hypervisors (`GET /compute/hypervisors`)."""
        return self._pages(Hypervisors.list, Hypervisor)

    @operation("GET", "/compute/hypervisors/{hypervisorId}")
    def get(self, hypervisor_id: int) -> Hypervisor:
        """One hypervisor (`GET /compute/hypervisors/{hypervisorId}`)."""
        return self._ask(Hypervisors.get, one(Hypervisor), hypervisor_id)
