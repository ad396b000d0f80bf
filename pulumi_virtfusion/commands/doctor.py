"""`virtfusion doctor`: faults between this machine and the panel, each with its remedy."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..project_file import project_file
from ..version import VERSION
from ._panel import StackOption, configuration_here, settings_here
from ._terminal import say, shown

if TYPE_CHECKING:
    from rich.table import Table

    from ..api import VirtFusion
    from ..diagnosis.comparison import Comparison
    from ..diagnosis.finding import Finding

PATIENCE = 60
"""Seconds for all requests to the panel, since a person waits."""
COLOURS = {"ok": "green", "note": "yellow", "BAD": "bold red"}


def command(
    stack: StackOption = None,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare",
            help="Ask one GET of each kind, and say where the shape of the answers is another than this version reads: "
            "names and kinds, and no value of the panel, to paste into a bug report.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Check address, token, the token's scopes, settings, plug-ins and versions; send nothing but GETs.

    Exit with 0 when all is well, with 1 when something is wrong (with `--compare`: when something is different), with
    2 when the check failed. Print a table at a terminal, otherwise a line for each checked thing.
    """
    from ..recovery.pulumi_cli import NoState
    from ._failure import failing_clearly

    with failing_clearly(NoState):
        code = _compared(stack, as_json=as_json) if compare else _examined(stack, as_json=as_json)
    if code:
        raise typer.Exit(code)


def _examined(stack: str | None, *, as_json: bool) -> int:
    """Print the findings, and return the exit code."""
    from rich.console import Console

    console = Console()
    found: list[Finding] = []
    if not as_json and console.is_terminal:
        with console.status("Looking ..."):
            found += _findings(stack)
        console.print(_table(found, coloured=not console.no_color), highlight=False, markup=False)
    else:
        for finding in _findings(stack):
            found.append(finding)
            if not as_json:
                say(_line(finding))
    well = all(finding.verdict != "BAD" for finding in found)
    if as_json:
        _print_json({"well": well, "findings": [asdict(finding) for finding in found]})
    return 0 if well else 1


def _findings(stack: str | None) -> Iterator[Finding]:
    from ..diagnosis.installation import installation
    from ..diagnosis.panel import areas, reached

    yield from installation(in_project=project_file() is not None)
    panel = yield from _settings(stack)
    if panel is None:
        return
    with panel.time_limit(PATIENCE):
        first = reached(panel)
        yield first
        if first.verdict == "ok":
            yield from areas(panel)


def _settings(stack: str | None) -> Generator[Finding, None, VirtFusion | None]:
    """Yield the findings on the settings; return their panel, or None where the settings are bad."""
    from ..config import NATIVE, NotConfigured, Settings
    from ..diagnosis import settings as of
    from ..diagnosis.plug_in import plug_in, project_here
    from ..recovery.pulumi_cli import NoState

    panel = None
    try:
        values, remark = configuration_here(stack)
        if remark:
            yield of.remarked(remark)
        yield from of.keys(values, os.environ)
        settings = Settings.read(lambda key: values.get(key, {}).get("value"))
        panel = settings.panel()
    except (NotConfigured, NoState) as error:
        yield of.wrong(str(error))
    else:
        project = project_here() if settings.door == NATIVE else None
        if project is not None and project.language == "python":  # of any other, the installation has said it
            yield plug_in(project)
        yield from of.of_the_panel(settings, values)
    return panel


def _compared(stack: str | None, *, as_json: bool) -> int:
    """Print the differences of the answers, and return the exit code."""
    from ..diagnosis.comparison import compared

    panel = settings_here(stack).panel()
    with panel.time_limit(PATIENCE):
        panel.connect()
        comparison = compared(panel)
    if as_json:
        _print_json(_in_json(comparison))
    else:
        for line in _in_words(comparison):
            say(line)
    return 1 if comparison.differences else 0


def _in_words(comparison: Comparison) -> Iterator[str]:
    """Yield the lines of the comparison, without any value that identifies the panel."""
    kinds = f"{len(comparison.compared)} kinds of answers"
    number = sum(map(len, comparison.differences.values()))
    count = f"{number} differences" if number != 1 else "one difference"
    yield f"pulumi_virtfusion {VERSION} compared {kinds} with what it reads: {count if number else 'no difference'}."
    for operation, differences in comparison.differences.items():
        yield f"\n{operation}"
        for one in differences:
            yield f"  {one.kind:<8} {': '.join(part for part in (one.where, one.says) if part)}"
    if comparison.left_out:
        yield "\nNot compared:"
        for operation, why in comparison.left_out.items():
            yield f"  {operation}: {why}"


def _in_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "version": VERSION,
        "compared": comparison.compared,
        "differences": [
            {"operation": operation, **asdict(one)}
            for operation, differences in comparison.differences.items()
            for one in differences
        ],
        "not_compared": comparison.left_out,
    }


def _line(finding: Finding) -> str:
    took = "" if finding.milliseconds is None else f" ({finding.milliseconds} ms)"
    return f"{finding.verdict:<5}{finding.name}{took}{': ' if finding.says else ''}{finding.says}"


def _table(found: list[Finding], *, coloured: bool) -> Table:
    """Return a table with a row for each finding; NO_COLOR asks for a table that is not `coloured`."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, header_style="bold" if coloured else "")
    for column in ("", "checked", "found"):
        table.add_column(column, overflow="fold")
    area = ""
    for finding in found:
        if area and finding.area != area:
            table.add_section()
        area = finding.area
        took = "" if finding.milliseconds is None else f"{finding.milliseconds} ms"
        verdict = Text(finding.verdict, style=COLOURS[finding.verdict] if coloured else "")
        table.add_row(verdict, Text(shown(finding.name)), Text(shown(" ".join(filter(None, (finding.says, took))))))
    return table


def _print_json(value: dict[str, Any]) -> None:
    from ..api.redaction import redacted

    typer.echo(redacted(json.dumps(value, indent=2)))
