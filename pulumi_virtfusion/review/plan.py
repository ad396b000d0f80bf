"""A plan, read from the JSON of `pulumi preview --json`; both forms of the provider in one vocabulary."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from ..api.names import camel_case, snake_case
from ..lifecycle.behaviour import Behaviour
from ..providers.import_option import IMPORT_ID
from ..resources import MODULES, resource_class
from ..schema.type_tokens import DYNAMIC as KIND_PREFIX
from .inert_text import inert

NATIVE = re.compile(r"virtfusion:index(?:/\w+)?:(\w+)")
STACK = "pulumi:pulumi:Stack"
HOW = "Pipe `pulumi preview --json --show-replacement-steps` into this command, or name a file that holds its output."
ERRORS = 5
"""The most errors of a failed preview that a message repeats."""


class NoPlan(Exception):
    """The input is no plan that can be reviewed; the text gives the reason and the remedy."""


@dataclass(frozen=True)
class State:
    """A resource before or after the plan, with the arguments' names of Python programs."""

    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    depends_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By argument, the URNs of the resources that its value depends on."""
    secret_outputs: frozenset[str] = frozenset()
    retained: bool = False
    custom: bool = True
    init_errors: bool = False

    def value(self, name: str) -> Any:
        """Return an argument's value: the program's, or else the panel's."""
        return self.inputs.get(name, self.outputs.get(name))


@dataclass(frozen=True)
class Step:
    """One resource's part of the plan."""

    op: str
    urn: str
    type: str
    kind: str
    """The class's name where the resource is ours, else ""."""
    old: State | None
    new: State | None
    changed: tuple[str, ...] = ()
    """Arguments that differ, without those that the provider keeps for itself."""
    replaced_for: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return name_of(self.urn)

    @property
    def behaviour(self) -> Behaviour:
        """The behaviour of the class; only for a resource of ours."""
        behaviour: Behaviour = resource_class(self.kind).behaviour
        return behaviour

    @property
    def is_server(self) -> bool:
        return is_named_by(self.kind, "server_id")

    @property
    def state(self) -> State:
        """The resource before the plan or, where it is new, after the plan."""
        return self.old or self.new or State()

    @property
    def wanted(self) -> State:
        return self.new or State()


@dataclass(frozen=True)
class Message:
    severity: str
    urn: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The steps and messages of a preview."""

    steps: tuple[Step, ...]
    messages: tuple[Message, ...]
    unchanged: int
    complete: bool
    """Whether the preview came to its end: an interrupted one prints the steps so far, and no summary."""

    @cached_property
    def by_urn(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        for step in self.steps:
            found.setdefault(step.urn, []).append(step)
        return found

    @cached_property
    def stack(self) -> tuple[str, str]:
        """Names of the stack and of the project."""
        parts = self.steps[0].urn.split("::") if self.steps else []
        return (parts[0].rpartition(":")[2], parts[1]) if len(parts) > 1 else ("", "")


def name_of(urn: str) -> str:
    return urn.split("::", 3)[-1]


def kind_of_urn(urn: str) -> str:
    """Return the class in a URN of either form of the provider, such as `Server`; "" where it is not ours."""
    return _Names(_type_of_urn(urn)).kind


def is_named_by(kind: str, argument: str) -> bool:
    """Whether other resources name an object of that kind by that argument."""
    return bool(kind) and argument in resource_class(kind).behaviour.named_by


def _type_of_urn(urn: str) -> str:
    return "".join(urn.split("::", 3)[2:3]).rpartition("$")[2]


def plan_of(data: bytes) -> Plan:
    """Parse the output of `pulumi preview --json`; raise `NoPlan` for any other input, and for a failed preview."""
    digest = _digest(data)
    messages = tuple(_messages(digest.get("diagnostics")))
    if failures := [one for one in messages if one.severity == "error"]:
        raise NoPlan(f"The preview failed, so there is no plan to review. {_errors(failures)}")
    steps = digest.get("steps")
    if not isinstance(steps, list) or not all(_is_step(one) for one in steps):
        raise NoPlan(f"The input is JSON, but not the output of `pulumi preview --json`: it lists no steps. {HOW}")
    summary = digest.get("changeSummary")
    read = tuple(map(_step, steps))
    return Plan(read, messages, _unchanged(read, _mapping(summary)), complete=isinstance(summary, dict))


def _digest(data: bytes) -> Mapping[str, Any]:
    if not data.strip():
        raise NoPlan(f"The input is empty. {HOW}")
    try:
        digest = json.loads(data)
    except RecursionError:
        raise NoPlan(f"The input is nested too deeply to be a preview. {HOW}") from None
    except UnicodeDecodeError:
        raise NoPlan(f"The input is not text. {HOW}") from None
    except json.JSONDecodeError as error:
        raise NoPlan(_unreadable(error)) from None
    except ValueError as error:  # a number of more digits than Python reads
        raise NoPlan(f"The input cannot be read as JSON: {inert(str(error))}. {HOW}") from None
    if isinstance(digest, dict) and "sequence" in digest:
        raise NoPlan(_STREAM)
    if isinstance(digest, dict) and "deployment" in digest:
        raise NoPlan(f"The input is a state (`pulumi stack export`), not a preview. {HOW}")
    if not isinstance(digest, dict):
        raise NoPlan(f"The input is JSON, but not the output of `pulumi preview --json`. {HOW}")
    return digest


_STREAM = (
    "The input is a stream of events, one a line, and not one preview: run `pulumi preview --json` without "
    "PULUMI_ENABLE_STREAMING_JSON_PREVIEW, and not `pulumi up`."
)


def _unreadable(error: json.JSONDecodeError) -> str:
    if error.msg == "Extra data" and re.match(r'\s*\{"(sequence|timestamp)"', error.doc):
        return _STREAM
    if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"The preview is cut off after {len(error.doc)} characters: run it again, and let it end."
    return f"The input is not JSON (line {error.lineno}, column {error.colno}). {HOW}"


def _errors(failures: list[Message]) -> str:
    texts = dict.fromkeys(map(_error, failures))
    more = [f"and {len(texts) - ERRORS} more errors"] if len(texts) > ERRORS else []
    return "; ".join([*(inert(one, 300) for one in list(texts)[:ERRORS]), *more])


def _error(failure: Message) -> str:
    """Return the message on one line; of a failed program's traceback, only the last line."""
    lines = failure.lines[-1:] if any(line.startswith("Traceback") for line in failure.lines) else failure.lines
    about = f"{name_of(failure.urn)}: " if failure.urn else ""
    return about + (" ".join(lines) or "no reason is given")


