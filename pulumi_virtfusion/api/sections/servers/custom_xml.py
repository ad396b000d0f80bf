"""XML that the panel merges into a server's libvirt domain."""

from __future__ import annotations

from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section, wire


class ServerCustomXml(Section):
    """Custom XML."""

    # A whole state is set: the same twelve keys again change nothing.
    @operation("POST", "/servers/{serverId}/customXML", repeatable=True)
    def set_custom_xml(
        self,
        server_id: int,
        *,
        domain: str = "",
        domain_enabled: bool = False,
        os: str = "",
        os_enabled: bool = False,
        devices: str = "",
        devices_enabled: bool = False,
        features: str = "",
        features_enabled: bool = False,
        clock: str = "",
        clock_enabled: bool = False,
        cpu_tune: str = "",
        cpu_tune_enabled: bool = False,
    ) -> None:
        """Set all six sections, empty where left out; the server's next start applies them.

        `POST /servers/{serverId}/customXML`
        """
        sections = {"domain": domain, "os": os, "devices": devices}
        sections |= {"features": features, "clock": clock, "cpu_tune": cpu_tune}
        switches = {"domain_enabled": domain_enabled, "os_enabled": os_enabled, "devices_enabled": devices_enabled}
        switches |= {"features_enabled": features_enabled, "clock_enabled": clock_enabled}
        switches |= {"cpu_tune_enabled": cpu_tune_enabled}
        # The panel's treatment of a missing key is not known, so each key is sent.
        self._tell(ServerCustomXml.set_custom_xml, server_id, body=wire({**sections, **switches}))
