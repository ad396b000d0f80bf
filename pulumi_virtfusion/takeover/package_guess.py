"""The package of a server, which the panel never reports: guessed from the values that a package sets."""

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
    """An option that names no package or pack; the text gives the reason."""


@dataclass
class PackageAnswers:
    """The packages that the user gives in advance, by `--package`."""

    packages: Sequence[Package]
    of_all: list[int] = field(default_factory=list)
    """Packages for every server that has them among its candidates."""
    by_server: dict[int, int] = field(default_factory=dict)
    used: set[object] = field(default_factory=set)

    @classmethod
    def read(cls, texts: Iterable[str], packages: Sequence[Package]) -> PackageAnswers:
        """Read answers such as `2`, or `69=2` for server 69; raise `WrongAnswer` for any other text or package."""
        answers = cls(packages)
        for text in texts:
            server, equals, package = text.rpartition("=")
            if not package.isdecimal() or (equals and not server.isdecimal()):
                raise WrongAnswer(f"--package {text}: must be the id of a package, or SERVER=PACKAGE, such as 69=2.")
            if int(package) not in {one.package_id for one in packages}:
                there = ", ".join(f"{one.package_id} ({one.name})" for one in packages) or "none"
                raise WrongAnswer(f"--package {text}: the panel has no package {package}; there are {there}.")
            if equals:
                answers._give(int(server), int(package))
            else:
                answers.of_all.append(int(package))
        return answers

    def _give(self, server: int, package: int) -> None:
        """Note the package of a server; raise `WrongAnswer` where another one was given before."""
        if (first := self.by_server.setdefault(server, package)) != package:
            raise WrongAnswer(
                f"--package {server}={package}: {server}={first} was given too, and a server has one package. Give one "
                "of the two."
            )

    def package_of(self, server: Server) -> int | None:
        """Return the package that these answers give the server, or None where they need not or do not settle it."""
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
        """The answers that settled no question, as the user gave them."""
        servers = [f"{server}={package}" for server, package in self.by_server.items() if server not in self.used]
        return [str(one) for one in self.of_all if str(one) not in self.used] + servers


def nearest(server: Server, packages: Sequence[Package]) -> list[Package]:
    """Return the packages that differ from the server in the fewest of `SPECS`."""
    fewest = min((len(_differences(server, package)) for package in packages), default=0)
    return [package for package in packages if len(_differences(server, package)) == fewest]


def chosen(server: Server, candidates: Sequence[Package]) -> int | Undecided:
    """Return the id of the only candidate if it equals the server in all `SPECS`, else the open question."""
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
