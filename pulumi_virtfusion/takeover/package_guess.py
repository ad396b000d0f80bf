"""Which package a server has: the panel never tells, so it is looked for by what the server got from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..api.records import Package, Server
from ..resources import resource_class
from .declaration import Undecided
from .kinds import SERVER

SPECS: list[str] = [
    field.name for field in resource_class(SERVER).fields.values() if field.package_component is not None
]
"""The arguments of a server that its package sets."""
MOST_CANDIDATES = 5


class WrongAnswer(Exception):
    """An answer about a package that cannot be one; the text says why."""


@dataclass
class PackageAnswers:
    """What somebody says about packages before being asked."""

    packages: Sequence[Package]
    of_all: list[int] = field(default_factory=list)
    """Packages that a server has of which they are candidates."""
    by_server: dict[int, int] = field(default_factory=dict)
    used: set[object] = field(default_factory=set)

    @classmethod
    def read(cls, texts: Iterable[str], packages: Sequence[Package]) -> PackageAnswers:
        """Answers such as `2`, and `69=2` for one server; `WrongAnswer` when the panel has no such package."""
        answers = cls(packages)
        for text in texts:
            server, equals, package = text.rpartition("=")
            if not package.isdecimal() or (equals and not server.isdecimal()):
                raise WrongAnswer(f"--package {text}: must be the id of a package, or SERVER=PACKAGE, such as 69=2.")
            if int(package) not in {one.package_id for one in packages}:
                there = ", ".join(f"{one.package_id} ({one.name})" for one in packages) or "none"
                raise WrongAnswer(f"--package {text}: the panel has no package {package}; there are {there}.")
            if equals:
                answers.by_server[int(server)] = int(package)
            else:
                answers.of_all.append(int(package))
        return answers

    def package_of(self, server: Server) -> int | None:
        """The package that the server has by these answers; None where it is certain, or they leave it open."""
        if (package := self.by_server.get(server.server_id)) is not None:
            self.used.add(server.server_id)
            return package
        candidates = nearest(server, self.packages)
        if isinstance(chosen(server, candidates), int):
            return None
        named = {one.package_id for one in candidates}.intersection(self.of_all)
        if len(named) != 1:
            return None
        self.used.update(map(str, named))
        return named.pop()

    @property
    def unused(self) -> list[str]:
        """The answers to what nobody asked, as they were given."""
        servers = [f"{server}={package}" for server, package in self.by_server.items() if server not in self.used]
        return [str(one) for one in self.of_all if str(one) not in self.used] + servers


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
    lines = tuple(_line(server, package) for package in listed)
    return Undecided("package_id", ("server", str(server.server_id)), f"{ids}{more}", lines)


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