def _messages(found: Any) -> Iterator[Message]:
    for one in found if isinstance(found, list) else ():
        severity, text = str(_mapping(one).get("severity", "")), str(_mapping(one).get("message", ""))
        lines = [line.strip() for line in text.removeprefix(f"{severity}: ").splitlines()]
        yield Message(severity, str(_mapping(one).get("urn") or ""), tuple(filter(None, lines)))


def _is_step(found: Any) -> bool:
    return isinstance(found, dict) and isinstance(found.get("op"), str) and isinstance(found.get("urn"), str)


def _step(found: Mapping[str, Any]) -> Step:
    urn = found["urn"]
    states = [_mapping(found.get(name)) for name in ("newState", "oldState")]
    given = [str(state["type"]) for state in states if state.get("type")]
    type_ = given[0] if given else _type_of_urn(urn)
    names = _Names(type_)
    new, old = (_state(state, names) if state else None for state in states)
    changed = names.top([*_mapping(found.get("detailedDiff")), *_list(found.get("diffReasons"))])
    replaced_for = names.top(_list(found.get("replaceReasons")))
    return Step(found["op"], urn, type_, names.kind, old, new, changed, replaced_for)


class _Names:
    """The arguments' names of one type: the native plug-in writes them in camelCase."""

    def __init__(self, type_: str) -> None:
        native = NATIVE.fullmatch(type_)
        kind = native[1] if native else type_.removeprefix(KIND_PREFIX)
        self.kind = kind if kind in MODULES and (native or type_.startswith(KIND_PREFIX)) else ""
        self._ours = _spellings(self.kind) if native and self.kind else None

    def name(self, name: str) -> str:
        return name if self._ours is None or name.startswith("__") else self._ours.get(name) or snake_case(name)

    def of(self, values: Any) -> dict[str, Any]:
        return {self.name(name): value for name, value in _mapping(values).items()}

    def top(self, paths: Iterable[Any]) -> tuple[str, ...]:
        """Return the arguments at the begin of these property paths (`keys[1]`, `net.tags`), each once."""
        matches = (re.match(r'\["((?:[^"\\]|\\.)*)"\]|([^.\[]+)', str(path)) for path in paths)
        names = dict.fromkeys(self.name(match[1] or match[2]) for match in matches if match)
        return tuple(name for name in names if not name.startswith("__") and name != IMPORT_ID)


@cache
def _spellings(kind: str) -> Mapping[str, str]:
    return {camel_case(name): name for name in (*resource_class(kind).fields, IMPORT_ID)}


def _state(found: Mapping[str, Any], names: _Names) -> State:
    return State(
        id=str(found.get("id") or found.get("importID") or ""),
        inputs=names.of(found.get("inputs")),
        outputs=names.of(found.get("outputs")),
        depends_on={
            name: tuple(map(str, _list(urns))) for name, urns in names.of(found.get("propertyDependencies")).items()
        },
        secret_outputs=frozenset(names.name(str(name)) for name in _list(found.get("additionalSecretOutputs"))),
        retained=bool(found.get("retainOnDelete")),
        custom=found.get("custom") is not False,
        init_errors=bool(found.get("initErrors")),
    )


def _unchanged(steps: Iterable[Step], summary: Mapping[str, Any]) -> int:
    same = [step for step in steps if step.op == "same"]
    counted = summary.get("same")
    return max(0, (counted if isinstance(counted, int) else len(same)) - sum(step.type == STACK for step in same))


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []
