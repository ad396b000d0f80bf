"""Names for the resources and variables of a written program."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

RESERVED = frozenset(
    {
        "decide",
        "pulumi",
        "questions",
        "stop_at_questions",
        "virtfusion",
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
    }
)


def snake(kind: str) -> str:
    """Return a class name in snake case: `ssh_key` for `SshKey`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()


def identifier(name: str, kind: str) -> str:
    """Return a variable for an object of that name, or of that kind when the name has no letter or digit of ASCII."""
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or snake(kind)
    return f"{words}_" if words in RESERVED else f"_{words}" if words[0].isdigit() else words


def unique(name: str, taken: Iterable[str]) -> str:
    """Return the name, or the name with the first number that makes it unique."""
    taken, number, candidate = set(taken), 2, name
    while candidate in taken:
        number, candidate = number + 1, f"{name.rstrip('_')}_{number}"
    return candidate


def resource_name(variable: str) -> str:
    """Return the Pulumi name of the resource behind a variable."""
    return variable.strip("_").replace("_", "-")


def common_name(variables: Sequence[str], kind: str) -> str:
    """Return a variable for several objects: the words with which all their variables begin, or else their kind."""
    words = zip(*(one.strip("_").split("_") for one in variables), strict=False)
    begin = "_".join(of_all[0] for of_all in takewhile(lambda of_all: len(set(of_all)) == 1, words))
    return identifier(begin, kind) if re.search("[a-z]", begin.replace(snake(kind), "")) else f"{snake(kind)}s"


def part_name(part: str) -> str:
    """Return the suffix for the resource name of a part, behind the name of its head."""
    return resource_name(identifier(part, "part"))
