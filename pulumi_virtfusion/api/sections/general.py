"""The API itself."""

from __future__ import annotations

from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class General(Section):
    """Operations that belong to no section."""

    @operation("GET", "/connect")
    def connect(self) -> None:
        """Check that the panel takes the token (`GET /connect`)."""
        self._ask(General.connect, lambda _: None)
