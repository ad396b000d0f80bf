"""The failure of a command: one readable paragraph and exit code 2, while 1 is the "no" of a check."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from ._terminal import say


@contextmanager
def failing_clearly(*expected: type[Exception]) -> Iterator[None]:
    """Turn missing settings, errors of panel and files, `expected` errors and bugs into a paragraph and exit code 2."""
    from ..api.errors import VirtFusionError
    from ..config import NotConfigured

    foreseen: tuple[type[Exception], ...] = (NotConfigured, VirtFusionError, OSError, UnicodeDecodeError, *expected)
    try:
        yield
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except foreseen as error:
        say(str(error), err=True)
    except KeyboardInterrupt:
        say("Interrupted.", err=True)
    except Exception as bug:
        say(_of_a_bug(bug), err=True)
    else:
        return
    raise typer.Exit(2) from None


def _of_a_bug(bug: Exception) -> str:
    """Return a sentence on a bug, without the exception's text, which may quote values of the panel or the state."""
    last = traceback.extract_tb(bug.__traceback__)[-1]
    return (
        f"This is a bug of this command: {type(bug).__name__} in {Path(last.filename).name}, line {last.lineno}. "
        "Nothing is known of what it was to tell; please report it with what the panel answers."
    )
