"""The program that the documentation shows in pieces, and that a test runs as a whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "docs" / "every-resource.md", ROOT / "docs" / "settings.md")
"""The pages with the program's pieces, in the order in which these run."""
WHOLE = "every-resource.md"


@cache
def program() -> str:
    """Return all Python of these pages."""
    pages = [page.read_text(encoding="utf-8") for page in PAGES]
    blocks = [block for text in pages for block in re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)]
    return "\n".join(blocks)


def example_of(name: str) -> str:
    """Return the first statement that calls a class or function of that name; raise LookupError if there is none."""
    lines = program().splitlines()
    for statement in ast.parse(program()).body:
        if name in _called(statement):
            return "\n".join(lines[statement.lineno - 1 : statement.end_lineno])
    raise LookupError(f"No piece of the program uses virtfusion.{name}.")


def names_used_in(piece: str) -> list[str]:
    """Return the names that a piece uses and that the rest of the program assigns."""
    made_here = {name.id for name in _names(piece, ast.Store)}
    used = dict.fromkeys(name.id for name in _names(piece, ast.Load))
    return [name for name in used if name not in made_here and name in _assigned()]


def _called(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


def _names(piece: str, context: type[ast.expr_context]) -> Iterator[ast.Name]:
    for node in ast.walk(ast.parse(piece)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, context):
            yield node


@cache
def _assigned() -> frozenset[str]:
    return frozenset(name.id for name in _names(program(), ast.Store))
