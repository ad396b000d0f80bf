"""The sandbox reads the vendor's description for itself: sharing code with the client would let both misread it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pulumi_virtfusion.sandbox

PACKAGE = Path(pulumi_virtfusion.sandbox.__file__).parent


def imported(path: Path) -> Iterator[str]:
    """Absolute names of what a module imports."""
    own = ("pulumi_virtfusion", "sandbox", *path.relative_to(PACKAGE).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(own[: -node.level]) if node.level else ""
            yield ".".join(filter(None, (base, node.module)))


def test_the_sandbox_imports_nothing_of_the_rest_of_the_package_nor_pulumi() -> None:
    names = {name for path in PACKAGE.rglob("*.py") for name in imported(path)}
    assert "pulumi_virtfusion.sandbox.rules" in names
    foreign = [name for name in names if name.startswith("pulumi") and not name.startswith("pulumi_virtfusion.sandbox")]
    assert foreign == []


def test_rules_know_nothing_of_http() -> None:
    rules = {name for path in (PACKAGE / "rules").glob("*.py") for name in imported(path)}
    assert not {name for name in rules if name.split(".")[0] in ("starlette", "uvicorn", "http", "asyncio")}
