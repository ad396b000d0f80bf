"""Which package a server has: the panel never tells, so it is looked for by what the server got from it."""

from __future__ import annotations

from collections.abc import Sequence

from ..api.records import Package, Server
from ..resources import resource_class
from .declaration import Undecided

SPECS: list[str] = [
    field.name for field in resource_class("Server").fields.values() if field.package_component is not None
]
"""The arguments of a server that its package sets."""
MOST_CANDIDATES = 5


def nearest(server: Server, packages: Sequence[Package]) -> list[Package]:
    """The packages that differ from the server in the fewest of these."""
    fewest = min((len(_differences(server, package)) for package in packages), default=0)
    return [package for package in packages if len(_differences(server, package)) == fewest]


def chosen(server: Server, candidates: Sequence[Package]) -> int | Undecided:
    """The only candidate, when it differs in nothing; else the question which one it is."""
    if len(candidates) == 1 and not _differences(server, candidates[0]):
        return candidates[0].package_id
    listed = candidates[:MOST_CANDIDATES]
    ids = " or ".join(str(package.package_id) for package in listed) or "none of the panel's"
    more = f" or one of {len(candidates) - len(listed)} more" if len(candidates) > len(listed) else ""
    return Undecided(f"package_id of server {server.server_id}: {ids}{more}", tuple(_line(server, p) for p in listed))


def _differences(server: Server, package: Package) -> list[str]:
    return [
        f"{name} {getattr(package, name)}, the server {getattr(server, name)}"
        for name in SPECS
        if getattr(server, name) != getattr(package, name)
    ]


def _line(server: Server, package: Package) -> str:
    disabled = "" if package.enabled else ", disabled"
    has = "; ".join(_differences(server, package)) or "all that the server has"
    return f"{package.package_id} ({package.name}{disabled}) has {has}"
