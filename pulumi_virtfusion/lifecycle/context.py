"""What a step of the lifecycle may use beside its values, where no host shows its messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .run import Run, run_of

if TYPE_CHECKING:
    from ..api import VirtFusion
    from ..config import Settings


@dataclass(frozen=True)
class SilentContext:
    """The panel of these settings and its run, outside of any host: nobody is told anything."""

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
        """Shows a warning under the resource."""

    def inform(self, message: str) -> None:
        """Shows a message under the resource."""

    def progress(self, message: str) -> None:
        """Shows what is being waited for, until the next message."""
