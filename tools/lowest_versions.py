"""Prints the lowest versions that pyproject.toml allows, as constraints: `make lowest` installs those."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import requires

from packaging.requirements import Requirement

EXTRA = {"extra": "sandbox"}
"""The extra that counts beside the package itself: constraints.txt pins the development tools."""


class NoFloor(Exception):
    """A requirement that names no lowest version, or several."""


def lowest(requirements: Iterable[str]) -> Iterator[str]:
    """Yield each dependency of the package and of its sandbox, pinned to its lowest version; raise `NoFloor`."""
    for one in map(Requirement, requirements):
        if one.marker is None or one.marker.evaluate(EXTRA):
            yield f"{one.name}=={_floor(one)}"


def _floor(one: Requirement) -> str:
    floors = [clause.version for clause in one.specifier if clause.operator == ">="]
    if len(floors) != 1:
        raise NoFloor(f"{one} in pyproject.toml names {len(floors)} lowest versions: write one, as {one.name}>=1.2.")
    return floors[0]


if __name__ == "__main__":
    try:
        print(*lowest(requires("pulumi-virtfusion") or ()), sep="\n")
    except NoFloor as error:
        sys.exit(str(error))
