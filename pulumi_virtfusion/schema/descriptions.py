"""The text below each declaration of a class, which Python itself does not keep."""

from __future__ import annotations

import ast
import inspect


def described(declaring: type) -> dict[str, str]:
    """Return the text below each annotated attribute of a class, by the attribute's name."""
    tree = ast.parse(inspect.getsource(declaring)).body[0]
    assert isinstance(tree, ast.ClassDef)
    texts = {}
    for line, following in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(line, ast.AnnAssign) and isinstance(following, ast.Expr):
            assert isinstance(line.target, ast.Name)
            texts[line.target.id] = inspect.cleandoc(ast.literal_eval(following.value))
    return texts
