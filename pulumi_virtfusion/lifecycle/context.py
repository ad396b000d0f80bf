"""The `Context` of a lifecycle that runs outside of a provider host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .run import Run, run_of

if TYPE_CHECKING:
    from ..api import VirtFusion
    from ..config import Settings


@dataclass(frozen=True)
class SilentContext:
    """A `Context` that has the panel of these settings and its run, and drops every message."""

    settings: Settings

    @property
    def panel(self) -> VirtFusion:
        return self.settings.panel()

    @property
    def run(self) -> Run:
        return run_of(self.panel)

    @property
    def urn(self) -> str:
        return ""

    def warn(self, message: str) -> None:
        """Show a warning under the resource; dropped here."""

    def inform(self, message: str) -> None:
        """Show a message under the resource; dropped here."""

    def progress(self, message: str) -> None:
        """Show a status line, until the next message; dropped here."""
