"""How a command fails: with one readable paragraph and exit code 2, which is never 1, the answer "no" of a check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer


@contextmanager
def failing_clearly(*expected: type[Exception]) -> Iterator[None]:
    """Turns missing settings, errors of the panel and of files, and what else is `expected` into exit code 2."""
    from ..api.errors import VirtFusionError
    from ..api.redaction import redacted
    from ..config import NotConfigured

    foreseen: tuple[type[Exception], ...] = (NotConfigured, VirtFusionError, OSError, UnicodeDecodeError, *expected)
    try:
        yield
    except foreseen as error:
        typer.echo(redacted(str(error)), err=True)
        raise typer.Exit(2) from None
