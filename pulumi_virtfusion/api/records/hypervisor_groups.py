"""Hypervisor groups and their free resources."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from pulumi_virtfusion.api.record import At, Count, Flag, Number, Record, Rows, Text, wire_names


class HypervisorGroup(Record):
    """A group of hypervisors; the panel picks the host inside it."""

    hypervisor_group_id: Annotated[int, At("id")]
    name: Text = ""
    label: Text = ""
    description: Text = ""
    distribution_type: Count = 0
    enabled: Flag = False
    default: Flag = False
    created: Text = ""
    updated: Text = ""


class Capacity(Record):
    """The amount of one resource that a hypervisor has, and its allocated part, in `units`."""

    units: Text = ""
    max: Number = 0
    """0 is unlimited; `free` is negative then."""
    allocated: Number = 0
    free: Number = 0
    percent: Number | None = None


class StorageCapacity(Capacity):
    """A storage of a hypervisor, in GB."""

    unread: ClassVar[frozenset[str]] = wire_names("isDatastore path")
    at_times: ClassVar[frozenset[str]] = frozenset({"storage_id"})

    storage_id: Annotated[Count, At("id")] = 0
    name: Text = ""
    enabled: Flag = False
    storage_type: Count = 0
    """The type that a server's `storage_profile` names."""


class HypervisorResources(Record):
    """The free resources of one hypervisor of a group."""

    unread: ClassVar[frozenset[str]] = wire_names("hypervisor.accept")

    hypervisor_id: Annotated[int, At("hypervisor", "id")]
    name: Annotated[Text, At("hypervisor", "name")] = ""
    enabled: Annotated[Flag, At("hypervisor", "enabled")] = False
    prohibit: Annotated[Flag, At("hypervisor", "prohibit")] = False
    commissioned: Annotated[Flag, At("hypervisor", "commissioned")] = False
    servers: Annotated[Capacity, At("resources", "servers")] = Capacity()
    memory: Annotated[Capacity, At("resources", "memory")] = Capacity()
    """In MB."""
    cpu_cores: Annotated[Capacity, At("resources", "cpuCores")] = Capacity()
    local_storage: Annotated[StorageCapacity, At("resources", "localStorage")] = StorageCapacity()
    other_storage: Annotated[Rows[StorageCapacity], At("resources", "otherStorage")] = Field(default=[])
    free_ipv4: Annotated[Count, At("resources", "network", "total", "ipv4", "free")] = 0
    """Free addresses of the whole group, repeated for each hypervisor: never add them up."""
