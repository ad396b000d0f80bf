"""A hypervisor."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from pulumi_virtfusion.api.record import At, Count, Flag, Record, Rows, Text, wire_names


class HypervisorNetwork(Record):
    """A network that a hypervisor offers to its servers."""

    unread: ClassVar[frozenset[str]] = wire_names("created updated")

    network_id: Annotated[int, At("id")]
    type: Text = ""
    bridge: Text = ""
    primary: Flag = False
    default: Flag = False


class Hypervisor(Record):
    """A host of servers; its token is never kept."""

    unread: ClassVar[frozenset[str]] = wire_names(
        """
        group.created group.default group.description group.distributionType group.enabled group.name group.updated
        nfType storage
        """
    )

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
