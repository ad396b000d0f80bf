"""The page for authors of resources: each member of `Behaviour`, the moment of its use, and its default."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

from pulumi_virtfusion.lifecycle.behaviour import Behaviour
from tools.site.resource_page import sentences

GROUP = re.compile(r"^    # -- (?P<title>.+?) -+$", re.MULTILINE)
LONGEST_DEFAULT = 60
OFFERED = "Offered to the methods above"
"""The group of methods that no resource overrides."""


def behaviour() -> Iterator[str]:
    """Yield each attribute and method, under the headings of the class."""
    source = inspect.getsource(Behaviour)
    (declared,) = ast.parse(source).body
    assert isinstance(declared, ast.ClassDef)
    answers = list(_answers(declared))
    starts = [(source.count("\n", 0, found.start()), found["title"]) for found in GROUP.finditer(source)]
    for (start, title), (end, _) in zip(starts, [*starts[1:], (len(source), "")], strict=True):
        yield f"## {title}"
        group = [(text, default) for line, text, default in answers if start < line <= end]
        yield "\n".join(text if title == OFFERED else f"{text}\n  *Default*: {default}." for text, default in group)


def _answers(declared: ast.ClassDef) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the text and the default of each public attribute and method."""
    for one, following in zip(declared.body, [*declared.body[1:], None], strict=True):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and isinstance(following, ast.Expr):
            text = inspect.cleandoc(ast.literal_eval(following.value))
            yield one.lineno, _answer(one.target.id, text), _default(one.value)
        elif isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
            name = one.name if one.decorator_list else f"{one.name}({', '.join(_parameters(one))})"
            yield one.lineno, _answer(name, ast.get_docstring(one) or ""), _default_of(one)


def _answer(name: str, text: str) -> str:
    return f"- **`{name}`**. " + sentences(text).replace("\n\n", " ")


def _parameters(method: ast.FunctionDef) -> list[str]:
    given = [*method.args.args[1:], *method.args.kwonlyargs]
    return [*(one.arg for one in given), *([f"*{method.args.vararg.arg}"] if method.args.vararg else [])]


def _default(value: ast.expr | None) -> str:
    if value is None:
        return "none; it must be given"
    text = ast.unparse(value).replace("'", '"')
    return f"`{text}`" if len(text) <= LONGEST_DEFAULT else "code in the class"


def _default_of(method: ast.FunctionDef) -> str:
    """Return the text for the result of a method where no resource overrides it."""
    if not (body := method.body[1:]):
        return "nothing is done"
    if isinstance(body[0], ast.Raise):
        return _default(None)
    return _default(body[0].value) if isinstance(body[0], ast.Return) else "code in the class"
