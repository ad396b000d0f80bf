"""Where an operation lives in Pulumi: in a resource, a function, or a command."""

from __future__ import annotations

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from types import ModuleType

from pulumi_virtfusion.api import operation_of
from pulumi_virtfusion.commands import main
from pulumi_virtfusion.functions import MODULES as FUNCTIONS
from pulumi_virtfusion.functions import function
from pulumi_virtfusion.program.resource import Resource
from pulumi_virtfusion.providers.native.functions import TOKENS
from pulumi_virtfusion.providers.native.schema import schema
from pulumi_virtfusion.resources import MODULES as RESOURCES
from pulumi_virtfusion.resources import resource_class
from pulumi_virtfusion.schema.fields import called_by
from tests.coverage.mentions import Key, mentioned

SOME = 3
"""Inputs that one operation sets, up to which a cell names each."""


def homes() -> dict[Key, list[str]]:
    """By operation: `Server (create)`, `Server.memory`, `get_server()`, `virtfusion doctor`."""
    found: dict[Key, list[str]] = defaultdict(list)
    for name in RESOURCES:
        for key, home in _of_resource(name, resource_class(name)):
            found[key].append(home)
    for name in FUNCTIONS:
        for key in sorted(of_function(name)):
            found[key].append(f"`{name}()`")
    for key, home in _of_commands():
        found[key].append(home)
    return found


def in_the_plug_in() -> dict[Key, list[str]]:
    """By operation, the resources and functions of the schema behind which it is; else the command that asks for it."""
    found: dict[Key, list[str]] = defaultdict(list)
    for token in schema()["resources"]:
        name = token.rpartition(":")[2]
        for key in dict.fromkeys(key for key, _ in _of_resource(name, resource_class(name))):
            found[key].append(f"`{name}`")
    for token, name in TOKENS.items():
        for key in sorted(of_function(name)):
            found[key].append(f"`{token.rpartition(':')[2]}`")
    for key, home in _of_commands():
        if key not in found or found[key] == [home]:
            found[key] = [home]
    return found


def _of_resource(name: str, resource: type[Resource]) -> Iterator[tuple[Key, str]]:
    behaviour = resource.behaviour
    steps = {"create": [type(behaviour).made_by], "read": behaviour.found_by, "delete": behaviour.removed_by}
    parts: dict[Key, list[str]] = defaultdict(list)
    for step, methods in steps.items():
        for key in _keys(methods):
            parts[key].append(step)
    inputs: dict[Key, list[str]] = defaultdict(list)
    for field in resource.fields.values():
        for key in _keys([field.operation] if field.operation else []):
            inputs[key].append(field.name)
    for key in {**parts, **inputs}:
        named = inputs[key] if len(inputs[key]) <= SOME else []
        if len(inputs[key]) > SOME:
            parts[key].insert(1, f"change, {len(inputs[key])} inputs")
        if parts[key]:
            yield key, f"`{name}` ({', '.join(parts[key])})"
        yield from ((key, f"`{name}.{one}`") for one in named)


def _keys(operations: Iterable[Callable[..., object]]) -> Iterator[Key]:
    for operation in operations:
        for method in called_by(operation):
            declared = operation_of(method)
            yield declared.verb, declared.path


def of_function(name: str) -> set[Key]:
    """The operations behind a function of the program's interface."""
    (definition,) = ast.parse(inspect.getsource(function(name))).body
    assert isinstance(definition, ast.FunctionDef)
    # What its docstring says is no call.
    return mentioned(ast.Module([line for line in definition.body if not isinstance(line, ast.Expr)], []))


def _of_commands() -> Iterator[tuple[Key, str]]:
    for command in main.registered_commands:
        module = inspect.getmodule(command.callback)
        assert module is not None
        keys = {key for source in _sources(module) for key in mentioned(ast.parse(source))}
        yield from ((key, f"`virtfusion {command.name}`") for key in sorted(keys))


def _sources(module: ModuleType) -> Iterator[str]:
    """The text of a command, and of the modules that look at a panel for it alone."""
    text = inspect.getsource(module)
    yield text
    for found in re.findall(r"from \.\.diagnosis\.(\w+) import", text):
        yield inspect.getsource(import_module(f"pulumi_virtfusion.diagnosis.{found}"))
