"""DNS services."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pulumi_virtfusion.api.operation import operation
from pulumi_virtfusion.api.record import At, Count, Flag, Record, Text, one
from pulumi_virtfusion.api.section import Section


class DnsService(Record):
    """A DNS service that the panel uses; its password is never kept."""

    forgotten: ClassVar[frozenset[str]] = frozenset({"password"})

    service_id: Annotated[int, At("id")]
    type: Count = 0
    name: Text = ""
    username: Text = ""
    url: Text = ""
    ip: Text = ""
    port: Count = 0
    sub_account: Flag = False
    capabilities: Count = 0
    enabled: Flag = False
    created: Text = ""
    updated: Text = ""


class Dns(Section):
    """DNS services."""

    @operation("GET", "/dns/services/{serviceId}")
    def get_service(self, service_id: int) -> DnsService:
        """One DNS service (`GET /dns/services/{serviceId}`)."""
        return self._ask(Dns.get_service, one(DnsService), service_id)
