"""What Pulumi asks of a resource, answered from its declared fields, on plain values.

Nothing here knows which host asks: a door (`dynamic_provider.py`) translates a host's calls into these. A resource
says how it is made, found and removed; which argument does what stands in its fields. The base never asks which
resource it serves: one that differs overrides the step in which it does.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, ClassVar

from .api.errors import Conflict, NotFound, ValidationFailed, VirtFusionError
from .disclosure import is_open, shown
from .fields import Change, Field, Invalid
from .identity import (
    FACTS,
    IDENTITY,
    PANEL,
    SUBJECTS,
    Identity,
    Subject,
    differences,
    explained,
    panel_address,
    panel_of,
    refuse_another,
    refuse_another_panel,
)
from .intent import Intent, intent
from .terms import IMPORT_ID, Checked, Context, Diff, Found, Incomplete, Made, Problem, Refused, Values
from .timestamps import uniform
from .values import id_number, is_known, known_part, plain

TIMESTAMPS = ("added", "built", "created")
NOTHING: Values = MappingProxyType({})
SAID = "__said"
"""The output with the program's words where the panel has other ones, for a host that keeps old inputs to itself."""
KEPT_INPUTS = (IMPORT_ID, PANEL)
"""Inputs that are no arguments."""
COMPLETED = "the state is of an earlier version, and remembers from now on who it is and at which panel."
SENDS_NOTHING = (Change.NOTE, Change.NEXT_TIME, Change.REPLACE)
"""Changes that an update only notes; one that replaces gets there when the panel has the value already."""


