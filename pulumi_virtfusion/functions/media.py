"""Templates of operating systems, also by name, and ISO images."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import Iso, Template, TemplateCategory
from ..api.sections.media import Media
from .choice import the_one
from .later import later
from .question import ask


def get_package_templates(package_id: int | str, *, client: VirtFusion | None = None) -> list[TemplateCategory]:
    """List the operating systems for a server of a package, by families.

    `GET /media/templates/fromServerPackageSpec/{serverPackageId}`
    """
    return ask(Media.get_package_templates, client, package_id)


def get_package_templates_output(
    package_id: Input[int | str], *, opts: InvokeOptions | None = None
) -> Output[list[TemplateCategory]]:
    """Return an output of `get_package_templates`."""
    return later(get_package_templates, opts, package_id)


def get_template(
    package_id: int | str,
    *,
    name: str,
    version: str | None = None,
    variant: str | None = None,
    client: VirtFusion | None = None,
) -> Template:
    """Read the one template of a package with this name, and with this version and variant where given.

    A version is also known by its first words, `12` for `12 (Bookworm)`; `variant=""` is the one without a variant. One
    of `GET /media/templates/fromServerPackageSpec/{serverPackageId}`. Raises `NotOne`, with the candidates, when none
    or several fit.
    """
    categories = get_package_templates(package_id, client=client)
    templates = list({t.template_id: t for category in categories for t in category.templates}.values())
    named = [template for template in templates if template.name == name]
    found = [
        template
        for template in named
        if (version is None or f"{template.version} ".startswith(f"{version} "))
        and (variant is None or template.variant == variant)
    ]
    asked = {"name": name, "version": version, "variant": variant}
    wanted = "template of " + ", ".join(f"{what} {value!r}" for what, value in asked.items() if value is not None)
    return the_one(wanted, found, named or templates, shown=("template_id", *asked))


def get_template_output(
    package_id: Input[int | str],
    *,
    name: Input[str],
    version: Input[str] | None = None,
    variant: Input[str] | None = None,
    opts: InvokeOptions | None = None,
) -> Output[Template]:
    """Return an output of `get_template`."""
    return later(get_template, opts, package_id, name=name, version=version, variant=variant)


def get_iso(iso_id: int | str, *, client: VirtFusion | None = None) -> Iso:
    """Read one ISO image (`GET /media/iso/{isoId}`)."""
    return ask(Media.get_iso, client, iso_id)


def get_iso_output(iso_id: Input[int | str], *, opts: InvokeOptions | None = None) -> Output[Iso]:
    """Return an output of `get_iso`."""
    return later(get_iso, opts, iso_id)
