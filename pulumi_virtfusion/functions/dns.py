"""DNS services."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import DnsService
from ..api.sections.dns import Dns
from .later import later
from .question import ask


def get_dns_service(service_id: int | str, *, client: VirtFusion | None = None) -> DnsService:
    """Read one DNS service, without its password (`GET /dns/services/{serviceId}`)."""
    return ask(Dns.get_service, client, service_id)


def get_dns_service_output(service_id: Input[int | str], *, opts: InvokeOptions | None = None) -> Output[DnsService]:
    """Return an output of `get_dns_service`."""
    return later(get_dns_service, opts, service_id)
