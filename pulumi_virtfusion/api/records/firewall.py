"""The firewall of a server's interface."""

from __future__ import annotations

from pydantic import Field

from pulumi_virtfusion.api.record import Flag, Raw, Record, Rows


class Firewall(Record):
    """A firewall; which rulesets its rules came from cannot be read."""

    enabled: Flag = False
    rules: Rows[Raw] = Field(default=[])
