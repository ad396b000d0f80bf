"""The API itself."""

from __future__ import annotations

from pulumi import InvokeOptions, Output

from ..api import VirtFusion
from ..api.sections.general import General
from .later import later
from .question import ask


def test_connection(*, client: VirtFusion | None = None) -> None:  # noqa: PT028
    """Check that the panel takes the token (`GET /connect`); a missing scope shows only in the calls it limits."""
    return ask(General.connect, client)


def test_connection_output(*, opts: InvokeOptions | None = None) -> Output[None]:  # noqa: PT028
    """Return an output of `test_connection`."""
    return later(test_connection, opts)
