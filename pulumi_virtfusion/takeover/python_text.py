"""Python as a formatter leaves it, whether its lines are 88 or 120 characters long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

WIDTH = 88
INDENT = "    "


def comment(text: str) -> str:
    """Text of the panel in a comment or docstring: whatever it holds, it ends with the line."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"{INDENT}{line}" if line else line for line in lines)


def bracketed(opening: str, items: Sequence[str], closing: str, *, depth: int) -> list[str]:
    """On one line where that fits at this depth; else an item a line, which the comma at the end keeps so."""
    whole = f"{opening}{', '.join(items)}{closing}"
    if len(whole) + len(INDENT) * depth <= WIDTH:
        return [whole]
    return [opening, *indented(f"{item}," for item in items), closing]


def call(head: str, arguments: Iterable[Sequence[str]], closing: str = ")") -> list[str]:
    """A call with an argument a line or more, each with its comma."""
    return [f"{head}(", *indented(line for argument in arguments for line in argument), closing]
