"""Hypervisor groups, also by name."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import HypervisorGroup, HypervisorResources
from ..api.sections.hypervisor_groups import HypervisorGroups
from .choice import by_id_or_name, the_one
from .later import later
from .question import ask, ask_for_all


def get_hypervisor_groups(*, client: VirtFusion | None = None) -> list[HypervisorGroup]:
    """List all groups (`GET /compute/hypervisors/groups`)."""
    return ask_for_all(HypervisorGroups.list, client)


def get_hypervisor_groups_output(*, opts: InvokeOptions | None = None) -> Output[list[HypervisorGroup]]:
    """Return an output of `get_hypervisor_groups`."""
    return later(get_hypervisor_groups, opts)


def get_hypervisor_group(
    hypervisor_group_id: int | str | None = None, *, name: str | None = None, client: VirtFusion | None = None
) -> HypervisorGroup:
    """Read one group, by its id or its exact name.

    `GET /compute/hypervisors/groups/{hypervisorGroupId}`, by name one of `GET /compute/hypervisors/groups`. Raises
    `NotOne`, with the candidates, when no group or several have the name.
    """
    by_id_or_name(hypervisor_group_id, "hypervisor_group_id", name)
    if name is None:
        return ask(HypervisorGroups.get, client, hypervisor_group_id)
    groups = get_hypervisor_groups(client=client)
    found = [group for group in groups if group.name == name]
    return the_one(f"hypervisor group named {name!r}", found, groups, shown=("hypervisor_group_id", "name"))


def get_hypervisor_group_output(
    hypervisor_group_id: Input[int | str] | None = None,
    *,
    name: Input[str] | None = None,
    opts: InvokeOptions | None = None,
) -> Output[HypervisorGroup]:
    """Return an output of `get_hypervisor_group`."""
    return later(get_hypervisor_group, opts, hypervisor_group_id, name=name)


def get_hypervisor_group_resources(
    hypervisor_group_id: int | str, *, client: VirtFusion | None = None
) -> list[HypervisorResources]:
    """List the free resources of each hypervisor of a group.

    `GET /compute/hypervisors/groups/{hypervisorGroupId}/resources`
    """
    return ask_for_all(HypervisorGroups.get_resources, client, hypervisor_group_id)


def get_hypervisor_group_resources_output(
    hypervisor_group_id: Input[int | str], *, opts: InvokeOptions | None = None
) -> Output[list[HypervisorResources]]:
    """Return an output of `get_hypervisor_group_resources`."""
    return later(get_hypervisor_group_resources, opts, hypervisor_group_id)
