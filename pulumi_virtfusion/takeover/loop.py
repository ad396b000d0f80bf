"""A loop that declares similar objects from a table of the values in which they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .declaration import Declaration, Reference, literal
from .names import part_name, snake
from .python_text import INDENT, WIDTH, bracketed, call_expression, comment, indented

LEAST = 3
"""The smallest number of objects that is worth a loop."""
MOST_COLUMNS = 4
OWN = frozenset({"name", "hostname", "user_id", "email", "ext_relation_id", "rel_str", "public_key", "addresses"})
"""Arguments in which objects of one loop may differ."""
RELATIONS = ("ext_relation_id", "rel_str")

Render = Callable[[Any], str]


@dataclass(frozen=True, eq=False)
class Unit:
    """An object and the parts that belong to it, declared together."""

    head: Declaration
    parts: tuple[Declaration, ...] = ()

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        return self.head, *self.parts

    def likeness(self, render: Render) -> tuple[object, ...]:
        """Return a key that is equal for units that one loop can declare."""
        return tuple(
            (one.kind, one.part, one.remarks, *((name, _kept(name, v, render)) for name, v in one.arguments.items()))
            for one in self.declarations
        )


def _kept(name: str, value: Any, render: Render) -> str:
    return _type(value) if name in OWN else render(value)


def _type(value: Any) -> str:
    """Return the type checkers' name for the value's type, so that no variable has two types."""
    return "Output" if isinstance(value, Reference) else type(value).__name__


@dataclass(frozen=True)
class Column:
    """A column of the table: its name, the loop's variable, and each object's value and Python."""

    name: str
    variable: str
    values: list[Any]
    cells: list[str]


@dataclass
class Loop:
    """A loop over units that are alike, with its table."""

    units: Sequence[Unit]
    keys: list[str]
    """The names of the heads' resources."""
    table: str
    render: Render
    """The function for the Python of a value outside of the loop."""
    variable: Callable[[str, str], str]
    """The function that makes a variable from a name and a type."""
    columns: list[Column] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = self.variable("name", "str")
        kinds = self.units[0].declarations
        self.one = self.variable(snake(kinds[0].kind), kinds[0].kind)
        self._arguments = [{name: self._argument(at, name) for name in one.arguments} for at, one in enumerate(kinds)]
        self._import_ids: list[str] = []
        for at in range(len(kinds)):
            self._import_ids.append(self._import_id(at))

    @property
    def is_readable(self) -> bool:
        return len(self.columns) <= MOST_COLUMNS and len(self._header) <= WIDTH

    def lines(self, collected_in: str) -> Iterator[str]:
        """Yield the lines of the table and the loop, which collects the heads in a dictionary of that name, if any."""
        yield f"{self.table} = {{"
        for at, key in enumerate(self.keys):
            if origins := ", ".join(one.origin for one in self.units[at].declarations if one.origin):
                yield f"{INDENT}# {comment(origins)}"
            yield from indented(self._row(at, key))
        yield "}"
        if collected_in:
            yield f"{collected_in}: dict[str, virtfusion.{self.units[0].head.kind}] = {{}}"
        yield self._header
        is_named = bool(collected_in) or any(
            self._is_head(value) for one in self.units[0].parts for value in one.arguments.values()
        )
        for at, one in enumerate(self.units[0].declarations):
            assigned = f"{self.one} = " if at == 0 and is_named else ""
            yield from indented(f"# {comment(remark)}" for remark in one.remarks)
            yield from indented(call_expression(f"{assigned}virtfusion.{one.kind}", self._given(at)))
        if collected_in:
            yield f"{INDENT}{collected_in}[{self.name}] = {self.one}"

    def _given(self, at: int) -> Iterator[list[str]]:
        """Yield the lines of each argument of a call in the loop."""
        one = self.units[0].declarations[at]
        yield [f"{self.name if at == 0 else self._about_name(f'-{part_name(one.part)}')},"]
        for argument, text in self._arguments[at].items():
            value = one.arguments[argument]
            if isinstance(value, list) and text == self.render(value):
                yield bracketed(f"{argument}=[", list(map(self.render, value)), "],", depth=2)
            else:
                yield [f"{argument}={text},"]
        opts = [f"import_={self._import_ids[at]}", "protect=True"]
        yield bracketed("opts=pulumi.ResourceOptions(", opts, "),", depth=2)

    @property
    def _header(self) -> str:
        variables = ", ".join(column.variable for column in self.columns)
        row = f"({variables})" if len(self.columns) > 1 else variables
        return f"for {self.name}, {row} in {self.table}.items():"

    def _row(self, at: int, key: str) -> list[str]:
        cells = [column.cells[at] for column in self.columns]
        if len(cells) == 1:
            return [f"{literal(key)}: {cells[0]},"]
        return bracketed(f"{literal(key)}: (", cells, "),", depth=1)

    def _is_head(self, value: Any) -> bool:
        return isinstance(value, Reference) and value.of is self.units[0].head

    def _argument(self, at: int, name: str) -> str:
        """Return the Python of an argument inside the loop, with a column of the table where the values need one."""
        values = [unit.declarations[at].arguments[name] for unit in self.units]
        if self._is_head(values[0]):
            return f"{self.one}.{values[0].output}"
        texts = list(map(self.render, values))
        if len(set(texts)) == 1:
            return texts[0]
        if all(isinstance(value, str) for value in values) and (pattern := self._pattern(values)):
            return pattern
        return self._column("title" if name == "name" else name, values, texts)

    def _pattern(self, values: list[str]) -> str:
        """Return the Python of the values as a pattern around the loop's name, or "" where there is none."""
        begin, found, end = values[0].partition(self.keys[0])
        if not found or any(value != f"{begin}{key}{end}" for value, key in zip(values, self.keys, strict=True)):
            return ""
        return self._about_name(end, begin) if begin or end else self.name

    def _about_name(self, end: str, begin: str = "") -> str:
        before, after = (literal(text.replace("{", "{{").replace("}", "}}"))[1:-1] for text in (begin, end))
        return f'f"{before}{{{self.name}}}{after}"'

    def _column(self, name: str, values: list[Any], texts: list[str], *, first: bool = False) -> str:
        """Return the variable of the column with these cells, and add the column if it is new."""
        for column in self.columns:
            if column.name == name and column.cells == texts:
                return column.variable
        made = Column(name, self.variable(name, _type(values[0])), values, texts)
        self.columns.insert(0 if first else len(self.columns), made)
        return made.variable

    def _import_id(self, at: int) -> str:
        ids = [unit.declarations[at].import_id for unit in self.units]
        for name, column in zip(RELATIONS, map(self._column_of, RELATIONS), strict=True):
            if column is not None and ids == list(map(str, column.values)):
                return f"str({column.variable})" if name == RELATIONS[0] else column.variable
        name = f"{snake(self.units[0].declarations[at].kind)}_id"
        heads = [f"{unit.head.import_id}/" for unit in self.units]
        if at == 0 or not all(f"{id_}/".startswith(head) for id_, head in zip(ids, heads, strict=True)):
            return self._id_column(name, ids, first=at == 0)
        rests = [id_[len(head) :] for id_, head in zip(ids, heads, strict=True)]
        if not any(rests):
            return self._import_ids[0]
        rest = _in_braces(self._id_column(name, rests)) if len(set(rests)) > 1 else literal(rests[0])[1:-1]
        return f'f"{_in_braces(self._import_ids[0])}/{rest}"'

    def _id_column(self, name: str, ids: list[str], *, first: bool = False) -> str:
        """Return the Python of the ids from a column of their own, which has numbers where all ids are decimal."""
        if all(id_.isdecimal() and id_ == str(int(id_)) for id_ in ids):
            return f"str({self._column(name, list(map(int, ids)), ids, first=first)})"
        return self._column(name, list(ids), list(map(literal, ids)), first=first)

    def _column_of(self, argument: str) -> Column | None:
        """Return the column of the head's argument, or None if the argument has none."""
        variable = self._arguments[0].get(argument)
        return next((column for column in self.columns if column.variable == variable), None)


def _in_braces(expression: str) -> str:
    """Return the expression in the braces of an f-string, where `str()` is not needed."""
    return f"{{{expression[len('str(') : -1] if expression.startswith('str(') else expression}}}"
