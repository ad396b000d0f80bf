"""Hypervisors."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import Hypervisor
from ..api.sections.hypervisors import Hypervisors
from .later import later
from .question import ask, ask_for_all


def get_hypervisors(*, client: VirtFusion | None = None) -> list[Hypervisor]:
    """List all hypervisors (`GET /compute/hypervisors`)."""
    return ask_for_all(Hypervisors.list, client)


def get_hypervisors_output(*, opts: InvokeOptions | None = None) -> Output[list[Hypervisor]]:
    """Return an output of `get_hypervisors`."""
    return later(get_hypervisors, opts)


def get_hypervisor(hypervisor_id: int | str, *, client: VirtFusion | None = None) -> Hypervisor:
    """Read one hypervisor (`GET /compute/hypervisors/{hypervisorId}`)."""
    return ask(Hypervisors.get, client, hypervisor_id)


def get_hypervisor_output(hypervisor_id: Input[int | str], *, opts: InvokeOptions | None = None) -> Output[Hypervisor]:
    """Return an output of `get_hypervisor`."""
    return later(get_hypervisor, opts, hypervisor_id)
