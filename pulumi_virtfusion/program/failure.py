"""Errors that a program shows as one paragraph and that `except NotFound` still catches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import pulumi

from ..api.errors import VirtFusionError
from ..api.redaction import secrets_of_call
from ..config import NotConfigured
from ..schema.fields import Invalid

_hiding: ContextVar[bool] = ContextVar("hiding", default=False)
"""Whether the running function call has a secret argument."""


@contextmanager
def plain_errors() -> Iterator[None]:
    """Raise our errors again as a `pulumi.RunError`, which Pulumi shows without a traceback."""
    try:
        yield
    except pulumi.RunError:
        raise
    except (VirtFusionError, NotConfigured, Invalid) as error:
        kind: Any = type(error)
        args = (error.with_value,) if isinstance(error, Invalid) and not _hiding.get() else error.args
        plain = _ending_the_run(kind)(*args)
    else:
        return
    raise plain


@contextmanager
def keeping(secrets: frozenset[str]) -> Iterator[None]:
    """Redact these texts, and the values of arguments, in each error that is raised inside."""
    before = _hiding.set(True)
    with secrets_of_call() as known:
        known.add(*secrets)
        try:
            yield
        except pulumi.RunError as error:
            error.args = tuple(known.redact(arg) if isinstance(arg, str) else arg for arg in error.args)
            if isinstance(error, VirtFusionError):
                error.text, error.path = known.redact(error.text), known.redact(error.path)
            raise
        finally:
            _hiding.reset(before)


@cache
def _ending_the_run(kind: Any) -> Any:
    return type(kind.__name__, (kind, pulumi.RunError), {"__module__": kind.__module__, "__doc__": kind.__doc__})
