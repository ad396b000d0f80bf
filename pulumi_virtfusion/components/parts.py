"""The names of a component's parts, and their aliases when a program moves its single resources into a component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeVar

import pulumi

from .options import PartOptions, Places

T = TypeVar("T")


def listed(argument: str, value: Sequence[T]) -> list[T]:
    """Return the items of an argument; raise TypeError for a text, whose items are letters, and for any non-list."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f"{argument} must be a list, not a {type(value).__name__}")
    return list(value)


def labelled(argument: str, value: Mapping[str, T] | None) -> dict[str, T]:
    """Return the items of an argument by their labels; raise TypeError for a value without labels."""
    if value is not None and not isinstance(value, Mapping):
        raise TypeError(f"{argument} must be a dict with labels as its keys, not a {type(value).__name__}")
    return dict(value or {})


class Parts(pulumi.ComponentResource):
    """A component whose parts may have been single resources of the program before."""

    places: ClassVar[Places]

    def __init__(
        self,
        resource_name: str,
        formerly: Mapping[str, str | pulumi.Alias] | None,
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        self._options = PartOptions(self.places, opts)
        super().__init__(f"virtfusion:components:{self.places.component}", resource_name, None, self._options.own)
        self._resource_name = resource_name
        self._formerly = dict(formerly or {})

    def part(
        self,
        kind: str,
        label: str | None = None,
        *,
        after: Sequence[pulumi.Resource] = (),
        deleted_with: pulumi.Resource | None = None,
    ) -> tuple[str, pulumi.ResourceOptions]:
        """Return name and options of a part; `formerly` names the single resource that the part was before."""
        part = kind if label is None else f"{kind}-{label}"
        before = self._formerly.pop(part, None)
        if isinstance(before, str):
            before = pulumi.Alias(name=before, parent=pulumi.ROOT_STACK_RESOURCE)
        options = pulumi.ResourceOptions(
            parent=self,
            aliases=[before] if before else [],
            depends_on=[*after],
            deleted_with=deleted_with,
            **self._options.of(part, kind),
        )
        return f"{self._resource_name}-{part}", options

    def done(self, outputs: Mapping[str, pulumi.Output[object]]) -> None:
        """Register the outputs; raise ValueError where `formerly` or an option names a part that does not exist."""
        if self._formerly:
            raise ValueError(f"formerly: {self._resource_name} has no part {', '.join(sorted(self._formerly))}")
        for option, part in self._options.left_over():
            raise ValueError(f"{option}: {self._resource_name} has no part {part}")
        self.register_outputs(dict(outputs))
