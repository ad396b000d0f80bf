"""The tables of README.md and docs/resources.md, and docs/schema.json, made from the declarations of a checkout.

`python -m tools.tables` writes them, `--check` exits with 1 when that would change one.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields as settings_of
from pathlib import Path
from typing import Any

from pulumi_virtfusion.api.http.operation import operation_of
from pulumi_virtfusion.config import Settings, config_key, environment_variable
from pulumi_virtfusion.program.resource import Resource
from pulumi_virtfusion.providers.native.schema import schema
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema.descriptions import described
from pulumi_virtfusion.schema.fields import Change, Field, called_by

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
RESOURCES = ROOT / "docs" / "resources.md"
SCHEMA = ROOT / "docs" / "schema.json"
Tables = Mapping[str, Callable[[], Iterator[str]]]


def change_of(field: Field) -> str:
    """What a change of the argument does, in the words of the table."""
    if field.change is Change.IN_PLACE and field.operation is not None:
        return f"in place: {_operations(called_by(field.operation))}"
    return f"create only: {field.reason}" if field.reason else field.change.value


def _operations(methods: tuple[Callable[..., object], ...]) -> str:
    declared = [operation_of(method) for method in methods]
    return ", ".join(f"`{one.verb} {one.path}`" for one in declared)


CHANGES = {
    Change.IN_PLACE: "Changes in place",
    Change.REPLACE: "Replaces",
    Change.CREATE_ONLY: "Create only",
    Change.NEXT_TIME: "Counts from the next time on",
    Change.NOTE: "Only noted",
}


def resources_table() -> Iterator[str]:
    """One row a resource: which inputs it has, by what a change of each does."""
    rows = [f"| Resource | {' | '.join(CHANGES.values())} |", f"| --- {'| --- ' * len(CHANGES)}|"]
    for name in MODULES:
        fields = resource_class(name).fields.values()
        cells = [", ".join(_input(f) for f in fields if f.change is change) or "-" for change in CHANGES]
        rows.append(f"| [{name}](#{name.lower()}) | {' | '.join(cells)} |")
    yield "\n".join(rows)


def _input(field: Field) -> str:
    return f"**`{field.name}`**" if field.required else f"`{field.name}`"


def details_table() -> Iterator[str]:
    """One table a resource: what may be set, what a change of it does, what it means."""
    for name in MODULES:
        resource = resource_class(name)
        behaviour = resource.behaviour
        yield f"## {name}"
        yield inspect.cleandoc(resource.__doc__ or "")
        read = _operations(behaviour.found_by) if behaviour.found_by else "cannot be read back"
        removed = _operations(behaviour.removed_by) if behaviour.removed_by else "only forgets it"
        yield f"Read: {read}. Delete: {removed}."
        yield "\n".join(_inputs(resource))
        if any(not field.is_input for field in resource.fields.values()):
            yield "\n".join(_outputs(resource))


def _inputs(resource: type[Resource]) -> Iterator[str]:
    meaning = described(resource)
    yield "| Input | A change | Meaning |"
    yield "| --- | --- | --- |"
    for field in resource.fields.values():
        if field.is_input:
            required = " (required)" if field.required else ""
            yield f"| `{field.name}`{required} | {change_of(field)} | {_cell(meaning[field.name])} |"


def _outputs(resource: type[Resource]) -> Iterator[str]:
    meaning = described(resource)
    yield "| Output beside the inputs | Meaning |"
    yield "| --- | --- |"
    for field in resource.fields.values():
        if not field.is_input:
            yield f"| `{field.name}`{' (secret)' if field.secret else ''} | {_cell(meaning[field.name])} |"


def unread_table() -> Iterator[str]:
    """What the panel does not tell, so that drift of it cannot be seen."""
    rows = [
        "| Resource | Kept from the program, since the panel never tells it | Told unreliably |",
        "| --- | --- | --- |",
    ]
    for name in MODULES:
        inputs = [field for field in resource_class(name).fields.values() if field.is_input]
        never, unreliably = (
            ", ".join(f"`{f.name}`" for f in inputs if f.told == told and f.change is not Change.NOTE)
            for told in ("never", "unreliably")
        )
        if never or unreliably:
            rows.append(f"| {name} | {never or '-'} | {unreliably or '-'} |")
    yield "\n".join(rows)


def settings_table() -> Iterator[str]:
    """Every setting, where it may stand, and its default."""
    rows = ["| Setting | Stack config | Environment | Default |", "| --- | --- | --- | --- |"]
    for setting in settings_of(Settings):
        default: Any = setting.default
        shown = default or "none" if isinstance(default, str) else _number_or_flag(default)
        rows.append(
            f"| {setting.metadata['help']} | `{config_key(setting.name)}` | `{environment_variable(setting.name)}` | "
            f"{shown} |"
        )
    yield "\n".join(rows)


def _number_or_flag(default: Any) -> str:
    return str(default).lower() if isinstance(default, bool) else f"{default:g}"


def commands_table() -> Iterator[str]:
    """Every subcommand of `virtfusion`."""
    from pulumi_virtfusion.commands import main  # the library itself does without what commands need

    rows = ["| Command | |", "| --- | --- |"]
    for command in main.registered_commands:
        summary, _, _ = (inspect.getdoc(command.callback) or "").partition("\n\n")
        rows.append(f"| `virtfusion {command.name}` | {_cell(summary)} |")
    yield "\n".join(rows)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


TABLES: Tables = {
    "resources": resources_table,
    "details": details_table,
    "unread": unread_table,
    "settings": settings_table,
    "commands": commands_table,
}


def rewritten(text: str, tables: Tables = TABLES) -> str:
    """The text with every `<!-- generated: NAME -->` block made anew."""

    def block(match: re.Match[str]) -> str:
        body = "\n\n".join(tables[match["name"]]())
        return f"<!-- generated: {match['name']} -->\n\n{body}\n\n<!-- end -->"

    return re.sub(r"<!-- generated: (?P<name>\w+) -->.*?<!-- end -->", block, text, flags=re.DOTALL)


def rewritten_schema() -> str:
    """What every language is told of the plug-in."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def keep_current(pages: Iterable[Path], tables: Tables, *, check: bool) -> int:
    """Rewrite the pages of a checkout; with `check`, say which of them that would change, and exit with 1."""

    def anew(page: Path) -> str:
        return rewritten_schema() if page == SCHEMA else rewritten(page.read_text(), tables)

    stale = [page for page in pages if not page.exists() or page.read_text() != anew(page)]
    for page in stale:
        if check:
            print(f"{page.name} is not what the code says: run `make docs`.", file=sys.stderr)
        else:
            page.write_text(anew(page))
    return int(check and bool(stale))


if __name__ == "__main__":
    if not README.exists():
        raise SystemExit("An installed package has no pages: run this in a checkout.")
    raise SystemExit(keep_current([README, RESOURCES, SCHEMA], TABLES, check="--check" in sys.argv[1:]))
