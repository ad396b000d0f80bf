"""A DNS service."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pulumi_virtfusion.api.record import At, Count, Flag, Record, Text, wire_names


class DnsService(Record):
    """A DNS service that the panel uses; its password is never kept."""

    unread: ClassVar[frozenset[str]] = wire_names("config")

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
