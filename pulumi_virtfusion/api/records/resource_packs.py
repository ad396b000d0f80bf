"""A resource pack of a user."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from pulumi_virtfusion.api.record import At, Count, Number, Raw, Record, Rows, Text, wire_names

Amounts = Annotated[dict[str, Count], BeforeValidator(lambda value: value or {})]


class PackUsage(Record):
    """The used part of one limit."""

    unread: ClassVar[frozenset[str]] = wire_names("l")

    total: Annotated[Number, At("t")] = 0
    used: Annotated[Number, At("u")] = 0
    free: Annotated[Number, At("f")] = 0
    percent: Annotated[Number, At("p")] = 0


class ResourcePack(Record):
    """A pack of a user; the panel reports neither the user nor `enabled`."""

    unread: ClassVar[frozenset[str]] = wire_names("type")
    at_times: ClassVar[frozenset[str]] = frozenset({"servers"})

    resource_pack_id: Annotated[int, At("id")]
    """The user's own pack."""
    pack_id: Annotated[Count, At("pid")] = 0
    """The definition from which the pack was made."""
    name: Text = ""
    label: Text = ""
    limits: Amounts = Field(default={})
    """Memory in MB, storage and traffic in GB, under the panel's names: `total_servers`, `max_memory`, ..."""
    used: Amounts = Field(default={})
    usage: Annotated[dict[str, PackUsage], BeforeValidator(lambda value: value or {})] = Field(default={})
    servers: Rows[Raw] = Field(default=[])
    """Only in an answer to `with_servers`."""
