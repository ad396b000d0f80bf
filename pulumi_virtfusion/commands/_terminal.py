"""The output of a command: customers choose the names in it, and a terminal obeys control characters."""

from __future__ import annotations

import typer


def printable(text: str) -> str:
    """Escape every control, bidirectional and other invisible character of a text, as Python does."""
    return "".join(one if one == "\n" or one.isprintable() else _escaped(one) for one in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def shown(text: str) -> str:
    """Redact a text for output: the secrets of the state and of the panel's answers, and invisible characters."""
    from ..api.redaction import redacted

    return printable(redacted(text))


def say(text: str, *, err: bool = False) -> None:
    """Print a line through `shown`; with `err`, to standard error."""
    typer.echo(shown(text), err=err)
