"""What Pulumi calls our resources and providers, through either door: it stands in every state."""

from __future__ import annotations

PACKAGE = "virtfusion"
DYNAMIC = f"pulumi-python:dynamic/{PACKAGE}:"
NATIVE = f"{PACKAGE}:index:"
PROVIDERS = ("pulumi:providers:pulumi-python", f"pulumi:providers:{PACKAGE}")
"""The types of the providers behind them."""


def kind_of(type_: str) -> str:
    """`Server` of its full type; "" where it is none of ours."""
    return next((type_.removeprefix(prefix) for prefix in (DYNAMIC, NATIVE) if type_.startswith(prefix)), "")
