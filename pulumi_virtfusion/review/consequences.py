"""The consequences of a plan, step by step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pulumi.runtime.rpc import UNKNOWN

from ..providers.import_option import IMPORT_ID
from ..schema.fields import Change as FieldChange
from .consequence import Change, Consequence
from .inert_text import inert
from .plan import STACK, Plan, Step, is_named_by, kind_of_urn
from .shown_values import is_hidden, value_text

TAKEOVER_LINE = re.compile(r"takes over .+")
LONGEST_LINE = 300
SIZES = {"memory": "MB", "cpu_cores": "", "storage": "GB", "traffic": "GB"}
"""The sizes of a server that a package sets and that people ask for first, each with its unit."""
FIRST = ("suspended", "power_state", "user_id", "ipv4", "addresses", "quantity", "enabled", "rulesets")
"""Arguments whose change the owner of a machine notices at once."""
WIPED = "the server's disk is wiped, and a system installed"
RETAINED = "forgotten, as retain_on_delete says; the panel keeps it"
FOLLOWING = {"create-replacement": "replace", "import-replacement": "replace", "delete-replaced": "delete"}
"""Steps of `--show-replacement-steps`, which stand for themselves where the step that they belong to is missing."""
OTHER = {
    "read": "looked at",
    "read-replacement": "looked at",
    "discard": "no longer looked at",
    "discard-replaced": "no longer looked at",
    "refresh": "refreshed",
    "remove-pending-replace": "cleared from the state",
    "create": "created",
    "update": "changed",
    "delete": "deleted",
    "replace": "replaced",
    "import": "taken over",
}


def consequences_of(plan: Plan) -> list[Consequence]:
    """Return the consequences for every resource, in the order of the plan."""
    reading = _Reading(plan)
    return [one for step in plan.steps for one in reading.of(step)]


class _Reading:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._lines: dict[str, list[str]] = {}
        for message in plan.messages:
            self._lines.setdefault(message.urn, []).extend(message.lines)

    def of(self, step: Step) -> Iterator[Consequence]:
        op = self._meaning(step)
        if not op or op == "same" or step.type == STACK:
            return
        if not step.kind or op not in ("create", "update", "delete", "replace", "import"):
            yield self._other(step, op)
        elif op == "delete":
            yield self._deleted(step)
        elif op == "replace":
            yield self._replaced(step)
        elif op == "update":
            yield from self._updated(step)
        else:
            yield self._created(step, op)

    def _meaning(self, step: Step) -> str:
        """Return the step's operation; "" for a part of a replacement, or of an import, that another step covers."""
        op = FOLLOWING.get(step.op)
        if op is None:
            completes_an_import = any(other.op == "import" for other in self.plan.by_urn[step.urn])
            return "" if step.op == "update" and not step.changed and completes_an_import else step.op
        whole = [other for other in self.plan.by_urn[step.urn] if other.op == "replace"]
        whole = whole or [other for other in self.plan.by_urn[step.urn] if FOLLOWING.get(other.op) == "replace"]
        covered = any(other is not step and (op == "replace" or other.state.id == step.state.id) for other in whole)
        return "" if covered else op

    def _other(self, step: Step, op: str) -> Consequence:
        lost = op in ("delete", "replace") and step.state.custom and not step.type.startswith("pulumi:")
        what = OTHER.get(op, "changed in a way that this version does not know")
        return Consequence("other", step, what, replaces=lost, rank=0 if lost else 1)

    def _deleted(self, step: Step) -> Consequence:
        if step.state.retained:
            return Consequence("other", step, RETAINED, rank=1)
        behaviour, state = step.behaviour, step.state
        what, machine = behaviour.deletion(state.inputs, state.outputs), _takes_a_machine(step)
        if behaviour.is_a_system and self._server_goes(step):
            what = "goes with its server"
        if step.op == "delete-replaced":
            what += "; an earlier run replaced it and did not get to its deletion"
        if not behaviour.removed_by and not machine:
            return Consequence("other", step, what, replaces=True, rank=0)
        rank = 0 if step.is_server else 1 if behaviour.removed_by and machine else 2
        return Consequence("destroyed", step, what, _lost_with(step), destroys=machine, replaces=True, rank=rank)

    def _replaced(self, step: Step) -> Consequence:
        changes = self._changes(step, step.replaced_for or step.changed)
        if self._wipes(step):
            return Consequence("wiped", step, WIPED, "", changes, destroys=True, replaces=True)
        if lost := step.behaviour.destruction(step.wanted.inputs):
            return Consequence("destroyed", step, lost, "", changes, destroys=True, replaces=True)
        what = step.behaviour.when_replaced
        if step.state.retained:
            what = "replaced; the panel keeps the old one, as retain_on_delete says"
        machine = _takes_a_machine(step)
        rank = 0 if step.is_server else 1 if machine else 2
        return Consequence("replaced", step, what, _lost_with(step), changes, machine, replaces=True, rank=rank)

    def _created(self, step: Step, op: str) -> Consequence:
        describing = tuple(
            Change(name, None, value_text(step, name, step.wanted.inputs[name]))
            for name in step.behaviour.described_by
            if name in step.wanted.inputs
        )
        if op == "import" or step.wanted.inputs.get(IMPORT_ID) is not None:
            return self._taken_over(step)
        if self._wipes(step):
            return Consequence("wiped", step, WIPED, "", describing, destroys=True, rank=1)
        if lost := step.behaviour.destruction(step.wanted.inputs):
            return Consequence("destroyed", step, lost, "", describing, destroys=True)
        if step.behaviour.is_a_deed:
            return Consequence("in_place", step, "done", "", describing)
        gone = any(other.op == "refresh" for other in self.plan.by_urn[step.urn])
        what = "created anew: the panel no longer has it" if gone else "created"
        first = step.is_server or step.behaviour.is_a_system
        return Consequence("created", step, what, "", describing, rank=0 if first else 1)

    def _taken_over(self, step: Step) -> Consequence:
        id_ = step.wanted.inputs.get(IMPORT_ID) or step.wanted.id
        changes = (Change("import_", None, value_text(step, IMPORT_ID, id_)),)
        line = self._line(step, TAKEOVER_LINE)
        return Consequence("taken_over", step, "taken over; nothing is created", line, changes)

    def _updated(self, step: Step) -> Iterator[Consequence]:
        behaviour, state = step.behaviour, step.state
        if behaviour.is_a_system and (state.init_errors or behaviour.is_to_be_redone(state.outputs)):
            what = f"its last build did not end well: {WIPED}"
            yield Consequence("wiped", step, what, destroys=True, rank=2)
            return
        if lost := behaviour.destruction(step.wanted.inputs):
            yield Consequence("destroyed", step, lost, "", self._changes(step, step.changed), destroys=True)
            return
        rest = step.changed
        if "package_id" in step.changed:
            change = self._changes(step, ["package_id"])
            old, new = (re.escape(str(text)) for text in (change[0].old, change[0].new))
            line = self._line(step, re.compile(rf"package {old}\b.* -> {new}\b.*")) or _sizes_before(step)
            yield Consequence("package_changes", step, "gets another package", line, change)
            rest = tuple(name for name in step.changed if name != "package_id")
            if not rest:
                return
        what = "done again" if behaviour.is_a_deed else _manner(step, rest)
        rank = min([FIRST.index(name) for name in rest if name in FIRST], default=len(FIRST))
        yield Consequence("in_place", step, what, "", self._changes(step, rest), rank=rank)

    def _changes(self, step: Step, names: Iterable[str]) -> tuple[Change, ...]:
        return tuple(_change(step, name) for name in sorted(names))

    def _wipes(self, step: Step) -> bool:
        """Whether a system is installed on a server that may have one."""
        return step.behaviour.is_a_system and not self._is_fresh(step)

    def _is_fresh(self, step: Step) -> bool:
        """Whether a build is of a server that the plan itself creates, so that nothing is on it yet."""
        if step.wanted.inputs.get("server_id") != UNKNOWN:
            return False
        sources = [
            urn for urn in step.wanted.depends_on.get("server_id", ()) if is_named_by(kind_of_urn(urn), "server_id")
        ]
        return bool(sources) and all(self._makes(urn) for urn in sources)

    def _makes(self, urn: str) -> bool:
        made = [self._meaning(one) for one in self.plan.by_urn.get(urn, [])]
        taken = any(one.wanted.inputs.get(IMPORT_ID) is not None for one in self.plan.by_urn.get(urn, []))
        return not taken and ("create" in made or "replace" in made)

    def _server_goes(self, step: Step) -> bool:
        urns = step.state.depends_on.get("server_id", ())
        return any(self._meaning(one) == "delete" for urn in urns for one in self.plan.by_urn.get(urn, []))

    def _line(self, step: Step, pattern: re.Pattern[str]) -> str:
        found = (line for line in self._lines.get(step.urn, ()) if pattern.fullmatch(line))
        return inert(next(found, ""), LONGEST_LINE)


