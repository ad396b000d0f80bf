"""Check and diff: arguments are validated, compared with the state, and the plan is explained before any write."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from ..api.errors import NotFound, VirtFusionError
from ..api.redaction import redacted_later
from ..schema.fields import Change, Field, Invalid
from ..schema.non_secret import shown
from ..schema.plain_values import is_known, known_part
from ..schema.required import missing
from ..schema.timestamps import uniform
from .behaviour import Behaviour
from .contract import ADOPTED, Checked, Context, Diff, Problem, Refused, Values
from .identity import (
    FACTS_OF,
    IDENTITY,
    PANEL,
    SUBJECTS,
    Identity,
    Subject,
    lacking,
    panel_address,
    panel_now,
    panel_of,
    refuse_another_panel,
    stack_of,
)
from .intent import Intent, intent
from .lost_answers import BEFORE, Before, before_input, import_line, seen_before
from .read_back import value_in
from .run import Compared, Expected

NOTHING: Values = MappingProxyType({})
HOLDER = "__holder"
"""The output that distinguishes a successor from its predecessor when all values are equal; no engine shows it."""
DIFFERING_INPUTS = "__said"
"""The output with the program's values where the panel's differ, for a host that does not pass on old inputs."""


class Planning:
    """Check and diff of any resource, driven by its declared fields and its behaviour."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.resource, self.noun, self.fields = behaviour.resource, behaviour.noun, behaviour.fields

    # -- check --------------------------------------------------------------------------------------------------

    def check(self, context: Context, olds: Values, news: Values, adopts: Any = None) -> Checked:
        """Parse and validate the arguments; unknown values pass.

        `adopts` names an object to adopt instead of making one. `Refused` is raised for a state of another panel.
        """
        inputs = {name: value for name, value in self.behaviour.completed(news).items() if value is not None}
        problems = self._parse(inputs)
        problems += [
            Problem(name, "is required") for name in missing(self.fields, inputs) if not _is_refused(name, problems)
        ]
        if not problems:
            problems += [_with_value(p, news) for p in self.behaviour.validate(inputs)]
            problems += [_with_value(p, news) for p in self._refused_changes(olds, inputs)]
            problems += self._contested(context, inputs)
        # "" marks a state of an earlier version: its panel is unknown, but its inputs are the program's from now on.
        inputs[PANEL] = (
            panel_now(context, str(olds.get(PANEL, ""))) if olds else panel_address(context.settings.endpoint)
        )
        if olds:
            refuse_another_panel(context, f"this {self.resource}", panel_of({}, olds))
        if not problems and not olds:
            problems += self._foresee_creation(context, inputs, adopts)
        if not olds and context.urn:
            self._foresee_renewal(context, inputs)
        # An input that goes is a change to the engine, which then writes the whole state once for each resource.
        if BEFORE in olds:
            inputs[BEFORE] = olds[BEFORE]
        if not problems and adopts is None and is_known(inputs):
            inputs.update(before_input(self.behaviour.noted_before(context, olds, inputs)))
            if not olds:
                self._warn_of_lookalikes(context, inputs)
        return Checked(inputs, problems)

    def _warn_of_lookalikes(self, context: Context, inputs: Values) -> None:
        """Warn of each object that looks as the create would make one, and that no resource of the program has."""
        run = context.run
        before = Before(
            None,
            is_free=lambda id_: not (run.is_claimed(self.noun, id_) or run.is_in_state(context.urn, id_)),
            once=lambda what, _: seen_before(context, what, list),
        )
        try:
            lookalikes = list(self.behaviour.lookalikes(context, inputs, before))
        except VirtFusionError:
            return  # the create itself will say why, and a warning is worth no failure
        unset = [
            f.name
            for f in self.behaviour.inputs(Change.IN_PLACE)
            if f.name in inputs and f.name not in self.behaviour.create_arguments
        ]
        for one in lookalikes:
            created = next(filter(None, (getattr(one.record, name, "") for name in ("created", "added"))), "")
            made = f" (made {uniform(created)})" if created else ""
            first = f" in a run without {', '.join(unset)}, which was not set yet" if unset else ""
            context.warn(
                f"{self.noun} {one.id}{made} is there already, looks just as this create would make it, and no "
                f"resource that was compared before has it. If an earlier create made it, take it over with "
                f"{import_line(one)}{first}; if it is there on purpose, "
                "or about to be replaced, leave it."
            )

    def _foresee_renewal(self, context: Context, inputs: Values) -> None:
        """Warn of a replacement that an option such as `replace_on_changes` asks for, or refuse it.

        The engine then checks the resource as a new one, after a diff of ours that planned no replacement.
        """
        before = context.run.note_renewal(context.urn)
        if before is None or before.is_replaced:
            return
        if lost := self._losses_of_forced(context, before.id, before.outputs, inputs, before.changed):
            context.warn(lost)

    def foresee_forced(self, context: Context, olds: Values, inputs: Values) -> None:
        """Warn of a replacement for which the engine asks no diff; raise `Refused` as for a planned one.

        Only the outputs are known, and not every resource has its id among them: "" stands for an unknown id.
        """
        id_ = ""
        with suppress(VirtFusionError):
            id_ = self.behaviour.id_in_outputs(context, olds)
        lost = self._losses_of_forced(context, id_, olds, inputs, [])
        if lost and not self.behaviour.is_a_system:  # the check of a new system says what is wiped
            context.warn(lost)

    def _losses_of_forced(self, context: Context, id_: str, olds: Values, inputs: Values, changed: list[str]) -> str:
        """Return the warning of a replacement that an option asks for; "" where nothing is lost."""
        first = self.behaviour.delete_before_replace(olds, inputs)
        with suppress(NotFound):
            self.behaviour.plan(context, id_, olds, inputs, Diff(changed, changed or ["this replacement"], first))
        lost = self.behaviour.losses(context, id_, olds)
        if not lost and self.behaviour.removed_by and not self.behaviour.is_a_place:
            lost = f"deletes {self.behaviour.described(id_, olds).strip()}, and makes a new one."
        return f"an option asks for the replacement, which {lost}" if lost else ""

    def _parse(self, inputs: dict[str, Any]) -> list[Problem]:
        problems = []
        for name, value in inputs.items():
            if name.startswith("__"):  # one of our own inputs, which no program gives
                continue
            if name not in self.fields or not self.fields[name].is_input:
                problems.append(_with_value(Problem(name, f"is not an argument of {self.resource}"), inputs))
                continue
            try:
                inputs[name] = self._parsed(self.fields[name], value)
            except Invalid as error:
                problems.append(Problem(name, str(error), error.with_value))
        return problems

    @staticmethod
    def _parsed(f: Field, value: Any) -> Any:
        if is_known(value):
            return f.parse(value)
        if known := known_part(value) if isinstance(value, list | dict) else None:
            f.parse(known)  # an `up` would refuse it only after the resources that the rest waits for are made
        return value

    def _refused_changes(self, olds: Values, inputs: Values) -> list[Problem]:
        return [
            Problem(f.name, f"cannot be changed: {f.reason}")
            for f in self.behaviour.inputs(Change.CREATE_ONLY)
            if olds and is_known(inputs.get(f.name))
            if not f.same(olds.get(f.name), inputs.get(f.name))
        ]

    def _contested(self, context: Context, inputs: Values) -> list[Problem]:
        contested = [
            (words, context.run.declare_setting((stack_of(context.urn), what), value, context.urn))
            for what, value, words in self.behaviour.shared_settings(inputs)
            if context.urn and is_known([what, value])
        ]
        return [
            Problem(words, f"{other[1].rpartition('::')[2]!r} sets it to another value: declare it once")
            for words, other in contested
            if other is not None
        ]

    def _foresee_creation(self, context: Context, inputs: Values, adopts: Any) -> Iterable[Problem]:
        """Return the problems of a planned create or adoption; inform the user of an object that will be adopted."""
        if adopts is None:
            return self.behaviour.plan_creation(context, inputs)
        try:
            self.foresee_takeover(context, *self.importable(context, adopts, inputs))
        except Refused as refusal:
            return [Problem("import_", str(refusal))]
        return []

    def foresee_takeover(self, context: Context, id_: str, record: Any) -> None:
        """Inform the user of the object that will be adopted."""
        created = self.behaviour.value_of(record, "created")
        made = f" (made {str(created)[:10]})" if created else ""
        context.inform(f"takes over {self.noun} {id_}{made}; nothing is created")

    def importable(self, context: Context, adopts: Any, inputs: Values) -> tuple[str, Any]:
        """Return the id and record of the object to adopt; `Refused` when it is missing or differs from the program."""
        id_ = str(adopts)
        if not self.behaviour.found_by:
            raise Refused(f"names {self.noun} {id_}, but no {self.noun} can be read from the panel")
        try:
            known = {name: value for name, value in inputs.items() if is_known(value)}
            found, record = self.behaviour.look_up(context, id_, known)
        except NotFound:
            raise Refused(f"names {self.noun} {id_}, which the panel does not have") from None
        except ValueError:
            raise Refused(f"names {self.noun} {id_!r}, which cannot be its id") from None
        if different := self.behaviour.differences(record, inputs):
            raise Refused(
                f"{self.noun} {id_} differs from the program: {different}. Make the program say what is there, "
                "then run it again."
            )
        return found, record

    # -- diff ---------------------------------------------------------------------------------------------------

    def diff(self, context: Context, id_: str, olds: Values, news: Values, last_inputs: Values | None = None) -> Diff:
        """Compare the program's arguments (`news`) with the state, warn of consequences, and return the plan.

        `olds` has the outputs as last read from the panel, `last_inputs` the inputs of the last update.
        """
        refuse_another_panel(context, f"{self.noun} {id_}", panel_of(olds, last_inputs))
        olds = self.marked(olds, news)
        self._expect(context, id_, olds)
        if self.behaviour.is_a_place:  # the engine never compares a predecessor that is still to be deleted
            context.run.hold(self.resource, id_, str(olds.get(HOLDER, "")))
        changed = self.changed(olds, news, last_inputs)
        for f in changed:
            if f.change is Change.CREATE_ONLY:  # the check has refused a change to a known value
                context.warn(f"{f.name} is not known yet; if it changes, the update will be refused: {f.reason}.")
        replaces = [f.name for f in changed if f.change is Change.REPLACE]
        diff = Diff([f.name for f in changed], replaces, self.behaviour.delete_before_replace(olds, news))
        diff = self.behaviour.plan(context, id_, olds, news, diff)
        context.run.compared(context.urn, Compared(id_, olds, diff.changed, bool(diff.replaces)))
        self._say(context, id_, olds, news, last_inputs, diff)
        return diff

    def marked(self, olds: Values, news: Values) -> Values:
        """Return the outputs of a state, marked where a program has adopted the system before outputs had the mark."""
        return {**olds, ADOPTED: True} if self.behaviour.is_a_system and ADOPTED in news else olds

    def changed(self, olds: Values, news: Values, last_inputs: Values | None = None) -> list[Field]:
        """Return the arguments whose change an update would carry out or note."""
        has = self.behaviour.owned(olds, news, last_inputs_of(olds, last_inputs))
        return [f for f in self.behaviour.inputs() if self._is_changed(f, has, news, last_inputs)]

    def _is_changed(self, f: Field, olds: Values, news: Values, last_inputs: Values | None) -> bool:
        if f.change is Change.REPLACE:
            return self.intent_of(f, olds, news, last_inputs) is Intent.REPLACE
        if f.name not in news and f.change is not Change.NOTE:
            return False
        before = last_inputs_of(olds, last_inputs) if f.change is Change.NEXT_TIME else olds
        return not f.same(value_in(f, before), value_in(f, news))

    def intent_of(self, f: Field, olds: Values, news: Values, last_inputs: Values | None) -> Intent:
        """Decide whether the program asks for a replacement through this argument."""
        return intent(
            last_inputs_of(olds, last_inputs).get(f.name),
            news.get(f.name),
            olds.get(f.name),
            same=f.same,
            is_read_back=f.read_back == "always",
            is_trigger=f.is_trigger,
            is_imported=ADOPTED in news,
            remembers=last_inputs is None
            or PANEL in last_inputs
            or f.name in SUBJECTS
            or f.name in self.behaviour.named_with,
        )

    def _say(
        self, context: Context, id_: str, olds: Values, news: Values, last_inputs: Values | None, diff: Diff
    ) -> None:
        """Warn and inform a reviewer about the plan: losses of a replacement, postponed changes, possible drift."""
        if diff.replaces:
            if lost := self.behaviour.losses(context, id_, olds):
                context.warn(f"{', '.join(diff.replaces)}: the replacement {lost}")
            return
        later = [name for name in diff.changed if self.fields[name].change is Change.NEXT_TIME]
        if later and (self.behaviour.is_complete(olds) or not self.behaviour.completes(news)):
            context.inform(self.behaviour.postponed(context, ", ".join(later)))
        for f in self.behaviour.inputs(Change.REPLACE):
            if self.intent_of(f, olds, news, last_inputs) is Intent.DOUBTFUL:
                context.warn(
                    f"{f.name}: the panel has {shown(olds.get(f.name))}, and the program says {shown(news[f.name])}. "
                    "The state is of an earlier version, which does not tell whether the program or the panel has "
                    f"changed, so nothing is planned. {self._ways_out(context, olds.get(f.name))}"
                )

    def _ways_out(self, context: Context, has: Any) -> str:
        force = f"`pulumi up --target-replace '{context.urn}'`" if context.urn else "`pulumi up --target-replace`"
        return (
            f"Write {shown(has)} into the program to accept what is there; or ask for the replacement with {force}"
            f"{' or `triggers`' if 'triggers' in self.fields else ''}."
        )

    def _expect(self, context: Context, id_: str, outputs: Values) -> None:
        """Remember the object's identity for the resources that name it, and the facts it holds about others."""
        identity: Identity = outputs.get(IDENTITY) or self.behaviour.identity_in_state(outputs)
        own = list(self.behaviour.subjects(id_, outputs))
        # Calls for other resources will show these words, and do not know this call's secrets.
        words = redacted_later(lambda: self.behaviour.described(id_, outputs))
        is_whole = not self.lacks(outputs.get(IDENTITY, {}))
        for subject in own if identity else ():
            context.run.expect(subject, Expected(identity, own[0], self.behaviour.owner(outputs), is_whole), words)
        for name, kind in SUBJECTS.items():
            facts = {fact: identity[fact] for fact in FACTS_OF.get(kind, ()) if fact in identity}
            if name in outputs:
                subject = Subject(kind, outputs[name])
                context.run.learn(subject, Expected(facts, subject))

    def lacks(self, identity: Identity) -> set[str]:
        """Return the facts on the object's owner without which its identity proves nothing."""
        return lacking(identity) if self.behaviour.knows_its_owner else set()


def last_inputs_of(olds: Values, last_inputs: Values | None) -> Values:
    """Return the program's values of the last update: from the old inputs, or from the outputs without them."""
    return {**olds, **olds.get(DIFFERING_INPUTS, {})} if last_inputs is None else last_inputs


def _with_value(problem: Problem, arguments: Values) -> Problem:
    """Return the problem with the value of its argument, where the program gave one."""
    if problem.argument not in arguments:
        return problem
    with_value = f"{problem.reason} (got {shown(arguments[problem.argument])})"
    return Problem(problem.argument, problem.reason, with_value)


def _is_refused(name: str, problems: list[Problem]) -> bool:
    return any(problem.argument == name for problem in problems)
