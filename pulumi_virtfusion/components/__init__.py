"""Components: everyday combinations of resources, as one resource each, imported at first use."""

from __future__ import annotations

from importlib import import_module
from typing import Any

MODULES = {"Customer": "customer", "Vps": "vps"}


def component_class(name: str) -> Any:
    """Return the component class of that name."""
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
