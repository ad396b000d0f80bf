"""The declaration of a panel object in a program to be written, and its Python."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_NAMED = 3
"""The number of ids that a question about several objects lists."""


@dataclass(frozen=True)
class Undecided:
    """An argument that the panel does not report and that only a person knows."""

    argument: str
    of: tuple[str, str]
    """The object's noun and id: `("server", "69")`."""
    choices: str
    """The possible values, in few words: `1 or 5`."""
    candidates: tuple[str, ...] = ()
    """A line on each possible value."""

    @property
    def question(self) -> str:
        return asked_of([self])

    @property
    def group(self) -> tuple[object, ...]:
        """The key that undecided arguments share where one choice settles all of them."""
        return self.argument, self.of[0], self.choices, self.candidates


def asked_of(group: Sequence[Undecided]) -> str:
    """Return the one question for the undecided arguments of a group."""
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
    """The object's name in the panel or in Terraform, from which a program makes a unique Python name."""
    arguments: Mapping[str, Any]
    """Plain values, `Undecided`, and `Reference` to another declaration."""
    import_id: str
    remarks: tuple[str, ...] = ()
    """Notes: arguments that are left out and why, differences from a Terraform state, and whether it was tainted."""
    part: str = ""
    """The role of an object that belongs to a server: `system`, `primary firewall`; "" for any other object."""
    origin: str = ""
    """The object's address in a Terraform state; "" without one."""

    @property
    def line(self) -> str:
        """The declaration alone, to be pasted into a program that imports `pulumi` and `pulumi_virtfusion`."""
        arguments = [f"{name}={_alone(value)}" for name, value in self.arguments.items()]
        opts = f"opts=pulumi.ResourceOptions(import_={literal(self.import_id)})"
        return f"virtfusion.{self.kind}({', '.join([literal(self.name or 'taken-over'), *arguments, opts])})"


@dataclass(frozen=True)
class Reference:
    """An output of another declaration; `value` is the output's value at the panel."""

    of: Declaration
    output: str
    value: Any


def literal(value: Any) -> str:
    """Return a plain value as Python, with double quotes, and with escapes for unprintable characters."""
    if not isinstance(value, str):
        return repr(value)
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in quoted)


def _alone(value: Any) -> str:
    if isinstance(value, Undecided):
        # Not valid Python: a pasted line fails with the question before the program does anything.
        return f"<{value.question}>"
    if isinstance(value, list):
        return f"[{', '.join(map(_alone, value))}]"
    return literal(value.value if isinstance(value, Reference) else value)
