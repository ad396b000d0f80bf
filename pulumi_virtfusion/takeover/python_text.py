"""Python text that a formatter leaves alone, at a line length of 88 or of 120 characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

WIDTH = 88
INDENT = "    "


def comment(text: str) -> str:
    """Escape the unprintable characters of a panel's text, so that a comment or docstring line cannot end early."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"{INDENT}{line}" if line else line for line in lines)


def bracketed(opening: str, items: Sequence[str], closing: str, *, depth: int) -> list[str]:
    """Return the items on one line where they fit at this depth, else one a line, which the last comma keeps so."""
    whole = f"{opening}{', '.join(items)}{closing}"
    if len(whole) + len(INDENT) * depth <= WIDTH:
        return [whole]
    return [opening, *indented(f"{item}," for item in items), closing]


def call_expression(head: str, arguments: Iterable[Sequence[str]], closing: str = ")") -> list[str]:
    """Return the lines of a call; each argument has one or more lines of its own, with its comma."""
    return [f"{head}(", *indented(line for argument in arguments for line in argument), closing]
