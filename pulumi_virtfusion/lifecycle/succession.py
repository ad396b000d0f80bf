"""Resources whose id names a place at the panel, such as a server's firewall, which a successor takes over.

A replacement by force (`--target-replace`, `pulumi state taint`) and a rename make the new resource first and delete
the old one later, maybe in another run. Both are the same thing there, so only the last holder's deletion may touch it.
"""

from __future__ import annotations

import secrets

from .contract import Context, Diff, Incomplete, Made, Values
from .lifecycle import Lifecycle

HOLDER = "__holder"
"""The output that tells a successor from what it replaces, however equal they are; the engine does not show it."""

_holders: dict[tuple[str, str], str] = {}
"""By class and id, the resource that is in the program now, as far as this process was told."""


class SuccessiveLifecycle(Lifecycle):
    """The life of a resource that leaves its place as it is when a successor has it."""

    def create(self, context: Context, arguments: Values) -> Made:
        """Make it, and hold its place from now on."""
        holder = secrets.token_hex(4)
        try:
            made = super().create(context, arguments)
        except Incomplete as error:
            raise Incomplete(self._held(error.made, holder), error.reasons) from None
        return self._held(made, holder)

    def _held(self, made: Made, holder: str) -> Made:
        _holders[self.resource, made.id] = holder
        return Made(made.id, {**made.outputs, HOLDER: holder})

    def diff(self, context: Context, id_: str, olds: Values, news: Values, said: Values | None = None) -> Diff:
        """Only what is in the program is compared: an older holder of the place is still to be deleted."""
        _holders[self.resource, id_] = olds.get(HOLDER, "")
        return super().diff(context, id_, olds, news, said)

    def delete(self, context: Context, id_: str, outputs: Values, inputs: Values | None = None) -> None:
        """Delete it, unless a successor holds its place."""
        holder = outputs.get(HOLDER, "")
        if _holders.get((self.resource, id_), holder) != holder:
            context.progress(f"{self.noun} {id_} is its successor's now")
        else:
            super().delete(context, id_, outputs, inputs)
