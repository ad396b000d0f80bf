"""docs/errors.md explains messages that there are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "errors.md").read_text()
EXPLAINED = re.findall(r"^### `(.+)`$", PAGE, re.MULTILINE)
OPEN = "\0"
"""Stands in a message for what differs each time."""
LEAST = 8
"""Letters that have to be the code's own."""


@cache
def messages() -> list[str]:
    """Every text of the package that is no description."""
    return [
        text
        for path in (ROOT / "pulumi_virtfusion").rglob("*.py")
        if "sandbox" not in path.parts
        for text in _texts(ast.parse(path.read_text()))
    ]


def _texts(tree: ast.AST) -> Iterator[str]:
    descriptions = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else OPEN for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in descriptions:
            yield node.value


def is_said(quoted: str) -> bool:
    """Whether a message reads like that: `...` is anything, and any word may be what differs each time."""
    pattern = re.compile(r"\s".join(_word(word) for word in quoted.split()), re.DOTALL)
    return any(len(re.sub(r"\W", "", found[0])) >= LEAST for text in messages() for found in pattern.finditer(text))


def _word(word: str) -> str:
    if word.startswith("..."):
        return ".*?" + re.escape(word[3:])
    return f"(?:{re.escape(word)}|{OPEN}[,.;:]?)"


def test_the_page_explains_messages_of_every_kind() -> None:
    assert len(EXPLAINED) >= 30
    assert len(set(EXPLAINED)) == len(EXPLAINED)


@pytest.mark.parametrize("quoted", EXPLAINED)
def test_a_message_that_is_explained_is_one(quoted: str) -> None:
    assert is_said(quoted), f"docs/errors.md explains {quoted!r}, which no message says (any more)."


@pytest.mark.parametrize(
    "quoted", ["answered slowly by 401", "could not reach the moon", "the panel has another object here"]
)
def test_what_no_message_says_is_noticed(quoted: str) -> None:
    assert not is_said(quoted)
