"""The Python of a whole program: unique names, references, loops, and a stop where a person has to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Any

from .declaration import Declaration, Reference, Undecided, asked_of, literal
from .loop import LEAST, Loop, Unit
from .names import RESERVED, common_name, identifier, part_name, resource_name, unique
from .python_text import WIDTH, bracketed, call_expression, comment

DECIDE = '''
questions = list[str]()


def decide(question: str) -> int:
    """Stand for a number that the panel does not report, until somebody puts it in."""
    questions.append(question)
    return 0


def stop_at_questions() -> None:
    """End the program before it declares anything, with every question."""
    if questions:
        raise pulumi.RunError("Put in for decide(...): " + "; ".join(questions))

'''
STOP = "\nstop_at_questions()\n"
ADVICE = """`pulumi up` takes over what is declared here and changes nothing at the panel. After that, `import_` may go;
`protect` keeps `pulumi destroy` and replacements away until you take it out.
"""


class Program:
    """Declarations in the order in which they are added; a declaration comes before those that refer to it."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        """The origin of the program, for its first line."""
        self.units: list[Unit] = []
        self.remarks: list[str] = []
        """The objects that are not in the program, and why."""
        self.unseen: list[str] = []
        """The objects and arguments that the API never shows, whatever the panel has."""
        self.notes: list[str] = []
        """Messages for the user once the program is written, which are not part of its text."""
        self.afterwards: list[str] = []
        """The steps after `pulumi up`, for the end of the program."""
        self._variables: dict[Declaration, str] = {}

    def add(self, head: Declaration, *parts: Declaration) -> Declaration:
        """Add an object with its parts, and return the object."""
        variable = self._name(head, identifier(head.name, head.kind))
        for part in parts:
            self._name(part, f"{variable.rstrip('_')}_{part_name(part.part).replace('-', '_')}")
        self.units.append(Unit(head, parts))
        return head

    def _name(self, one: Declaration, variable: str) -> str:
        self._variables[one] = unique(variable, self._variables.values())
        return self._variables[one]

    @property
    def declarations(self) -> list[Declaration]:
        return [one for unit in self.units for one in unit.declarations]

    @property
    def undecided(self) -> list[list[Undecided]]:
        """The arguments that a person has to give, in groups that one choice settles."""
        groups: dict[object, list[Undecided]] = {}
        for one in self.declarations:
            for value in one.arguments.values():
                if isinstance(value, Undecided):
                    groups.setdefault(value.group, []).append(value)
        return list(groups.values())

    @property
    def summary(self) -> str:
        counts = Counter(one.kind for one in self.declarations)
        return ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "nothing"

    @property
    def names(self) -> dict[Declaration, str]:
        """The Pulumi name of each declaration."""
        return {one: resource_name(variable) for one, variable in self._variables.items()}

    def text(self) -> str:
        """Return the program's Python: typed, formatted, and without any helper that it does not use."""
        return Text(self, self._variables).whole()


