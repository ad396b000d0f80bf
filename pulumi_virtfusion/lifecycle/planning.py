"""What a changed program does to an object: checked, compared, and said before anything is sent."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from ..api.errors import NotFound
from ..api.redaction import redacted
from ..schema.fields import Change, Field, Invalid
from ..schema.non_secret import is_open, shown
from ..schema.plain_values import is_known, known_part
from .behaviour import Behaviour
from .contract import CLOSED, IMPORT_ID, Checked, Context, Diff, Problem, Refused, Values
from .identity import (
    FACTS_OF,
    IDENTITY,
    PANEL,
    SUBJECTS,
    Identity,
    Subject,
    panel_address,
    panel_now,
    panel_of,
    refuse_another_panel,
    stack_of,
)
from .intent import Intent, intent
from .lost_answers import BEFORE, note
from .run import Compared, Expected

NOTHING: Values = MappingProxyType({})
SAID = "__said"
"""The output with the program's words where the panel has other ones, for a host that keeps old inputs to itself."""
KEPT_INPUTS = (BEFORE, CLOSED, IMPORT_ID, PANEL)
"""Inputs that are no arguments."""


class Planning(Behaviour):
    """Check and diff, over what a resource says for itself."""

    # -- check --------------------------------------------------------------------------------------------------

    def check(self, context: Context, olds: Values, news: Values, openly: Values = NOTHING) -> Checked:
        """Arguments as the panel's types read them, and why any of them is refused; unknown ones pass.

        `openly` has the arguments whose values a refusal may show.
        """
        inputs = {name: value for name, value in news.items() if value is not None}
        problems = self._parse(inputs, openly)
        problems += [
            Problem(f.name, "is required")
            for f in self.fields.values()
            if f.required and f.name not in inputs and not _is_refused(f.name, problems)
        ]
        if not problems:
            problems += [_showing(p, news, openly) for p in self.validate(inputs)]
            problems += [_showing(p, news, openly) for p in self._refused_changes(olds, inputs)]
            problems += self._contested(context, inputs)
        # "" is a state of an earlier version: its panel is not known yet, but from now on its inputs are the program's.
        inputs[PANEL] = (
            panel_now(context, str(olds.get(PANEL, ""))) if olds else panel_address(context.settings.endpoint)
        )
        if olds:
            refuse_another_panel(context, f"this {self.resource}", panel_of({}, olds))
        if IMPORT_ID in olds:
            inputs[IMPORT_ID] = olds[IMPORT_ID]
        elif IMPORT_ID in inputs and olds:
            del inputs[IMPORT_ID]
        elif not problems and not olds:
            problems += self.check_new(context, inputs)
        if not olds and context.urn:
            self._foresee_renewal(context, inputs)
        if not problems and IMPORT_ID not in inputs and is_known(inputs):
            inputs.update(note(self.noted_before(context, olds, inputs)))
        return Checked(inputs, problems)

    def _foresee_renewal(self, context: Context, inputs: Values) -> None:
        """Warn of a replacement that an option such as `replace_on_changes` asks for, or refuse it.

        The engine checks what it makes as something new, after the comparison that did not plan a replacement.
        """
        before = context.run.renewed(context.urn)
        if before is None or before.is_replaced:
            return
        forced = Diff(before.changed, before.changed or ["__"], self.is_in_the_way(before.outputs, inputs))
        self.foresee(context, before.id, before.outputs, inputs, forced)
        if lost := self.losses(context, before.id, before.outputs):
            context.warn(f"an option asks for the replacement, which {lost}")

    def _parse(self, inputs: dict[str, Any], openly: Values) -> list[Problem]:
        problems = []
        for name, value in inputs.items():
            if name in KEPT_INPUTS:
                continue
            if name not in self.fields or not self.fields[name].is_input:
                problems.append(_showing(Problem(name, f"is not an argument of {self.resource}"), inputs, openly))
                continue
            try:
                inputs[name] = self._parsed(self.fields[name], value)
            except Invalid as error:
                problems.append(Problem(name, error.openly if is_open(name, value, openly) else str(error)))
        return problems

    @staticmethod
    def _parsed(f: Field, value: Any) -> Any:
        if is_known(value):
            return f.parse(value)
        if known := known_part(value) if isinstance(value, list | dict) else None:
            f.parse(known)  # an `up` would refuse it only after it has made what the rest waits for
        return value

    def _refused_changes(self, olds: Values, inputs: Values) -> list[Problem]:
        return [
            Problem(f.name, f"cannot be changed: {f.reason}")
            for f in self._inputs(Change.CREATE_ONLY)
            if olds and is_known(inputs.get(f.name))
            if not f.same(olds.get(f.name), inputs.get(f.name))
        ]

    def _contested(self, context: Context, inputs: Values) -> list[Problem]:
        contested = [
            (words, context.run.declare((stack_of(context.urn), what), value, context.urn))
            for what, value, words in self.claims(inputs)
            if context.urn and is_known([what, value])
        ]
        return [
            Problem(words, f"{other[1].rpartition('::')[2]!r} sets it to another value: declare it once")
            for words, other in contested
            if other is not None
        ]

    def check_new(self, context: Context, inputs: Values) -> list[Problem]:
        """What a preview can say of an object that this would make or take over."""
        if IMPORT_ID in inputs:
            try:
                id_, record = self.importable(context, inputs)
            except Refused as refusal:
                return [Problem("import_", str(refusal))]
            created = self.told(record, "created")
            made = f" (made {str(created)[:10]})" if created else ""
            context.inform(f"takes over {self.noun} {id_}{made}; nothing is created")
        return []

    def importable(self, context: Context, inputs: Values) -> tuple[str, Any]:
        """The id and record of the object to take over; `Refused` unless it is what the program describes."""
        id_ = str(inputs[IMPORT_ID])
        if not self.found_by:
            raise Refused(f"names {self.noun} {id_}, but no {self.noun} can be read from the panel")
        try:
            known = {name: value for name, value in inputs.items() if is_known(value)}
            found, record = self.look_up(context, id_, known)
        except NotFound:
            raise Refused(f"names {self.noun} {id_}, which the panel does not have") from None
        except ValueError:
            raise Refused(f"names {self.noun} {id_!r}, which cannot be its id") from None
        if different := self.differences(record, inputs):
            raise Refused(
                f"{self.noun} {id_} differs from the program: {different}. Make the program say what is there, "
                "then run it again."
            )
        return found, record

    def differences(self, record: Any, inputs: Values) -> str:
        """Where the program describes another object than the one to import."""
        described = [
            f for f in self._inputs() if f.told == "always" and is_known(inputs.get(f.name)) and f.name in inputs
        ]
        found = [(f, self.told(record, f.name)) for f in described]
        return ", ".join(
            f"{f.name} is {told!r} at the panel and {inputs[f.name]!r} in the program"
            for f, told in found
            if told is not None and not f.same(told, inputs[f.name])
        )

    # -- diff ---------------------------------------------------------------------------------------------------

    def diff(self, context: Context, id_: str, olds: Values, news: Values, said: Values | None = None) -> Diff:
        """What a changed program does to the object.

        `olds` is what the panel was last known to have, `said` the inputs that were last carried out.
        """
        refuse_another_panel(context, f"{self.noun} {id_}", panel_of(olds, said))
        self._expect(context, id_, olds)
        changed = self.changed(olds, news, said)
        for f in changed:
            if f.change is Change.CREATE_ONLY:  # a known one was refused by the check
                context.warn(f"{f.name} is not known yet; if it changes, the update will be refused: {f.reason}.")
        replaces = [f.name for f in changed if f.change is Change.REPLACE]
        diff = Diff([f.name for f in changed], replaces, self.is_in_the_way(olds, news))
        diff = self.foresee(context, id_, olds, news, diff)
        context.run.compared(context.urn, Compared(id_, olds, diff.changed, bool(diff.replaces)))
        self._say(context, id_, olds, news, said, diff)
        return diff

    def is_in_the_way(self, olds: Values, news: Values) -> bool:
        """Whether the old object has to go before a replacement can be."""
        unique = [self.fields[name] for name in self.unique_by]
        return bool(unique) and all(f.same(olds.get(f.name), news.get(f.name)) for f in unique)

    def changed(self, olds: Values, news: Values, said: Values | None = None) -> list[Field]:
        """The arguments whose change is to be carried out, or noted."""
        return [f for f in self._inputs() if self._is_changed(f, olds, news, said)]

    def _is_changed(self, f: Field, olds: Values, news: Values, said: Values | None) -> bool:
        if f.change is Change.REPLACE:
            return self.intent_of(f, olds, news, said) is Intent.REPLACE
        if f.name not in news and f.change is not Change.NOTE:
            return False
        before = words_of(olds, said) if f.change is Change.NEXT_TIME else olds
        return not f.same(value_in(f, before), value_in(f, news))

    def intent_of(self, f: Field, olds: Values, news: Values, said: Values | None) -> Intent:
        """Whether the program asks for a replacement by this argument."""
        return intent(
            words_of(olds, said).get(f.name),
            news.get(f.name),
            olds.get(f.name),
            same=f.same,
            is_told=f.told == "always",
            is_trigger=f.is_trigger,
            is_imported=IMPORT_ID in news,
            remembers=said is None or PANEL in said or f.name in SUBJECTS or f.name in self.named_with,
        )

    def _say(self, context: Context, id_: str, olds: Values, news: Values, said: Values | None, diff: Diff) -> None:
        """What a reviewer has to know of the plan, from what is in the state."""
        if diff.replaces:
            if lost := self.losses(context, id_, olds):
                context.warn(f"{', '.join(diff.replaces)}: the replacement {lost}")
            return
        later = [name for name in diff.changed if self.fields[name].change is Change.NEXT_TIME]
        if later:
            context.inform(self.postponed(context, ", ".join(later)))
        for f in self._inputs(Change.REPLACE):
            if self.intent_of(f, olds, news, said) is Intent.DOUBTFUL:
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
        """Remember who the object is for what hangs on it, and what its identity tells of what it hangs on."""
        identity: Identity = outputs.get(IDENTITY) or self.who_was(outputs)
        own = list(self.subjects(id_, outputs))
        for subject in own if identity else ():
            # Others will say it, whose calls do not know what is secret here.
            expected = Expected(identity, own[0], self.owner(outputs))
            context.run.expect(subject, expected, redacted(self.described(id_, outputs)))
        for name, kind in SUBJECTS.items():
            facts = {fact: identity[fact] for fact in FACTS_OF.get(kind, ()) if fact in identity}
            if name in outputs:
                subject = Subject(kind, outputs[name])
                context.run.learn(subject, Expected(facts, subject))


def words_of(olds: Values, said: Values | None) -> Values:
    """What the program said when it was last carried out, from the old inputs or what the outputs keep of them."""
    return {**olds, **olds.get(SAID, {})} if said is None else said


def _showing(problem: Problem, arguments: Values, openly: Values) -> Problem:
    name = problem.argument
    if not is_open(name, arguments.get(name), openly):
        return problem
    return Problem(name, f"{problem.reason} (got {shown(arguments[name])})")


def _is_refused(name: str, problems: list[Problem]) -> bool:
    return any(problem.argument == name for problem in problems)


def value_in(f: Field, values: Values, otherwise: Any = None) -> Any:
    value = values.get(f.name, otherwise)
    return f.default if value is None and f.change is Change.NOTE else value
