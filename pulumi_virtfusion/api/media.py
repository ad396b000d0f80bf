"""Operating system templates and ISO images."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pulumi_virtfusion.api.operation import operation
from pulumi_virtfusion.api.record import At, Count, Flag, Record, Rows, Text, each, one
from pulumi_virtfusion.api.section import Section


class Template(Record):
    """An operating system that a server can be built with; names are not unique."""

    template_id: Annotated[int, At("id")]
    """The `operating_system_id` of a build."""
    name: Text = ""
    version: Text = ""
    variant: Text = ""
    arch: Count = 0
    """1 is x86-64, 2 is ARM."""
    description: Text = ""
    icon: Text = ""
    eol: Flag = False
    eol_date: Text = ""
    eol_warning: Flag = False
    deploy_type: Count = 0
    vnc: Flag = False
    type: Text = ""


class TemplateCategory(Record):
    """A family of templates."""

    category_id: Annotated[int, At("id")]
    """0 is the rest."""
    name: Text = ""
    description: Text = ""
    icon: Text = ""
    templates: Rows[Template] = Field(default=[])


class Iso(Record):
    """An ISO image."""

    iso_id: Annotated[int, At("id")]
    name: Text = ""
    description: Text = ""
    arch: Count = 0
    url: Text = ""
    filename: Text = ""
    enabled: Flag = False
    is_global: Annotated[Flag, At("global")] = False
    download: Flag = False
    created: Text = ""
    updated: Text = ""


class Media(Section):
    """Templates and ISO images."""

    @operation("GET", "/media/templates/fromServerPackageSpec/{serverPackageId}")
    def get_package_templates(self, package_id: int) -> list[TemplateCategory]:
        """What a server of a package can be built with.

        `GET /media/templates/fromServerPackageSpec/{serverPackageId}`
        """
        return self._ask(Media.get_package_templates, each(TemplateCategory), package_id)

    @operation("GET", "/media/iso/{isoId}")
    def get_iso(self, iso_id: int) -> Iso:
        """One ISO image (`GET /media/iso/{isoId}`)."""
        return self._ask(Media.get_iso, one(Iso), iso_id)