def _takes_a_machine(step: Step) -> bool:
    return step.behaviour.takes_a_machine(step.state.inputs, step.state.outputs)


def _lost_with(step: Step) -> str:
    """Return the other losses that come with the object's, from outputs that are not hidden."""
    shown = {name: value for name, value in step.state.outputs.items() if not is_hidden(step, name)}
    return inert(step.behaviour.lost_with(shown))


def _change(step: Step, name: str) -> Change:
    """Return an argument's change; the old value is the program's or, where that equals the new one, the panel's."""
    new = step.wanted.inputs.get(name)
    old = step.state.inputs.get(name)
    if old is None or old == new:
        old = step.state.outputs.get(name)
    return Change(inert(name), value_text(step, name, old), value_text(step, name, new))


def _manner(step: Step, changed: Sequence[str]) -> str:
    """Return the manner of an update in place: finished, noted for later, or changed."""
    if not changed:
        return (
            "finished: some of it is not done yet"
            if step.state.init_errors
            else "changed; the preview names no argument"
        )
    fields = step.behaviour.fields
    noted = all(name in fields and fields[name].change is FieldChange.NOTE for name in changed)
    return "noted for later: nothing is done now" if noted else "changed"


def _sizes_before(step: Step) -> str:
    """Return the server's present sizes, for a preview that does not show the sizes of the new package."""
    has = [
        f"{name} {value_text(step, name, step.state.outputs[name])} {unit}".rstrip()
        for name, unit in SIZES.items()
        if step.state.outputs.get(name) is not None
    ]
    return f"has {', '.join(has)}" if has else ""
