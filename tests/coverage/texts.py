"""What an expression may read as text, as far as the code around it says."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice, product

UNKNOWN = "\0"
"""Stands in a text for what only running it would tell."""
MANY = 16
"""Texts of one expression at most."""
DEEP = 4
"""Names that one name may lead to, one after the other."""


class Texts:
    """The texts in a piece of code; a name stands for every value that it has anywhere in it."""

    def __init__(self, code: ast.AST) -> None:
        self._values: dict[str, list[ast.expr]] = defaultdict(list)
        for name, value in _named_values(code):
            self._values[name].append(value)

    def of(self, node: ast.AST, depth: int = DEEP) -> list[str]:
        """All that an expression may read; at least `UNKNOWN`."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else [UNKNOWN]
        if isinstance(node, ast.JoinedStr):
            return self._joined(node.values, depth)
        if isinstance(node, ast.FormattedValue):
            return self.of(node.value, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._joined([node.left, node.right], depth)
        if isinstance(node, ast.Call):
            return self.of(node.func, depth)
        if isinstance(node, (ast.Name, ast.Attribute)) and depth:
            values = self._values.get(node.id if isinstance(node, ast.Name) else node.attr, [])
            return [text for value in values for text in self.of(value, depth - 1)][:MANY] or [UNKNOWN]
        return [UNKNOWN]

    def _joined(self, nodes: Iterable[ast.AST], depth: int) -> list[str]:
        return ["".join(parts) for parts in islice(product(*(self.of(node, depth) for node in nodes)), MANY)]


def _named_values(code: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names and what they may stand for: by assignment, return, field of a dataclass, or `parametrize`."""
    nodes = list(ast.walk(code))
    classes = {node.name: _fields(node) for node in nodes if isinstance(node, ast.ClassDef)}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.FunctionDef):
            yield from ((node.name, one.value) for one in ast.walk(node) if isinstance(one, ast.Return) and one.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes:
            yield from zip(classes[node.func.id], node.args, strict=False)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "parametrize" and len(node.args) == 2:
            yield from _parameters(*node.args)


def _fields(node: ast.ClassDef) -> list[str]:
    declared = [line.target for line in node.body if isinstance(line, ast.AnnAssign)]
    return [target.id for target in declared if isinstance(target, ast.Name)]


def _parameters(names: ast.expr, cases: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    listed = cases.elts if isinstance(cases, (ast.List, ast.Tuple)) else []
    if isinstance(names, ast.Constant):
        yield from ((str(names.value), case) for case in listed)
    elif isinstance(names, ast.Tuple):
        for case in listed:
            if isinstance(case, ast.Tuple):
                named = zip(names.elts, case.elts, strict=True)
                yield from ((str(name.value), value) for name, value in named if isinstance(name, ast.Constant))
