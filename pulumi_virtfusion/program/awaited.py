"""The arguments that a program gives, once they are known."""

from __future__ import annotations

from typing import Any

import pulumi

from ..schema.plain_values import UNKNOWN, is_known


async def awaited(value: pulumi.Input[Any]) -> tuple[Any, bool]:
    """Return an argument's value, UNKNOWN where it is not known or failed, and whether it is, or may be, a secret."""
    output: pulumi.Output[Any] = pulumi.Output.from_input(value)
    try:
        known = await output.future() if await output.is_known() else UNKNOWN
        return known if is_known(known) else UNKNOWN, await output.is_secret()
    except Exception:  # Pulumi reports a failed argument when it resolves the argument
        return UNKNOWN, True
