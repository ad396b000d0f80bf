"""Pulumi's type tokens of our resources and providers, through either provider; each state holds them."""

from __future__ import annotations

PACKAGE = "virtfusion"
DYNAMIC = f"pulumi-python:dynamic/{PACKAGE}:"
NATIVE = f"{PACKAGE}:index:"
PROVIDERS = ("pulumi:providers:pulumi-python", f"pulumi:providers:{PACKAGE}")
"""The type tokens of the two providers: dynamic, then native."""


def kind_of(type_: str) -> str:
    """Return the class name in a type token, such as `Server`; "" for a token that is not ours."""
    return next((type_.removeprefix(prefix) for prefix in (DYNAMIC, NATIVE) if type_.startswith(prefix)), "")
