"""The page of one resource, from its declaration: inputs and their changes, outputs, drift and requests."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator

from pulumi_virtfusion.api.http.operation import operation_of
from pulumi_virtfusion.lifecycle.identity import SUBJECTS
from pulumi_virtfusion.program.resource import Resource
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema.descriptions import described
from pulumi_virtfusion.schema.fields import Change, Field, called_by
from tools.site.tested_program import WHOLE, example_of, names_used_in
from tools.site.type_words import type_words

CHANGES = {
    Change.IN_PLACE: "changes it in place",
    Change.REPLACE: "replaces the object",
    Change.CREATE_ONLY: "is refused at preview",
    Change.NEXT_TIME: "counts from the next time on",
    Change.NOTE: "asks the panel nothing",
}


def page_name(resource: str) -> str:
    """Return the file name of a resource's page: `server-ipv4-addresses.md` for `ServerIpv4Addresses`."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in resource).lstrip("-") + ".md"


def facts(name: str) -> Iterator[str]:
    """Yield the generated part of a resource's page."""
    resource = resource_class(name)
    yield sentences(inspect.getdoc(resource) or "")
    yield from example(name)
    yield "## Inputs"
    yield "\n".join(_inputs(resource))
    if outputs := list(_outputs(resource)):
        yield "## Outputs\n\nBeside the inputs, each of which is an output of the same name:"
        yield "\n".join(outputs)
    yield "## Drift"
    yield "\n".join(drift(resource))
    yield "## Requests"
    yield "\n".join(requests(resource))


def example(name: str) -> Iterator[str]:
    """Yield the resource's piece of the tested program, and the origin of the names in it."""
    piece = example_of(name)
    yield f"```python\nimport pulumi_virtfusion as virtfusion\n\n{piece}\n```"
    names = ", ".join(f"`{one}`" for one in names_used_in(piece))
    made = f" It makes {names} before." if names else ""
    yield f"From [one program with every resource](../{WHOLE}), which a test runs on the real CLI.{made}"


def _inputs(resource: type[Resource]) -> Iterator[str]:
    meaning = described(resource)
    for field in resource.fields.values():
        if field.is_input:
            kind = f"{type_words(field)}, required" if field.required else type_words(field)
            yield f"- **`{field.name}`** ({kind}). {sentences(meaning[field.name])}\n  *A change* {change(field)}."


def _outputs(resource: type[Resource]) -> Iterator[str]:
    meaning = described(resource)
    for field in resource.fields.values():
        if not field.is_input:
            kind = f"{type_words(field)}, secret" if field.secret else type_words(field)
            yield f"- **`{field.name}`** ({kind}). {sentences(meaning[field.name])}"


def change(field: Field) -> str:
    """Return the effect of a change of an input, for a sentence that begins with "A change"."""
    if field.change is Change.IN_PLACE and field.operation is not None:
        return f"is made in place: {_operations(called_by(field.operation))}"
    return f"{CHANGES[field.change]}: {field.reason}" if field.reason else CHANGES[field.change]


def drift(resource: type[Resource]) -> Iterator[str]:
    """Yield the changes by others that a refresh of the object sees, and their consequences."""
    fixed = {*SUBJECTS, *resource.behaviour.named_with}
    inputs = [
        field
        for field in resource.fields.values()
        if field.change not in (Change.COMPUTED, Change.NOTE)
        and not (field.change is Change.REPLACE and field.name in fixed)
    ]
    if not resource.behaviour.found_by:
        yield "The API cannot read this object: a refresh keeps what the state has, and sees no drift."
        return
    groups = {
        "A refresh sees it, and the next update puts the program's value back": _named(
            field for field in inputs if field.read_back == "always" and field.change is Change.IN_PLACE
        ),
        "A refresh sees it and warns, and nothing is planned": _named(
            field for field in inputs if field.read_back == "always" and field.change is Change.REPLACE
        ),
        "The panel tells it at times": _named(field for field in inputs if field.read_back == "unreliably"),
        "The panel never tells it, so the program's value is kept": _named(
            field for field in inputs if field.read_back == "never"
        ),
    }
    yield from (f"- {what}: {names}." for what, names in groups.items() if names)
    yield "- An object that is gone is made again by the next update; another one under the same id counts as gone."


def _named(fields: Iterable[Field]) -> str:
    return ", ".join(f"`{field.name}`" for field in fields)


def requests(resource: type[Resource]) -> Iterator[str]:
    """Yield the operations of the API in each step of an object's life."""
    behaviour = resource.behaviour
    made = called_by(type(behaviour).made_by)
    yield f"- Create: {_operations(made)}, then what the creating request does not take."
    yield f"- Read: {_operations(behaviour.found_by) if behaviour.found_by else 'none; the panel cannot be asked'}."
    removed = behaviour.removed_by
    yield f"- Delete: {_operations(removed) if removed else 'none; the state forgets it, the panel keeps it'}."
    yield "- A preview or an update in which nothing changed: none."
    yield ""
    yield (
        "An object is read before it is changed or deleted, and what might be taken for a new one before it is made: "
        "[Performance](../performance.md#requests) counts them."
    )


def _operations(methods: Iterable[Callable[..., object]]) -> str:
    declared = [operation_of(method) for method in methods]
    return ", ".join(f"`{one.verb} {one.path}`" for one in declared)


def sentences(text: str) -> str:
    """Return a description as Markdown: its paragraphs unwrapped, each ending with a full stop or a colon."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in textwrap.dedent(text).split("\n\n")]
    return "\n\n".join(one if one.endswith((".", ":")) else f"{one}." for one in paragraphs if one)


def overview() -> Iterator[str]:
    """Yield a list with one line a resource: the link to its page, and the first paragraph of its docstring."""
    lines = []
    for name in MODULES:
        first, _, _ = (inspect.getdoc(resource_class(name)) or "").partition("\n\n")
        lines.append(f"- [`{name}`]({page_name(name)}): {sentences(first)}")
    yield "\n".join(lines)
