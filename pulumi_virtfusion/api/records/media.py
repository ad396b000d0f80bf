"""Operating system templates and ISO images."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from pulumi_virtfusion.api.record import At, Count, Flag, Record, Rows, Text, wire_names


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

    lowest_id: ClassVar[int] = 0

    category_id: Annotated[int, At("id")]
    """0 is the rest."""
    name: Text = ""
    description: Text = ""
    icon: Text = ""
    templates: Rows[Template] = Field(default=[])


class Iso(Record):
    """An ISO image."""

    unread: ClassVar[frozenset[str]] = wire_names("config users")

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
