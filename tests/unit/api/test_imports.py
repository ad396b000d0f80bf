"""What the client imports, and when."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pulumi_virtfusion.api

ROOT = Path(pulumi_virtfusion.api.__file__).parent
PACKAGE = "pulumi_virtfusion.api"
MODULES = {
    ".".join((PACKAGE, *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in ROOT.rglob("*.py")
}


def imported(path: Path, *, at_once: bool) -> Iterator[str]:
    """Names of imported modules; with `at_once` only those imported together with the module."""
    tree = ast.parse(path.read_text())
    for node in tree.body if at_once else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("module", MODULES)
def test_the_client_needs_no_pulumi_and_nothing_else_of_this_project_but_its_version(module: str) -> None:
    for name in imported(MODULES[module], at_once=False):
        assert name.partition(".")[0] != "pulumi"
        assert not name.startswith("pulumi_virtfusion") or name.startswith((PACKAGE, "pulumi_virtfusion.version"))


def test_importing_the_client_loads_neither_requests_nor_pydantic_nor_a_section() -> None:
    loaded: set[str] = set()
    waiting = [PACKAGE]
    while waiting:
        module = waiting.pop()
        if module not in loaded:
            loaded.add(module)
            waiting += imported(MODULES[module], at_once=True) if module in MODULES else []
    roots = {name.partition(".")[0] for name in loaded}
    assert not {"requests", "urllib3", "pydantic"} & roots
    assert f"{PACKAGE}.http.transport" in loaded
    assert f"{PACKAGE}.sections.servers" not in loaded