class Text:
    """The text of one program."""

    def __init__(self, program: Program, variables: dict[Declaration, str]) -> None:
        self.program, self.variables = program, variables
        self.written = dict(variables)
        """The expression by which other declarations refer to each one."""
        self.taken = {*RESERVED, *variables.values()}
        self.types: dict[str, str] = {}
        """The type of each loop variable; loops over values of the same type may share one."""
        self.decisions = self._decisions()

    def whole(self) -> str:
        program = self.program
        blocks = "\n".join(self._blocks())
        head = f'"""{comment(program.origin)}\n\n{ADVICE}"""\n\nimport pulumi\nimport pulumi_virtfusion as virtfusion\n'
        left_out = "".join(f"# {comment(remark)}\n" for remark in program.remarks)
        unseen = "".join(f"# {line}\n" for one in program.unseen for line in wrap(one, WIDTH, subsequent_indent="  "))
        afterwards = "".join(f"# {comment(line)}\n" for line in program.afterwards)
        decide = f"{DECIDE}\n{''.join(self._asked())}{STOP}" if self.decisions else ""
        return "\n".join(filter(None, [head + decide, left_out, unseen, blocks, afterwards]))

    # -- decisions ----------------------------------------------------------------------------------------------

    def _decisions(self) -> dict[object, str]:
        """Return a variable for each question."""
        decisions: dict[object, str] = {}
        for one in self.program.declarations:
            for value in one.arguments.values():
                if isinstance(value, Undecided) and value.group not in decisions:
                    what = f"{self.variables[one].strip('_')}_{value.argument.removesuffix('_id')}"
                    decisions[value.group] = self._new(identifier(what, one.kind))
        return decisions

    def _asked(self) -> Iterator[str]:
        for group in self.program.undecided:
            yield from (f"# {comment(candidate)}\n" for candidate in group[0].candidates)
            variable = self.decisions[group[0].group]
            lines = bracketed(f"{variable} = decide(", [literal(asked_of(group))], ")", depth=0)
            yield "\n".join(lines) + "\n"

    # -- loops and single objects ---------------------------------------------------------------------------------

    def _blocks(self) -> Iterator[str]:
        """Yield the blocks kind by kind, since a resource comes before those that refer to it."""
        for kind in dict.fromkeys(unit.head.kind for unit in self.program.units):
            groups: dict[object, list[Unit]] = {}
            for unit in self.program.units:
                if unit.head.kind == kind:
                    groups.setdefault(unit.likeness(self._render_in(unit)), []).append(unit)
            self._free_variables(groups.values())
            for group in groups.values():
                yield from self._written(group)

    def _free_variables(self, groups: Iterable[list[Unit]]) -> None:
        """Free the variables of the objects that a loop declares, which need none of their own."""
        for group in filter(self._is_for_a_loop, groups):
            self.taken -= {self.variables[one] for unit in group for one in unit.declarations}

    def _written(self, group: list[Unit]) -> Iterator[str]:
        loop = self._loop(group) if self._is_for_a_loop(group) else None
        if loop is None:
            yield from (self._block(one) for unit in group for one in unit.declarations)
            return
        collected = self._new(loop.table.lower()) if self._is_referred_to(group) else ""
        for unit, key in zip(group, loop.keys, strict=True):
            self.written[unit.head] = f"{collected}[{literal(key)}]"
        yield "".join(f"{line}\n" for line in loop.lines(collected))

    def _loop(self, group: list[Unit]) -> Loop | None:
        """Return a loop over the units, or None if it has too many columns or too long a header to be readable."""
        variables = [self.variables[unit.head] for unit in group]
        table = unique(common_name(variables, group[0].head.kind), self._taken_by_tables()).upper()
        loop = Loop(group, list(map(resource_name, variables)), table, self.render, self._loop_variable)
        if not loop.is_readable:
            self._give_variables_back(group)
            return None
        self.taken.add(table)
        return loop

    def _give_variables_back(self, group: Iterable[Unit]) -> None:
        for one in (one for unit in group for one in unit.declarations):
            if self.variables[one] in {*self.taken, *self.types}:
                self.variables[one] = self.written[one] = self._new(self.variables[one])
            self.taken.add(self.variables[one])

    def _taken_by_tables(self) -> Iterable[str]:
        return (one.lower() for one in self.taken if one.isupper())

    def _is_for_a_loop(self, group: list[Unit]) -> bool:
        """Return whether there are enough units, and each part has the name that a loop gives it, without a number."""
        return len(group) >= LEAST and all(
            resource_name(self.variables[part]) == f"{resource_name(self.variables[unit.head])}-{part_name(part.part)}"
            for unit in group
            for part in unit.parts
        )

    def _is_referred_to(self, group: Iterable[Unit]) -> bool:
        heads, own = {unit.head for unit in group}, {one for unit in group for one in unit.declarations}
        others = [one for one in self.program.declarations if one not in own]
        return any(one.of in heads for other in others for one in _references(other.arguments.values()))

    def _loop_variable(self, name: str, type_: str) -> str:
        """Return a variable that no object has, and no other loop for values of another type."""
        free = identifier(name, name)
        while free in self.taken or self.types.get(free, type_) != type_:
            free = unique(free, {*self.taken, free, *(one for one, of in self.types.items() if of != type_)})
        self.types[free] = type_
        return free

    def _new(self, name: str) -> str:
        variable = unique(name, {*self.taken, *self.types})
        self.taken.add(variable)
        return variable

    def _block(self, one: Declaration) -> str:
        variable = self.variables[one]
        lines = [f"# {comment(remark)}" for remark in (*filter(None, [one.origin]), *one.remarks)]
        arguments = [[f"{literal(resource_name(variable))},"]]
        arguments += [self._argument(name, value) for name, value in one.arguments.items()]
        opts = [f"import_={literal(one.import_id)}", "protect=True"]
        arguments.append(bracketed("opts=pulumi.ResourceOptions(", opts, "),", depth=1))
        lines += call_expression(f"{variable} = virtfusion.{one.kind}", arguments)
        return "".join(f"{line}\n" for line in lines)

    def _argument(self, name: str, value: Any) -> list[str]:
        if isinstance(value, list):
            return bracketed(f"{name}=[", list(map(self.render, value)), "],", depth=1)
        return [f"{name}={self.render(value)},"]

    def _render_in(self, unit: Unit) -> Any:
        def render(value: Any) -> str:
            if isinstance(value, Reference) and value.of is unit.head:
                return f".{value.output}"
            return self.render(value)

        return render

    def render(self, value: Any) -> str:
        """Return the Python of a value outside of any loop."""
        if isinstance(value, list):
            return f"[{', '.join(map(self.render, value))}]"
        if isinstance(value, Undecided):
            return self.decisions[value.group]
        return f"{self.written[value.of]}.{value.output}" if isinstance(value, Reference) else literal(value)


def _references(values: Iterable[Any]) -> Iterator[Reference]:
    for value in values:
        if isinstance(value, list):
            yield from _references(value)
        elif isinstance(value, Reference):
            yield value
