"""Errors that a program shows as one paragraph and that `except NotFound` still catches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pulumi

from ..api.errors import VirtFusionError
from ..config import NotConfigured
from ..fields import Invalid


@contextmanager
def told_plainly() -> Iterator[None]:
    """Gives our errors the one base class that Pulumi shows without a traceback."""
    try:
        yield
    except pulumi.RunError:
        raise
    except (VirtFusionError, NotConfigured, Invalid) as error:
        kind: Any = type(error)
        plain = _ending_the_run(kind)(*error.args)
    else:
        return
    raise plain


@cache
def _ending_the_run(kind: Any) -> Any:
    return type(kind.__name__, (kind, pulumi.RunError), {"__module__": kind.__module__, "__doc__": kind.__doc__})
