"""Server packages, also by name."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import Package
from ..api.sections.packages import Packages
from .choice import by_id_or_name, the_one
from .later import later
from .question import ask


def get_packages(*, client: VirtFusion | None = None) -> list[Package]:
    """List all packages (`GET /packages`)."""
    return ask(Packages.list, client)


def get_packages_output(*, opts: InvokeOptions | None = None) -> Output[list[Package]]:
    """Return an output of `get_packages`."""
    return later(get_packages, opts)


def get_package(
    package_id: int | str | None = None, *, name: str | None = None, client: VirtFusion | None = None
) -> Package:
    """Read one package, by its id or its exact name.

    `GET /packages/{packageId}`, by name one of `GET /packages`. Raises `NotOne`, with the candidates, when no package
    or several have the name.
    """
    by_id_or_name(package_id, "package_id", name)
    if name is None:
        return ask(Packages.get, client, package_id)
    packages = get_packages(client=client)
    found = [package for package in packages if package.name == name]
    return the_one(f"package named {name!r}", found, packages, shown=("package_id", "name"))


def get_package_output(
    package_id: Input[int | str] | None = None, *, name: Input[str] | None = None, opts: InvokeOptions | None = None
) -> Output[Package]:
    """Return an output of `get_package`."""
    return later(get_package, opts, package_id, name=name)
