"""DNS services."""

from __future__ import annotations

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class Dns(Section):
    """DNS services."""

    @operation("GET", "/dns/services/{serviceId}")
    def get_service(self, service_id: int) -> records.DnsService:
        """Read one DNS service (`GET /dns/services/{serviceId}`)."""
        return self._ask(Dns.get_service, one(records.DnsService), service_id)
