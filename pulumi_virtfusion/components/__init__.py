"""What operators build every day, as one resource each; imported when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

MODULES = {"Customer": "customer", "Vps": "vps"}


def component_class(name: str) -> Any:
    """The component class of that name."""
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
