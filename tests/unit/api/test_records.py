"""The records of the client: each is found by its name, by type checkers and at run time alike."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.record import Record

HERE = Path(records.__file__).parent
FOUND = {
    name: path.stem
    for path in sorted(HERE.glob("[a-z]*.py"))
    for name, value in vars(import_module(f"{records.__name__}.{path.stem}")).items()
    if isinstance(value, type) and issubclass(value, Record) and value.__module__ == f"{records.__name__}.{path.stem}"
}


def test_type_checkers_see_every_record() -> None:
    imports = [
        node for node in ast.walk(ast.parse((HERE / "__init__.py").read_text())) if isinstance(node, ast.ImportFrom)
    ]
    seen = {alias.name: str(node.module).rpartition(".")[2] for node in imports for alias in node.names}
    assert {name: seen.get(name) for name in FOUND} == FOUND


@pytest.mark.parametrize("name", FOUND)
def test_each_record_is_there_when_asked_for(name: str) -> None:
    assert getattr(records, name).__module__ == f"{records.__name__}.{FOUND[name]}"


def test_no_other_name_is() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Serverr'"):
        records.Serverr  # type: ignore[attr-defined]  # noqa: B018
