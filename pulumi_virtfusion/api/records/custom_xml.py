"""A server's custom XML."""

from __future__ import annotations

from typing import Annotated

from pulumi_virtfusion.api.record import At, Flag, Record, Text


class CustomXml(Record):
    """The six sections, each with its switch."""

    domain: Annotated[Text, At("domain", "xml")] = ""
    domain_enabled: Annotated[Flag, At("domain", "enabled")] = False
    os: Annotated[Text, At("os", "xml")] = ""
    os_enabled: Annotated[Flag, At("os", "enabled")] = False
    devices: Annotated[Text, At("devices", "xml")] = ""
    devices_enabled: Annotated[Flag, At("devices", "enabled")] = False
    features: Annotated[Text, At("features", "xml")] = ""
    features_enabled: Annotated[Flag, At("features", "enabled")] = False
    clock: Annotated[Text, At("clock", "xml")] = ""
    clock_enabled: Annotated[Flag, At("clock", "enabled")] = False
    cpu_tune: Annotated[Text, At("cpuTune", "xml")] = ""
    cpu_tune_enabled: Annotated[Flag, At("cpuTune", "enabled")] = False
