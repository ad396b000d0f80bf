"""Operating system templates and ISO images."""

from __future__ import annotations

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import each, one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section


class Media(Section):
    """Templates and ISO images."""

    @operation("GET", "/media/templates/fromServerPackageSpec/{serverPackageId}")
    def get_package_templates(self, package_id: int) -> list[records.TemplateCategory]:
        """List the operating systems for a server of a package.

        `GET /media/templates/fromServerPackageSpec/{serverPackageId}`
        """
        return self._ask(Media.get_package_templates, each(records.TemplateCategory), package_id)

    @operation("GET", "/media/iso/{isoId}")
    def get_iso(self, iso_id: int) -> records.Iso:
        """Read one ISO image (`GET /media/iso/{isoId}`)."""
        return self._ask(Media.get_iso, one(records.Iso), iso_id)
