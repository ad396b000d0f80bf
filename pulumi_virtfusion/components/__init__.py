"""What operators build every day, as one resource each; imported when first asked for."""

from __future__ import annotations

from typing import Any

from ..program.lazy_imports import imported

MODULES = {"Customer": "customer", "Vps": "vps"}


def component_class(name: str) -> Any:
    """The component class of that name."""
    return getattr(imported(f"{__name__}.{MODULES[name]}"), name)
