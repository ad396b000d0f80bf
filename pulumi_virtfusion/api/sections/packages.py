"""Server packages."""

from __future__ import annotations

import builtins

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import each, one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class Packages(Section):
    """Server packages."""

    @operation("GET", "/packages")
    def list(self) -> builtins.list[records.Package]:
        """List all packages (`GET /packages`)."""
        return self._ask(Packages.list, each(records.Package))

    @operation("GET", "/packages/{packageId}")
    def get(self, package_id: int) -> records.Package:
        """Read one package (`GET /packages/{packageId}`)."""
        return self._ask(Packages.get, one(records.Package), package_id)
