"""Prints the lowest versions that pyproject.toml allows, as constraints: `make lowest` installs those."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import requires

FLOOR = re.compile(r"(?P<name>[\w.-]+)(\[[\w,-]+\])?>=(?P<version>[\w.]+)(; extra == ['\"]sandbox['\"])?")
"""Of the extras only the sandbox counts: the tools of development are what constraints.txt says."""


def lowest(requirements: Iterable[str]) -> Iterator[str]:
    """Each dependency of the package and of its sandbox, pinned to its floor."""
    for requirement in requirements:
        if floor := FLOOR.fullmatch(requirement):
            yield f"{floor['name']}=={floor['version']}"


if __name__ == "__main__":
    print(*lowest(requires("pulumi-virtfusion") or ()), sep="\n")
