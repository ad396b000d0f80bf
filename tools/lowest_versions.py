"""Prints the lowest versions that pyproject.toml allows, as constraints: `make lowest` installs those."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import requires

FLOOR = re.compile(r"(?P<name>[\w.-]+)(\[[\w,-]+\])?>=(?P<version>[\w.]+)(; extra == ['\"]sandbox['\"])?")
"""A requirement with a lowest version, of no extra but the sandbox: constraints.txt pins the development tools."""


def lowest(requirements: Iterable[str]) -> Iterator[str]:
    """Yield each dependency of the package and of its sandbox, pinned to its lowest version."""
    for requirement in requirements:
        if floor := FLOOR.fullmatch(requirement):
            yield f"{floor['name']}=={floor['version']}"


if __name__ == "__main__":
    print(*lowest(requires("pulumi-virtfusion") or ()), sep="\n")
