"""A resource of a program yet to be written, and its Python."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_NAMED = 3
"""Objects that a question about many names."""


@dataclass(frozen=True)
class Undecided:
    """An argument that the panel does not tell and that only a person knows."""

    argument: str
    of: tuple[str, str]
    """The object's noun and id: `("server", "69")`."""
    choices: str
    """What it may be, in few words: `1 or 5`."""
    candidates: tuple[str, ...] = ()
    """What it may be, a line each."""

    @property
    def question(self) -> str:
        return asked_of([self])

    @property
    def group(self) -> tuple[object, ...]:
        """What is the same for objects of which one answer decides all."""
        return self.argument, self.of[0], self.choices, self.candidates


def asked_of(group: Sequence[Undecided]) -> str:
    """The one question about objects of which one answer decides all."""
    first, ids = group[0], [one.of[1] for one in group]
    noun, _ = first.of
    if len(ids) == 1:
        return f"{first.argument} of {noun} {ids[0]}: {first.choices}"
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return f"{first.argument} of {len(ids)} {noun}s ({', '.join(ids[:MOST_NAMED])}{more}): {first.choices}"


@dataclass(frozen=True, eq=False)
class Declaration:
    """One object of the panel as a program would declare it."""

    kind: str
    name: str
    """What it is called where it comes from; a program makes it unique and fit for Python."""
    arguments: Mapping[str, Any]
    """Plain values, `Undecided`, and `Reference` to another declaration."""
    import_id: str
    remarks: tuple[str, ...] = ()
    """What the declaration leaves out, and why."""
    part: str = ""
    """What it is of the object that it hangs on: `system`, `primary firewall`."""
    origin: str = ""
    """What another program calls it."""

    @property
    def line(self) -> str:
        """The declaration alone, to be pasted into a program that imports `pulumi` and `pulumi_virtfusion`."""
        arguments = [f"{name}={_alone(value)}" for name, value in self.arguments.items()]
        opts = f"opts=pulumi.ResourceOptions(import_={literal(self.import_id)})"
        return f"virtfusion.{self.kind}({', '.join([literal(self.name or 'taken-over'), *arguments, opts])})"


@dataclass(frozen=True)
class Reference:
    """An output of another declaration; `value` is what it is at the panel."""

    of: Declaration
    output: str
    value: Any


def literal(value: Any) -> str:
    """A plain value as Python, in characters that can be seen, and with double quotes."""
    if not isinstance(value, str):
        return repr(value)
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in quoted)


def _alone(value: Any) -> str:
    if isinstance(value, Undecided):
        # No Python: a pasted line asks before anything is done.
        return f"<{value.question}>"
    if isinstance(value, list):
        return f"[{', '.join(map(_alone, value))}]"
    return literal(value.value if isinstance(value, Reference) else value)
