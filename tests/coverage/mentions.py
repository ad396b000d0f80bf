"""Which operations of the API a piece of Python names: by a request as text, or by a method of the client."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from itertools import product

from pulumi_virtfusion.api import operation_of
from tests.contract import openapi
from tests.contract.client_methods import METHODS, ClientMethod
from tests.coverage.texts import UNKNOWN, Texts

Key = tuple[str, str]
"""Verb and path of an operation, as the vendor's file writes them."""

REQUEST = re.compile(r"(GET|POST|PUT|DELETE) ([/\0][^\s?]*)(\?\S*)?")


def key_of(method: ClientMethod) -> Key:
    """The operation that a method of the client performs."""
    operation = operation_of(method.function)
    return operation.verb, operation.path


def _references() -> dict[tuple[str, str], Key]:
    """`Servers.get`, and `panel.servers.get` of any client."""
    found = {("panel", "connect"): ("GET", "/connect")}
    for method in METHODS:
        section = method.section.__name__
        attribute = re.sub(r"\B([A-Z])", r"_\1", section).lower()
        found[section, method.name] = found[attribute, method.name] = key_of(method)
    return found


REFERENCES = _references()


def mentioned(code: ast.AST) -> set[Key]:
    """The operations that the code below a node names."""
    mentions = _Mentions(Texts(code))
    mentions.visit(code)
    return mentions.found


def requested(line: str) -> Key | None:
    """The operation of a request such as `PUT /servers/7/owner/2`; None when that does not say which."""
    request = REQUEST.fullmatch(re.sub(r"\{\w+\}", UNKNOWN, line))
    if request is None:
        return None
    verb, path = request[1], request[2].split("/")
    fitting = [one.key for one in openapi.described() if one.verb == verb and _fits(path, one.path.split("/"))]
    if path[0] == UNKNOWN:
        return fitting[0] if len(fitting) == 1 else None
    return min(fitting, key=lambda key: key[1].count("{"), default=None)


def _fits(path: list[str], template: list[str]) -> bool:
    """Whether a path is of that operation; one that begins unknown says at least how it ends."""
    if path[0] == UNKNOWN:
        path, template = path[1:], template[max(1, len(template) - len(path) + 1) :]
        if path[-1:] != template[-1:]:
            return False
    return len(path) == len(template) and all(
        given == part or part.startswith("{") for given, part in zip(path, template, strict=True)
    )


class _Mentions(ast.NodeVisitor):
    def __init__(self, texts: Texts) -> None:
        self.found: set[Key] = set()
        self._texts = texts

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owner = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
        self._add([REFERENCES.get((owner, node.attr))])
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        self._add(map(requested, self._texts.of(node)))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._add(map(requested, self._texts.of(node)))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):  # the pieces between are no lines of their own
                self.visit(part.value)

    def visit_Call(self, node: ast.Call) -> None:
        """A verb and a path may also be two arguments, beside each other or by name."""
        named = {one.arg: one.value for one in node.keywords}
        pairs = [*zip(node.args, node.args[1:], strict=False)]
        if "method" in named and "path" in named:
            pairs.append((named["method"], named["path"]))
        for pair in pairs:
            self._add(requested(f"{verb} {path}") for verb, path in product(*map(self._texts.of, pair)))
        self.generic_visit(node)

    def _add(self, keys: Iterable[Key | None]) -> None:
        self.found.update(key for key in keys if key is not None)
