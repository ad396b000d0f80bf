"""The firewall of a server's interface."""

from __future__ import annotations

from pydantic import Field

from pulumi_virtfusion.api.record import Flag, Raw, Record, Rows


class Firewall(Record):
    """A firewall with its rules; the panel does not report the rulesets of the rules."""

    enabled: Flag = False
    rules: Rows[Raw] = Field(default=[])
