"""What a command prints: names of servers and keys are the customers', and a terminal obeys what is not printable."""

from __future__ import annotations

import typer


def printable(text: str) -> str:
    """The text with every control, bidirectional and other invisible character written as Python escapes it."""
    return "".join(one if one == "\n" or one.isprintable() else _escaped(one) for one in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def shown(text: str) -> str:
    """The text as it may be shown: without the secrets of the state, and of what the panel has answered here."""
    from ..api.redaction import redacted

    return printable(redacted(text))


def say(text: str, *, err: bool = False) -> None:
    """Print a line as it may be shown."""
    typer.echo(shown(text), err=err)
