"""A stateful panel that answers like VirtFusion's Global API, for experiments and tests."""

from __future__ import annotations

from .wire.server import RunningPanel, running

__all__ = ["RunningPanel", "running"]
