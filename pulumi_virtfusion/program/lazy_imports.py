"""Modules that are imported when first asked for."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from types import ModuleType


def imported(name: str) -> ModuleType:
    """The module of that name, imported without the garbage collector.

    Classes are made of many small objects that all stay. Meanwhile the collector would go through everything that
    Pulumi has imported, again and again: a fifth of the time.
    """
    if name in sys.modules or not gc.isenabled():
        return import_module(name)
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.enable()


def keep_imports() -> None:
    """Spares the collector all that exists by now: in a process that goes on importing, none of it goes away."""
    gc.freeze()
