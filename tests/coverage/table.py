"""The table of all operations: one row each, no cell typed by hand."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from itertools import groupby
from pathlib import Path

from pulumi_virtfusion.sandbox.routes import OPERATIONS
from tests.contract import openapi
from tests.contract.client_methods import METHODS
from tests.coverage.homes import homes, in_the_plug_in, of_function
from tests.coverage.mentions import Key, key_of, mentioned
from tests.unit import test_functions

OWN = Path(__file__).parent
TESTS = OWN.parent
PAGE = TESTS.parent / "docs" / "coverage.md"


@dataclass(frozen=True)
class Row:
    """One operation of the vendor's file; each list is a cell."""

    operation: str
    client: list[str]
    pulumi: list[str]
    plug_in: list[str]
    sandbox: list[str]
    tests: list[str]

    @property
    def lacking(self) -> list[str]:
        """The names of empty cells."""
        return [cell.name for cell in fields(self) if not getattr(self, cell.name)]


@cache
def rows() -> tuple[Row, ...]:
    """A row for every operation, in the order of the vendor's file."""
    clients: dict[Key, list[str]] = defaultdict(list)
    for method in METHODS:
        clients[key_of(method)].append(f"`{method}`")
    rules = {(one.method, one.path): [f"`{_rule(one.rule)}`"] for one in OPERATIONS}
    in_pulumi, plugged_in, tests = homes(), in_the_plug_in(), exercised()
    return tuple(
        Row(
            " ".join(key),
            clients[key],
            in_pulumi.get(key, []),
            plugged_in.get(key, []),
            rules.get(key, []),
            tests.get(key, []),
        )
        for key in (one.key for one in openapi.described())
    )


def _rule(rule: object) -> str:
    return f"{getattr(rule, '__module__', '').rpartition('.')[2]}.{getattr(rule, '__name__', '')}"


def exercised() -> dict[Key, list[str]]:
    """The test modules that name an operation, as `lifecycle/test_user`."""
    found: dict[Key, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for key in _asked_in(path):
            found[key].append(str(path.relative_to(TESTS).with_suffix("")))
    return found


def _asked_in(path: Path) -> set[Key]:
    if path == Path(test_functions.__file__):  # it is given all of them
        return set().union(*map(of_function, test_functions.PLAIN))
    # The others beside it ask no panel, and the tests of this table are about words.
    return set() if path.parent in (OWN, TESTS / "unit") else mentioned(ast.parse(path.read_text()))


def table() -> Iterator[str]:
    """The rows in Markdown."""
    lines = ["| Operation | Client | In Pulumi | In the plug-in | Sandbox rule | Tests |", "|" + " --- |" * 6]
    for row in rows():
        cells = [
            f"`{row.operation}`",
            *(", ".join(cell) for cell in (row.client, row.pulumi, row.plug_in, row.sandbox)),
        ]
        lines.append(f"| {' | '.join([*cells, _by_folder(row.tests)])} |")
    yield "\n".join(lines)


def _by_folder(modules: list[str]) -> str:
    folders = groupby(modules, key=lambda module: module.rpartition("/")[0])
    return "; ".join(
        f"{folder}: {', '.join(module.rpartition('test_')[2] for module in inside)}" for folder, inside in folders
    )
