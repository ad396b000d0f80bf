"""The generated text on functions, components, commands and errors, from their signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import typer
import typer.cli
import typer.main
from pydantic import BaseModel

from pulumi_virtfusion.api import errors
from pulumi_virtfusion.commands import main
from pulumi_virtfusion.components import MODULES as COMPONENTS
from pulumi_virtfusion.components import component_class
from pulumi_virtfusion.functions import MODULES as FUNCTIONS
from pulumi_virtfusion.functions import function
from pulumi_virtfusion.schema.descriptions import described
from tools.site.resource_page import page_name, sentences

UNSAID = ("client", "opts", "self", "resource_name")
"""Parameters that the page explains once for all."""


def functions() -> Iterator[str]:
    """Yield each function, by the section of the API that it reads."""
    for section in dict.fromkeys(FUNCTIONS.values()):
        yield f"## {section.replace('_', ' ').capitalize()}"
        for name, home in FUNCTIONS.items():
            if home == section and not name.endswith("_output"):
                yield from _function(name)


def _function(name: str) -> Iterator[str]:
    called = function(name)
    yield f"### {name}"
    yield f"```python\n{_signature(called)}\n```"
    yield sentences(inspect.getdoc(called) or "")
    if record := _record(get_type_hints(called)["return"]):
        article = "An" if record.__name__[0] in "AEIO" else "A"
        yield f"{article} `{record.__name__}` has {', '.join(f'`{field}`' for field in record.model_fields)}."


def _signature(called: Any) -> str:
    signature = inspect.signature(called)
    kept = [one for one in signature.parameters.values() if one.name not in UNSAID]
    text = str(signature.replace(parameters=kept)).replace("'", "")
    line = f"{called.__name__}{text}"
    if len(line) <= 70:  # the width that a page has beside its table of contents
        return line
    body = re.sub(r", (?=\w+:|\*, )|(?<=\*), ", ",\n    ", text[1 : text.rindex(")")])
    return f"{called.__name__}(\n    {body},\n){text[text.rindex(')') + 1 :]}"


def _record(answered: Any) -> type[BaseModel] | None:
    """Return the class of the record that a function returns, alone or in a list, or None for any other type."""
    candidates = [answered, *get_args(answered)]
    return next((one for one in candidates if isinstance(one, type) and issubclass(one, BaseModel)), None)


def components() -> Iterator[str]:
    """Yield the arguments of each component, by the part that they are for, and its outputs."""
    for name in COMPONENTS:
        component = component_class(name)
        yield f"## {name}"
        yield sentences(inspect.getdoc(component) or "")
        yield f"{sentences(inspect.getdoc(component.__init__) or '')}"
        yield "### Arguments"
        yield "\n".join(_arguments(component))
        yield "### Outputs"
        meaning = described(component)
        yield "\n".join(f"- **`{output}`**. {sentences(meaning[output])}" for output in component.places.outputs)


def _arguments(component: Any) -> Iterator[str]:
    places = component.places
    for name, parameter in inspect.signature(component.__init__).parameters.items():
        if name in UNSAID:
            continue
        required = " (required)" if parameter.default is inspect.Parameter.empty else ""
        meant = [
            f"`{argument}` of its {_linked(places.kinds[part])}"
            for part, argument in places.arguments.get(name, {}).items()
        ]
        others = "a list of ids, one resource each" if name in places.making else "see above"
        yield f"- **`{name}`**{required}: {', '.join(meant) or others}."


def _linked(resource: type) -> str:
    return f"[{resource.__name__}](resources/{page_name(resource.__name__)})"


def commands() -> Iterator[str]:
    """Yield a list of the subcommands of `virtfusion`, each with the first paragraph of its help."""
    lines = []
    for command in main.registered_commands:
        first, _, _ = (inspect.getdoc(command.callback) or "").partition("\n\n")
        lines.append(f"- [`virtfusion {command.name}`](#virtfusion-{command.name}): {sentences(first)}")
    yield "\n".join(lines)


def command_help() -> Iterator[str]:
    """Yield the help of every subcommand."""
    for name, command in typer.main.get_command(main).commands.items():  # type: ignore[attr-defined]
        text = typer.cli.get_docs_for_click(obj=command, ctx=typer.Context(command), name=name, indent=1)
        # Typer's headings have the name in code, and GitHub's anchor of one is the name alone either way.
        yield re.sub(r"^#+ `?(.*?)`?$", r"## virtfusion \1", text.strip(), count=1, flags=re.MULTILINE).replace(
            f"$ {name} ", f"$ virtfusion {name} "
        )


TREE = re.compile(r"^[├└]── (?P<name>\w+) +(?P<when>.*)$", re.MULTILINE)


def error_classes() -> Iterator[str]:
    """Yield every error of the client, with the situation that raises it, and the advice in its text."""
    for found in TREE.finditer(errors.__doc__ or ""):
        hint = getattr(errors, found["name"]).hint
        yield f"### {found['name']}\n\n{found['when'][0].upper()}{found['when'][1:]}." + (
            f"\n\n> {hint}" if hint else ""
        )
