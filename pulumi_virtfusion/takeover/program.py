"""The Python of a whole program: unique names, references, and a stop where a person has to decide."""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from .declaration import Declaration, Reference, Undecided, literal

RESERVED = frozenset({"decide", "pulumi", "virtfusion", *keyword.kwlist, *keyword.softkwlist, *dir(builtins)})

DECIDE = '''

def decide(question: str) -> int:
    """Stops the program: the panel does not tell this, and nobody has put it in yet."""
    raise pulumi.RunError(question)

'''


class Program:
    """Declarations in the order in which they are added; what is referred to comes first."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        """Where the program comes from, for its first line."""
        self.declarations: list[Declaration] = []
        self.remarks: list[str] = []
        """What is not in the program, and why."""
        self._variables: dict[Declaration, str] = {}

    def add(self, declaration: Declaration) -> Declaration:
        variable = unique(identifier(declaration.name, declaration.kind), self._variables.values())
        self._variables[declaration] = variable
        self.declarations.append(declaration)
        return declaration

    @property
    def undecided(self) -> int:
        """How many arguments a person has to put in."""
        return sum(isinstance(value, Undecided) for one in self.declarations for value in one.arguments.values())

    @property
    def summary(self) -> str:
        counts = Counter(one.kind for one in self.declarations)
        return ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "nothing"

    def text(self) -> str:
        """The program: typed, formatted, and free of anything but what was added."""
        blocks = "\n".join(self._block(one) for one in self.declarations)
        head = f'"""{_comment(self.origin)}\n\n{ADVICE}"""\n\nimport pulumi\nimport pulumi_virtfusion as virtfusion\n'
        decide = DECIDE if self.undecided else ""
        left_out = "".join(f"# {_comment(remark)}\n" for remark in self.remarks)
        return "\n".join(filter(None, [head + decide, left_out, blocks]))

    def _block(self, one: Declaration) -> str:
        variable = self._variables[one]
        lines = [f"# {_comment(remark)}\n" for remark in one.remarks]
        lines.append(f"{variable} = virtfusion.{one.kind}(\n    {literal(variable.strip('_').replace('_', '-'))},\n")
        for name, value in one.arguments.items():
            lines += self._argument(name, value)
        lines.append(f"    opts=pulumi.ResourceOptions(import_={literal(one.import_id)}, protect=True),\n)\n")
        return "".join(lines)

    def _argument(self, name: str, value: Any) -> Iterator[str]:
        if isinstance(value, Undecided):
            yield from (f"    # {_comment(candidate)}\n" for candidate in value.candidates)
            yield f"    {name}=decide({literal(value.question)}),\n"
        else:
            yield f"    {name}={self._value(value)},\n"

    def _value(self, value: Any) -> str:
        if isinstance(value, list):
            return f"[{', '.join(map(self._value, value))}]"
        return f"{self._variables[value.of]}.{value.output}" if isinstance(value, Reference) else literal(value)


ADVICE = """`pulumi up` takes over what is declared here and changes nothing at the panel. After that, `import_` may go;
`protect` keeps `pulumi destroy` and replacements away until you take it out.
"""


def identifier(name: str, kind: str) -> str:
    """A variable for an object of that name, or of that kind when the name has nothing to make one from."""
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()
    return f"{words}_" if words in RESERVED else f"_{words}" if words[0].isdigit() else words


def unique(name: str, taken: Iterable[str]) -> str:
    """The name, or with the first number that makes it unique."""
    taken, number, candidate = set(taken), 2, name
    while candidate in taken:
        number, candidate = number + 1, f"{name.rstrip('_')}_{number}"
    return candidate


def _comment(text: str) -> str:
    """Text of the panel in a comment: whatever it holds, it ends with the line."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
