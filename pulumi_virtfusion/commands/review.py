"""`virtfusion review`: the effects of a plan on the machines, for a pull request."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer


class Format(str, Enum):
    """The output format of a review."""

    MARKDOWN = "markdown"
    TEXT = "text"
    JSON = "json"


class FailOn(str, Enum):
    """The plans for which the command fails."""

    DESTROY = "destroy"
    REPLACE = "replace"
    NEVER = "never"


FAILED = 3
REASONS = {
    FailOn.DESTROY: "a server, a build or a pack with servers is deleted, replaced or wiped",
    FailOn.REPLACE: "something is replaced, deleted or wiped",
}


def command(
    preview: Annotated[
        Path,
        typer.Argument(help="What `pulumi preview --json` printed; standard input when left out.", allow_dash=True),
    ] = Path("-"),
    format: Annotated[  # noqa: A002
        Format | None, typer.Option(help="Text at a terminal, else Markdown, when left out.")
    ] = None,
    fail_on: Annotated[FailOn, typer.Option(help="Exit with 3 when the plan does that.")] = FailOn.NEVER,
) -> None:
    """Show the effects of a plan on the machines, most dangerous first: `pulumi preview --json | virtfusion review`.

    Ask no panel and need no settings. Exit with 2 when there is no plan to review, or the preview failed.
    """
    from ..review.json_text import json_text
    from ..review.markdown import markdown
    from ..review.plain_text import plain_text
    from ..review.plan import NoPlan
    from ..review.report import report_on
    from ._failure import failing_clearly

    with failing_clearly(NoPlan):
        report = report_on(preview.read_bytes() if str(preview) != "-" else _piped())
    chosen = format or (Format.TEXT if sys.stdout.isatty() else Format.MARKDOWN)
    write = {Format.MARKDOWN: markdown, Format.TEXT: plain_text, Format.JSON: json_text}[chosen]
    _print(write(report), headings=chosen is Format.TEXT)
    if (fail_on is FailOn.DESTROY and report.destroys) or (
        fail_on is FailOn.REPLACE and (report.replaces or report.destroys)
    ):
        typer.echo(f"--fail-on {fail_on.value}: {REASONS[fail_on]}.", err=True)
        raise typer.Exit(FAILED)


def _piped() -> bytes:
    """Return standard input; refuse a terminal, where nobody would know that the command waits for input."""
    return b"" if sys.stdin.isatty() else sys.stdin.buffer.read()


def _print(text: str, *, headings: bool) -> None:
    """Print the text in the output's encoding, with replacements: a name must not break a pipeline without a locale."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    for line in text.encode(encoding, "backslashreplace").decode(encoding).removesuffix("\n").split("\n"):
        typer.echo(typer.style(line, bold=True) if headings and not line.startswith(" ") else line)