@dataclass
class Outcome:
    """How a series of operations went."""

    applied: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)
    observed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One operation and the changed arguments that it carries out."""

    operation: Callable[..., object]
    names: tuple[str, ...]


class Lifecycle:
    """The life of one kind of resource, driven by its declared fields."""

    section: ClassVar[str]
    """The attribute of the client whose operations the fields name."""
    noun: ClassVar[str]
    """What messages call the object."""
    made_by: ClassVar[Callable[..., object]]
    """The client method that creates it; what its signature takes needs no operation of its own afterwards."""
    found_by: ClassVar[tuple[Callable[..., object], ...]] = ()
    """The client methods that read it; none where the panel cannot."""
    found_with: ClassVar[tuple[str, ...]] = ()
    """Arguments without which the id does not find it."""
    removed_by: ClassVar[tuple[Callable[..., object], ...]] = ()
    """The client methods that delete it; none where it can only be forgotten."""
    unique_by: ClassVar[tuple[str, ...]] = ()
    """Arguments that no two objects share: a replacement with the same ones waits until the old object is gone."""

    def __init__(self, resource: str, fields: Mapping[str, Field]) -> None:
        self.resource, self.fields = resource, fields

    # -- what a resource says for itself ------------------------------------------------------------------------

    def make(self, context: Context, arguments: Values) -> tuple[str, Any]:
        """Create the object and answer its Pulumi id and record."""
        raise NotImplementedError

    def find(self, context: Context, id_: str, known: Values) -> Any:
        """The record of an existing object, of which `known` has the arguments and outputs; `NotFound` when gone."""
        raise NotImplementedError

    def look_up(self, context: Context, text: str, arguments: Values) -> tuple[str, Any]:
        """The Pulumi id and record of the object that `import_` or `get` name by this text."""
        return text, self.find(context, text, arguments)

    def look_in_preview(self, context: Context, id_: str, given: Values) -> Any:
        """The record of an object of which a program knows the id, and what it gives of `found_with`."""
        return self.find(context, id_, given)

    def who(self, context: Context, id_: str, known: Values) -> Identity:
        """Who the object is at the panel, of which `known` has the arguments and outputs; `NotFound` when gone.

        What hangs on a server or a user is proven by that server's or user's identity.
        """
        raise NotImplementedError

    def who_made(self, context: Context, made: Made, record: Any, known: Values) -> Identity:  # noqa: ARG002
        """Who the object is that was made or imported just now, from its record where that says it."""
        return self.who(context, made.id, known)

    def who_was(self, outputs: Values) -> Identity:  # noqa: ARG002
        """What the outputs of a state of an earlier version, which remembers no identity, tell of it."""
        return {}

    def subjects(self, id_: str, outputs: Values) -> Iterable[Subject]:  # noqa: ARG002
        """As what other resources name the object."""
        return ()

    def described(self, id_: str, outputs: Values) -> str:  # noqa: ARG002
        """The object in words, with what its state knows."""
        return f"{self.noun} {id_}"

    def losses(self, context: Context, id_: str, outputs: Values) -> str:  # noqa: ARG002
        """What a replacement of the object destroys, as the end of a sentence; "" where nothing is."""
        return ""

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        """Delete the object and wait until it is gone; `NotFound` when it was gone already."""
        raise NotImplementedError

    def key(self, id_: str, known: Values) -> Any:  # noqa: ARG002
        """How the panel's operations address the object, of which `known` has the arguments and outputs."""
        return id_number(id_)

    @cached_property
    def made_with(self) -> frozenset[str]:
        """Arguments that the creating call takes."""
        return frozenset(inspect.signature(self.made_by).parameters).intersection(self.fields)

    def making(self, arguments: Values) -> dict[str, Any]:
        """What the creating call is given."""
        return {name: value for name, value in arguments.items() if name in self.made_with}

    def told(self, record: Any, name: str) -> Any:
        """What a record says of a field, or None when it says nothing."""
        value = plain(getattr(record, name, None))
        return uniform(value) if name in TIMESTAMPS and value else value

    def validate(self, arguments: Values) -> Iterable[Problem]:  # noqa: ARG002
        """Rules between arguments, some of which may be unknown."""
        return ()

    def foresee(self, context: Context, id_: str, olds: Values, news: Values, diff: Diff) -> Diff:  # noqa: ARG002
        """Warn of what a planned change will do, or refuse it."""
        return diff

    def postponed(self, context: Context, names: str) -> str:  # noqa: ARG002
        """The sentence about changed arguments that count when the object is made again."""
        return f"{names}: counts when the {self.noun} is made again; nothing is changed now."

    def claims(self, inputs: Values) -> Iterable[tuple[Hashable, Any, str]]:  # noqa: ARG002
        """What of the panel, that another resource can set as well, the arguments set: what, to what, in words."""
        return ()

    def is_settled(self, olds: Values) -> bool:  # noqa: ARG002
        """Whether nothing of an earlier run is left to be done."""
        return True

    @property
    def proves_before_deletion(self) -> bool:
        """Whether a deletion looks who the object is; what is only forgotten needs no proof."""
        return bool(self.removed_by)

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
            _panel_stated(context, str(olds.get(PANEL, ""))) if olds else panel_address(context.settings.endpoint)
        )
        if IMPORT_ID in olds:
            inputs[IMPORT_ID] = olds[IMPORT_ID]
        elif IMPORT_ID in inputs and olds:
            del inputs[IMPORT_ID]
        elif not problems and not olds:
            problems += self.check_new(context, inputs)
        return Checked(inputs, problems)

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
            (words, context.run.declare((_stack_of(context.urn), what), value, context.urn))
            for what, value, words in self.claims(inputs)
            if context.urn and is_known([what, value])
        ]
        return [
            Problem(words, f"{other[1].rpartition('::')[2]!r} sets it to {other[0]!r}: declare it once")
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
            raise Refused(f"names {self.noun} {id_}, which is not what the program describes: {different}")
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
        return not f.same(_value(f, before), _value(f, news))

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
            remembers=said is None or PANEL in said,
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

    # -- create -------------------------------------------------------------------------------------------------

    def create(self, context: Context, arguments: Values) -> Made:
        """Make the object, then apply what its creation does not take; `Incomplete` when some of that failed."""
        if IMPORT_ID in arguments:
            id_, record = self.importable(context, arguments)
            return self._identified(context, Made(id_, self.outputs(record, arguments, {})), record, arguments)
        self._refuse_strangers(context, arguments)
        try:
            id_, record = self.make(context, arguments)
        except Incomplete as error:
            raise Incomplete(self._identified(context, error.made, None, arguments), error.reasons) from None
        outcome = self._run(context, id_, self._steps_after_making(record, arguments), {}, arguments)
        outputs = self.outputs(record, arguments, outcome.observed, outcome.failed)
        outputs |= {name: arguments[name] for name in outcome.applied}
        return _complete(self._identified(context, Made(id_, outputs), record, arguments), outcome)

    def _identified(self, context: Context, made: Made, record: Any, arguments: Values) -> Made:
        """With the identity that the state will remember; the next update or refresh adds what cannot be read now."""
        known = {**arguments, **made.outputs}
        try:
            who = self.who(context, made.id, known) if record is None else self.who_made(context, made, record, known)
            identity = _kept(who)
        except VirtFusionError:
            identity = {}
        outputs = {**made.outputs, IDENTITY: identity, **self._other_words(arguments, made.outputs)}
        self._expect(context, made.id, outputs)
        return Made(made.id, outputs)

    def _other_words(self, inputs: Values, outputs: Values) -> dict[str, Any]:
        other = {
            f.name: inputs[f.name]
            for f in self._inputs(Change.REPLACE)
            if f.name in inputs and not f.same(inputs[f.name], outputs.get(f.name))
        }
        return {SAID: other} if other else {}

    def _expect(self, context: Context, id_: str, outputs: Values) -> None:
        """Remember who the object is for what hangs on it."""
        identity = outputs.get(IDENTITY) or self.who_was(outputs)
        if identity:
            for subject in self.subjects(id_, outputs):
                ask = partial(self.who, context, id_, outputs)
                context.run.expect(subject, identity, ask, self.described(id_, outputs))

    def _refuse_strangers(self, context: Context, arguments: Values) -> None:
        """Raise `Another` where an argument names an object that is not the one that this run knows by that id."""
        for name, kind in SUBJECTS.items():
            subject = Subject(kind, arguments.get(name, ""))
            expected = context.run.expected(subject) if name in arguments else None
            if expected is None:
                continue
            known, ask = expected
            try:
                refuse_another(f"{subject} is not touched for this {self.noun}", known, ask())
            except NotFound:
                continue  # the panel refuses what is asked of it in its own words

    def _steps_after_making(self, record: Any, arguments: Values) -> list[Step]:
        return self.steps(
            [
                f
                for f in self._inputs(Change.IN_PLACE)
                if f.name in arguments and f.name not in self.made_with
                if not (f.told == "always" and f.same(self.told(record, f.name), arguments[f.name]))
            ],
            arguments,
        )

    # -- update -------------------------------------------------------------------------------------------------

    def update(
        self, context: Context, id_: str, olds: Values, news: Values, said: Values | None = None
    ) -> dict[str, Any]:
        """Carry out the changed arguments on the object that the state knows, or note those that send nothing."""
        refuse_another_panel(context, f"{self.noun} {id_}", panel_of(olds, said))
        hidden = {name: value for name, value in olds.items() if name.startswith("__") and name != SAID}
        changed = self.changed(olds, news, said)
        if changed and all(f.change in SENDS_NOTHING for f in changed) and self.is_settled(olds):
            outputs = {**olds, **self._noted(news)}
        else:
            hidden |= self._remembered(context, id_, olds, news, said)
            try:
                outputs = self.carry_out(context, id_, olds, news, said)
            except Incomplete as error:
                raise Incomplete(Made(id_, {**error.made.outputs, **hidden}), error.reasons) from None
        outputs = {**outputs, **hidden}
        return {**{n: v for n, v in outputs.items() if n != SAID}, **self._other_words(news, outputs)}

    def _noted(self, news: Values) -> dict[str, Any]:
        values = {f.name: _value(f, news) for f in self._inputs() if not f.drifts or f.change is Change.NOTE}
        return {name: value for name, value in values.items() if value is not None}

    def _remembered(
        self, context: Context, id_: str, olds: Values, news: Values, said: Values | None
    ) -> dict[str, Any]:
        """Proof that the object, and what it is handed to, is what this stack knows; and what its state remembers."""
        try:
            identity = self.prove(context, id_, olds, "changed")
        except NotFound as gone:
            raise Refused(
                f"{self.noun} {id_} was not changed, since the panel does not have it any more: {gone} "
                "`pulumi up --refresh` takes it out of the state and makes it anew."
            ) from None
        self._refuse_strangers(
            context, {f.name: news[f.name] for f in self.changed(olds, news, said) if f.name in news}
        )
        remembered: dict[str, Any] = {IDENTITY: identity}
        if not panel_of(NOTHING, news):
            remembered[PANEL] = panel_address(context.settings.endpoint)
        return remembered

    def prove(self, context: Context, id_: str, outputs: Values, deed: str) -> Identity:
        """Who the object is; raises `Another` unless it is the one that the state knows, `NotFound` when it is gone."""
        for subject in self.subjects(id_, outputs):
            context.run.forget(subject)  # others may share an answer, what is written to itself is looked at
        known = outputs.get(IDENTITY) or self.who_was(outputs)
        seen = self.who(context, id_, outputs)
        refuse_another(f"{self.noun} {id_} was not {deed}", known, seen)
        if outputs.get(IDENTITY):
            return known
        context.inform(f"{self.noun} {id_}: {COMPLETED}")
        return _kept(seen)

    def carry_out(self, context: Context, id_: str, olds: Values, news: Values, said: Values | None) -> dict[str, Any]:
        """Make one call an operation, and read the object back."""
        steps = self.steps([f for f in self.changed(olds, news, said) if f.change is Change.IN_PLACE], news)
        outcome = self._run(context, id_, steps, olds, news)
        carried = {**olds, **outcome.observed}
        try:
            record = self.find(context, id_, self.known(olds, news)) if self.found_by else None
        except VirtFusionError as error:
            # What was done must reach the state all the same, or the next update would do it again.
            outcome.reasons.append(str(error))
            outputs = {**carried, **{name: news[name] for name in outcome.applied}}
        else:
            outputs = self.outputs(record, news, carried, outcome.failed)
            self._warn_of_what_did_not_follow(context, outcome.applied, news, outputs)
        return _complete(Made(id_, outputs), outcome).outputs

    def known(self, outputs: Values, inputs: Values) -> dict[str, Any]:
        """What finds an object: its arguments, and what the panel alone told of it."""
        computed = {f.name for f in self.fields.values() if not f.is_input}
        return {**{name: value for name, value in outputs.items() if name in computed}, **inputs}

    def steps(self, changed: Iterable[Field], news: Values) -> list[Step]:  # noqa: ARG002
        """Changed arguments by the operation they name, in the order of the declarations."""
        grouped: dict[Callable[..., object], list[str]] = {}
        for f in changed:
            if f.operation is not None:
                grouped.setdefault(f.operation, []).append(f.name)
        return [Step(operation, tuple(names)) for operation, names in grouped.items()]

    def _run(self, context: Context, id_: str, steps: list[Step], olds: Values, news: Values) -> Outcome:
        outcome = Outcome()
        for position, step in enumerate(steps):
            try:
                observed = self.call(context, id_, step, {**olds, **outcome.observed}, news)
            except VirtFusionError as error:
                outcome.reasons.append(f"{', '.join(step.names)}: {error}")
                # A refused value says nothing of the next one; a panel that cannot be reached does.
                stopped = () if isinstance(error, (ValidationFailed, Conflict, NotFound)) else steps[position:]
                outcome.failed.update(step.names, *(later.names for later in stopped))
                if stopped:
                    break
            else:
                outcome.applied.update(step.names)
                outcome.observed |= observed
        return outcome

    def call(self, context: Context, id_: str, step: Step, olds: Values, news: Values) -> dict[str, Any]:
        """Call an operation with what its signature asks for; a dict it answers is merged into the outputs."""
        given: dict[str, Any] = {"context": context}
        parameters = _parameters(step.operation)
        for name, optional in parameters.items():
            asked = self.fields.get(name)
            if name in step.names:
                given[name] = news[name]
            elif asked is not None and not (optional and asked.operation is step.operation):
                given[name] = _value(asked, news, olds.get(name))
        wanted = {name: given[name] for name in parameters if name in given}
        answer = step.operation(getattr(context.panel, self.section), self.key(id_, {**olds, **news}), **wanted)
        return answer if isinstance(answer, dict) else {}

    def _warn_of_what_did_not_follow(self, context: Context, names: set[str], news: Values, outputs: Values) -> None:
        for name in sorted(names):
            if not self.fields[name].same(outputs.get(name), news[name]):
                context.warn(
                    f"{name}: the panel accepted {news[name]!r} but reports {outputs.get(name)!r}; "
                    "a refresh will show the difference."
                )

    # -- read and delete ----------------------------------------------------------------------------------------

    def read(self, context: Context, id_: str, inputs: Values, outputs: Values) -> Found:
        """The object as the panel has it; `NotFound` when it is gone, or when another one has its id.

        Only what was an input before stays one. One that the panel cannot read is as it was; `Refused` when nobody
        knows how that is.
        """
        refuse_another_panel(context, f"{self.noun} {id_}", panel_of(outputs, inputs))
        if not self.found_by:
            if not outputs:
                raise Refused(f"No {self.noun} can be looked up: the panel cannot read {id_} back.")
            return self._as_it_was(context, id_, inputs, outputs)
        try:
            if outputs:
                found, record = id_, self.find(context, id_, self.known(outputs, inputs))
            else:
                found, record = self.look_up(context, id_, inputs)
        except ValueError:
            raise Refused(f"{id_!r} cannot be the id of a {self.noun}.") from None
        # A step of the creation that failed left no output: what cannot be read is still to be done.
        undone = [name for name in inputs if outputs and name not in outputs]
        read = self.outputs(record, inputs, outputs, undone)
        kept = {
            name: self._kept_input(name, value, read)
            for name, value in inputs.items()
            if name in read or name not in self.fields
        }
        read = {name: self._in_the_programs_spelling(name, value, inputs) for name, value in read.items()}
        if not outputs:
            if any(True for _ in self.subjects(found, read)):
                self._expect(context, found, {**read, IDENTITY: self.who(context, found, read)})
            return Found(read, kept, found)
        identity = self._recognized(context, id_, self.who(context, found, read), outputs)
        self._warn_of_drift(context, inputs, read, outputs)
        made = self._remembering(context, Found({**read, IDENTITY: identity}, kept, found), inputs, outputs)
        self._expect(context, made.id, made.outputs)
        return made

    def _remembering(self, context: Context, found: Found, inputs: Values, outputs: Values) -> Found:
        """With what a state keeps beside the arguments and outputs."""
        hidden = {name: value for name, value in outputs.items() if name.startswith("__") and name != SAID}
        here = panel_address(context.settings.endpoint)
        if PANEL in inputs:
            found.inputs[PANEL] = here
        else:
            hidden[PANEL] = here
        told = {**hidden, **found.outputs, **self._other_words(inputs, found.outputs)}
        return Found(told, found.inputs, self.id_of(found.id, told))

    def id_of(self, id_: str, outputs: Values) -> str:  # noqa: ARG002
        """The Pulumi id of an object; another one than its state has, where that is of an earlier version."""
        return id_

    def _as_it_was(self, context: Context, id_: str, inputs: Values, outputs: Values) -> Found:
        """Of what the panel cannot read, what it hangs on can be another one all the same."""
        try:
            seen = self.who(context, id_, outputs)
        except NotFound:  # nothing is left to be mistaken for it
            return Found(dict(outputs), dict(inputs))
        identity = self._recognized(context, id_, seen, outputs)
        return self._remembering(context, Found({**outputs, IDENTITY: identity}, dict(inputs), id_), inputs, outputs)

    def _kept_input(self, name: str, value: Any, read: Values) -> Any:
        """The program's own words, except where drift is put back in place: there the panel's, so that it is seen."""
        f = self.fields.get(name)
        if f is None or f.change in (Change.REPLACE, Change.NEXT_TIME) or f.same(value, read[name]):
            return value
        return read[name]

    def _in_the_programs_spelling(self, name: str, value: Any, inputs: Values) -> Any:
        return inputs[name] if name in inputs and self.fields[name].same(inputs[name], value) else value

    def _recognized(self, context: Context, id_: str, seen: Identity, outputs: Values) -> Identity:
        """Who the object is; raises `NotFound`, and says so, where it is another one than the state knows."""
        known = outputs.get(IDENTITY) or self.who_was(outputs)
        if differences(known, seen):
            context.warn(f"{self.noun} {id_} is taken for gone: {explained(known, seen)} What is there is left alone.")
            raise NotFound(f"{self.noun} {id_} is another one now.")
        if outputs and not outputs.get(IDENTITY):
            context.inform(f"{self.noun} {id_}: {COMPLETED}")
        return outputs.get(IDENTITY) or _kept(seen)

    def _warn_of_drift(self, context: Context, inputs: Values, read: Values, outputs: Values) -> None:
        """Say what only a replacement could put back, which nobody plans."""
        for f in self._inputs(Change.REPLACE):
            if not f.drifts or f.name not in inputs or f.name not in read or f.same(read[f.name], inputs[f.name]):
                continue
            if f.package_component is not None and f.same(read[f.name], outputs.get(f.name)):
                continue  # a package change did it, and said so
            context.warn(
                f"{f.name} is {shown(read[f.name])} at the panel, and {shown(inputs[f.name])} in the program. Only a "
                f"replacement could put it back, so nothing is planned. {self._ways_out(context, read[f.name])}"
            )

    def delete(self, context: Context, id_: str, outputs: Values, inputs: Values | None = None) -> None:
        """Delete the object that the state knows; one that is gone already is deleted."""
        refuse_another_panel(context, f"{self.noun} {id_}", panel_of(outputs, inputs))
        try:
            if self.proves_before_deletion:
                self.prove(context, id_, outputs, "deleted")
            self.remove(context, id_, outputs)
        except NotFound:
            context.progress(f"{self.noun} {id_} was gone already")
        for subject in self.subjects(id_, outputs):
            context.run.forget(subject)

    # -- outputs ------------------------------------------------------------------------------------------------

    def outputs(self, record: Any, inputs: Values, carried: Values, failed: Iterable[str] = ()) -> dict[str, Any]:
        """What to keep of a record: as the panel tells it, else as the program gave it, else as it was before."""
        values = {
            f.name: self._output(f, record, {} if f.name in failed else inputs, carried)
            for f in self.fields.values()
            if f.from_id is None
        }
        return {name: value for name, value in values.items() if value is not None}

    def _output(self, f: Field, record: Any, inputs: Values, carried: Values) -> Any:
        if f.change is Change.NOTE:
            return _value(f, inputs)
        # A record keeps what newer panels tell, also under the name of an argument that means something else.
        told = None if f.told == "never" else self.told(record, f.name)
        if f.change is Change.COMPUTED:
            return next(value for value in (told, carried.get(f.name), f.empty) if value is not None)
        if f.name in inputs and not f.drifts:
            return inputs[f.name]
        return carried.get(f.name) if told is None else told

    def _inputs(self, *changes: Change) -> list[Field]:
        return [f for f in self.fields.values() if f.is_input and (not changes or f.change in changes)]


def _complete(made: Made, outcome: Outcome) -> Made:
    if outcome.reasons:
        raise Incomplete(made, outcome.reasons)
    return made


def words_of(olds: Values, said: Values | None) -> Values:
    """What the program said when it was last carried out, from the old inputs or what the outputs keep of them."""
    return {**olds, **olds.get(SAID, {})} if said is None else said


def _stack_of(urn: str) -> str:
    return urn.partition("::")[0]


def _kept(seen: Identity) -> Identity:
    """The facts that a state remembers: those that no operation changes."""
    return {name: fact for name, fact in seen.items() if name in FACTS and fact}


def _panel_stated(context: Context, panel: str) -> str:
    """The panel of a state, by its new address where the settings say that it has moved."""
    moved_from = context.settings.moved_from
    here = panel_address(context.settings.endpoint)
    return here if panel and moved_from and panel == panel_address(moved_from) else panel


def _showing(problem: Problem, arguments: Values, openly: Values) -> Problem:
    name = problem.argument
    if not is_open(name, arguments.get(name), openly):
        return problem
    return Problem(name, f"{problem.reason} (got {shown(arguments[name])})")


def _is_refused(name: str, problems: list[Problem]) -> bool:
    return any(problem.argument == name for problem in problems)


def _value(f: Field, values: Values, otherwise: Any = None) -> Any:
    value = values.get(f.name, otherwise)
    return f.default if value is None and f.change is Change.NOTE else value


def _parameters(operation: Callable[..., object]) -> dict[str, bool]:
    """What an operation takes beside the section and the key, and whether it may be left out."""
    parameters = list(inspect.signature(operation).parameters.values())[2:]
    return {parameter.name: parameter.default is not parameter.empty for parameter in parameters}
