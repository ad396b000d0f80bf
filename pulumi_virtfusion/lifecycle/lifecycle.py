"""Create, update, read and delete of any resource, driven by its declared fields, on plain values.

This module knows no host: a provider (`providers/`) translates the calls of its host. The behaviour of a resource
(`behaviour.py`) makes, finds and removes the object. Check and diff are in `planning.py`, the proof before
a write is in `proof.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, final

from ..api.errors import Conflict, NotFound, ValidationFailed, VirtFusionError
from ..schema.fields import Change, Field
from ..schema.non_secret import shown
from ..schema.required import missing
from .contract import ADOPTED, Context, Found, Incomplete, Made, Refused, Step, Values
from .foresight import UNDONE, as_foreseen, foreseen, foreseen_new
from .identity import (
    IDENTITY,
    PANEL,
    Identity,
    facts_kept,
    panel_address,
    panel_of,
    refuse_another_panel,
    stack_of,
)
from .planning import DIFFERING_INPUTS, HOLDER, NOTHING, last_inputs_of
from .proof import Proving
from .read_back import value_in
from .run import Compared

CHANGED, DELETED = "changed", "deleted"
FLEETING = (DIFFERING_INPUTS, UNDONE)
"""Outputs that no later update or refresh takes over from the state."""
SENDS_NOTHING = (Change.NOTE, Change.NEXT_TIME, Change.REPLACE)
"""Changes that an update only notes; REPLACE reaches an update when the panel has the value already."""


@dataclass
class Outcome:
    """The result of a series of operations: names of applied and failed arguments, reasons, and observed outputs."""

    applied: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)
    observed: dict[str, Any] = field(default_factory=dict)


@final
class Lifecycle(Proving):
    """All operations on one kind of resource, driven by its declared fields and its behaviour."""

    # -- create -------------------------------------------------------------------------------------------------

    def adopt(self, context: Context, adopts: str, arguments: Values) -> Made:
        """Adopt the object that `adopts` names, and change nothing; `Refused` where it differs from the arguments."""
        made = self.kept(context, *self.importable(context, adopts, arguments), arguments)
        return Made(made.id, as_foreseen(made.outputs, foreseen_new(self.fields, arguments, adopted=True)))

    def kept(self, context: Context, id_: str, record: Any, arguments: Values) -> Made:
        """Return the id and outputs by which a state keeps an existing object; the panel's object is not changed."""
        mark = {ADOPTED: True} if self.behaviour.is_a_system else {}
        made = Made(id_, {**self.behaviour.outputs(record, arguments, {}), **mark})
        return self._holding(context, self._identified(context, made, record, arguments))

    def create(self, context: Context, arguments: Values) -> Made:
        """Make the object, then apply the arguments that the creating call lacks; `Incomplete` when one failed."""
        if stack_of(context.urn) in context.run.astray:
            what = self.resource
            raise Refused(f"This {what} was not made, since other objects of the state are of another panel.")
        self._refuse_strangers(context, arguments)
        try:
            with context.run.writing():
                made = self._made(context, arguments)
        except Incomplete as error:
            part = self._holding(context, error.made)
            raise Incomplete(Made(part.id, {**part.outputs, UNDONE: True}), error.reasons) from None
        made = self._holding(context, made)
        return Made(made.id, as_foreseen(made.outputs, foreseen_new(self.fields, arguments)))

    def _made(self, context: Context, arguments: Values) -> Made:
        try:
            id_, record = self.behaviour.make(context, arguments)
        except Incomplete as error:
            raise Incomplete(self._identified(context, error.made, None, arguments), error.reasons) from None
        outcome = Outcome()
        try:
            outcome = self._run(context, id_, self._steps_after_making(record, arguments), {}, arguments)
            if outcome.applied:
                record = self.behaviour.made_at_last(context, id_, record, arguments)
            outputs = self.behaviour.outputs(record, arguments, outcome.observed, outcome.failed)
            outputs |= {name: arguments[name] for name in outcome.applied}
            made = self._identified(context, Made(id_, outputs), record, arguments)
        except Exception as bug:  # the object exists all the same, and a state without it would make a second one
            made = Made(id_, self._certain_outputs(record, arguments, outcome))
            outcome.reasons.append(f"{self.noun} {id_} was made; then {type(bug).__name__}: {bug}")
        return _complete(made, outcome)

    def _holding(self, context: Context, made: Made) -> Made:
        """Add the mark that tells the holder of a place from its predecessor, whose values may be the same."""
        if not self.behaviour.is_a_place:
            return made
        holder = secrets.token_hex(4)
        context.run.hold(self.resource, made.id, holder)
        return Made(made.id, {**made.outputs, HOLDER: holder})

    def _certain_outputs(self, record: Any, arguments: Values, outcome: Outcome) -> dict[str, Any]:
        """Return the outputs that are certain when a bug interrupts the steps after the creating call."""
        outputs = {
            name: arguments[name] for name in (*self.behaviour.create_arguments, *outcome.applied) if name in arguments
        }
        for f in self.fields.values():
            with suppress(Exception):
                if (
                    not f.is_input
                    and f.from_id is None
                    and (value := self.behaviour.value_of(record, f.name)) is not None
                ):
                    outputs[f.name] = value
        return outputs

    def _identified(self, context: Context, made: Made, record: Any, arguments: Values) -> Made:
        """Add the identity that the state will remember; where the read fails, the next update or refresh adds it."""
        known = {**arguments, **made.outputs}
        try:
            proof = (
                self.behaviour.identity_of(context, made.id, known)
                if record is None
                else self.behaviour.identity_when_made(context, made, record, known)
            )
            identity = facts_kept(proof)
        except VirtFusionError:
            identity = {}
        outputs = {**made.outputs, **_identity_output(identity), **self._differing_inputs(arguments, made.outputs)}
        self._expect(context, made.id, outputs)
        context.run.compared(context.urn, Compared(made.id, outputs, [], is_replaced=False))
        return Made(made.id, outputs)

    def _differing_inputs(self, inputs: Values, outputs: Values) -> dict[str, Any]:
        other = {
            f.name: inputs[f.name]
            for f in self.behaviour.inputs(Change.REPLACE)
            if f.name in inputs and not f.same(inputs[f.name], outputs.get(f.name))
        }
        return {DIFFERING_INPUTS: other} if other else {}

    def _steps_after_making(self, record: Any, arguments: Values) -> list[Step]:
        return self._steps(
            [
                f
                for f in self.behaviour.inputs(Change.IN_PLACE)
                if f.name in arguments and f.name not in self.behaviour.create_arguments
                if not (f.read_back == "always" and f.same(self.behaviour.value_of(record, f.name), arguments[f.name]))
            ],
            arguments,
        )

    # -- update -------------------------------------------------------------------------------------------------

    def update(
        self, context: Context, id_: str, olds: Values, news: Values, last_inputs: Values | None = None
    ) -> dict[str, Any]:
        """Carry out the changed arguments, or note those that need no call; `Incomplete` when an operation failed."""
        refuse_another_panel(context, f"{self.noun} {id_}", panel_of(olds, last_inputs))
        olds = self.marked(olds, news)
        hidden = {name: value for name, value in olds.items() if name.startswith("__") and name not in FLEETING}
        changed = self.changed(olds, news, last_inputs)
        is_complete = UNDONE not in olds and self.behaviour.is_complete(olds)
        if changed and all(f.change in SENDS_NOTHING for f in changed) and is_complete:
            outputs = {**olds, **self._noted(news)}
        else:
            hidden |= self._prove_before_update(context, id_, olds, news, changed)
            try:
                with context.run.writing():
                    outputs = self._carry_out(context, id_, olds, news, last_inputs)
            except Incomplete as error:
                raise Incomplete(Made(id_, {**error.made.outputs, **hidden, UNDONE: True}), error.reasons) from None
            outputs = as_foreseen(outputs, foreseen(self.behaviour, olds, news, changed))
        outputs = {**outputs, **hidden}
        if self.lacks(olds.get(IDENTITY, {})):
            self._expect(context, id_, outputs)  # of what hangs on the object, nothing was carried out without an owner
        return {**{n: v for n, v in outputs.items() if n not in FLEETING}, **self._differing_inputs(news, outputs)}

    def _noted(self, news: Values) -> dict[str, Any]:
        values = {f.name: value_in(f, news) for f in self.behaviour.inputs() if not f.drifts or f.change is Change.NOTE}
        return {name: value for name, value in values.items() if value is not None}

    def foresee_update(self, olds: Values, news: Values, last_inputs: Values | None) -> dict[str, Any]:
        """Return the outputs that an update with the same values would return, UNKNOWN for each open one."""
        olds = self.marked(olds, news)
        return foreseen(self.behaviour, olds, news, self.changed(olds, news, last_inputs))

    def _prove_before_update(
        self, context: Context, id_: str, olds: Values, news: Values, changed: list[Field]
    ) -> dict[str, Any]:
        """Prove the identity of the object and of those that changed arguments name; return the facts to remember."""
        try:
            identity = self._prove(context, id_, olds, CHANGED, sends=bool(changed))
        except NotFound as gone:
            raise Refused(
                f"{self.noun} {id_} was not changed, since the panel does not have it any more: {gone} "
                "`pulumi up --refresh` takes it out of the state and makes it anew."
            ) from None
        self._refuse_strangers(context, {f.name: news[f.name] for f in changed if f.name in news})
        hidden = _identity_output(identity)
        if not panel_of(NOTHING, news) and context.settings.endpoint:
            hidden[PANEL] = panel_address(context.settings.endpoint)
        return hidden

    def _carry_out(
        self, context: Context, id_: str, olds: Values, news: Values, last_inputs: Values | None
    ) -> dict[str, Any]:
        """Call each operation that the changed arguments name once, then read the object back."""
        own = self.behaviour.update(context, id_, olds, news)
        if own is not None:
            return own
        before = last_inputs_of(olds, last_inputs)
        sent = self.behaviour.sent(context, id_, olds, news, before)
        changed = [f for f in self.changed(olds, sent, last_inputs) if f.change is Change.IN_PLACE]
        outcome = self._run(context, id_, self._steps(changed, sent), olds, sent)
        previous = {**{name: value for name, value in olds.items() if name != DIFFERING_INPUTS}, **outcome.observed}
        record = None
        try:
            known = self.known(olds, news)
            record = self.behaviour.find(context, id_, known) if self.behaviour.found_by else None
        except VirtFusionError as error:
            # The applied arguments must reach the state all the same, or the next update would apply them again.
            outcome.reasons.append(str(error))
            outputs = {**previous, **{name: news[name] for name in outcome.applied}}
        else:
            applied = {name: news[name] for name in outcome.applied if name not in outcome.observed}
            outputs = self.behaviour.outputs(record, news, {**previous, **applied}, outcome.failed)
            self._warn_of_what_did_not_follow(context, outcome.applied, news, outputs)
        if outcome.reasons:
            outputs = self.behaviour.kept_of_a_failure(record, outputs, olds, news, before)
        return _complete(Made(id_, outputs), outcome).outputs

    def known(self, outputs: Values, inputs: Values) -> dict[str, Any]:
        """Return the values that find an object: its inputs, and its computed outputs."""
        computed = {f.name for f in self.fields.values() if not f.is_input}
        return {**{name: value for name, value in outputs.items() if name in computed}, **inputs}

    def _steps(self, changed: Iterable[Field], news: Values) -> list[Step]:
        """Group the changed arguments by the operation they name, in the order of the declarations."""
        names = self.behaviour.carried_out_with({f.name for f in changed}, news)
        grouped: dict[Callable[..., object], list[str]] = {}
        for f in self.behaviour.inputs(Change.IN_PLACE):
            if f.operation is not None and f.name in names:
                grouped.setdefault(f.operation, []).append(f.name)
        return [Step(operation, tuple(names)) for operation, names in grouped.items()]

    def _run(self, context: Context, id_: str, steps: list[Step], olds: Values, news: Values) -> Outcome:
        outcome = Outcome()
        for position, step in enumerate(steps):
            try:
                observed = self.behaviour.call(context, id_, step, {**olds, **outcome.observed}, news)
            except VirtFusionError as error:
                outcome.reasons.append(f"{', '.join(step.names)}: {error}")
                # After a refused value the next step may succeed; after any other error it would fail as well.
                stopped = () if isinstance(error, (ValidationFailed, Conflict, NotFound)) else steps[position:]
                outcome.failed.update(step.names, *(later.names for later in stopped))
                if stopped:
                    break
            else:
                outcome.applied.update(step.names)
                outcome.observed |= observed
        return outcome

    def _warn_of_what_did_not_follow(self, context: Context, names: set[str], news: Values, outputs: Values) -> None:
        for name in sorted(names):
            if not self.fields[name].same(outputs.get(name), news[name]):
                context.warn(
                    f"{name}: the panel accepted {news[name]!r} but reports {outputs.get(name)!r}; "
                    "a refresh will show the difference."
                )

    # -- read and delete ----------------------------------------------------------------------------------------

    def read(self, context: Context, id_: str, inputs: Values, outputs: Values) -> Found:
        """Read the object from the panel; raise `NotFound` when it is gone, or when another object has its id.

        Only an old input can be one of the new inputs. An object that the panel cannot read back keeps its state;
        without a state, `Refused` is raised.
        """
        refuse_another_panel(context, f"{self.noun} {id_}", panel_of(outputs, inputs))
        with context.run.refreshing():
            found = self._found(context, id_, inputs, outputs)
        return self.behaviour.found(context, id_, found, inputs, outputs)

    def _found(self, context: Context, id_: str, inputs: Values, outputs: Values) -> Found:
        if not self.behaviour.found_by:
            if not outputs:
                raise Refused(f"No {self.noun} can be looked up: the panel cannot read {id_} back.")
            return self._as_it_was(context, id_, inputs, outputs)
        try:
            if outputs:
                found, record = id_, self.behaviour.find(context, id_, self.known(outputs, inputs))
            else:
                found, record = self.behaviour.look_up(context, id_, inputs)
        except ValueError:
            raise Refused(f"{id_!r} cannot be the id of a {self.noun}.") from None
        # A step of the creation that failed left no output: a write-only argument of it is still to be applied.
        undone = [name for name in inputs if outputs and name not in outputs]
        read = self.behaviour.outputs(record, inputs, outputs, undone)
        kept = {
            name: self._kept_input(name, value, read)
            for name, value in inputs.items()
            if name in read or name not in self.fields
        }
        read = {name: self._in_the_programs_spelling(name, value, inputs) for name, value in read.items()}
        if not outputs or not self._is_ours(inputs):
            if any(True for _ in self.behaviour.subjects(found, read)):
                self._expect(context, found, {**read, IDENTITY: self.behaviour.identity_of(context, found, read)})
            return Found(read, kept, found)
        unnamed = self._unnamed({**outputs, **inputs})  # an import by the number alone: the read tells of nobody, as 0
        named = {name: value for name, value in read.items() if name not in unnamed}
        identity = self._recognized(context, id_, self.behaviour.identity_of(context, found, named), outputs)
        self._warn_of_drift(context, inputs, read, outputs)
        made = self._with_hidden_outputs(
            context, Found({**read, **_identity_output(identity)}, kept, found), inputs, outputs
        )
        self._expect(context, made.id, made.outputs)
        return made

    def _is_ours(self, inputs: Values) -> bool:
        """Whether a program declares the object; otherwise it only reads the object (`Class.get`)."""
        return PANEL in inputs or not missing(self.fields, inputs)

    def _with_hidden_outputs(self, context: Context, found: Found, inputs: Values, outputs: Values) -> Found:
        """Add the values that a state keeps beside arguments and declared outputs: their names begin with `__`."""
        hidden = {name: value for name, value in outputs.items() if name.startswith("__") and name not in FLEETING}
        here = panel_address(context.settings.endpoint)
        if PANEL in inputs:
            found.inputs[PANEL] = here
        elif here:
            hidden[PANEL] = here
        outputs = {**hidden, **found.outputs, **self._differing_inputs(inputs, found.outputs)}
        return Found(outputs, found.inputs, self.behaviour.id_of(found.id, outputs))

    def _as_it_was(self, context: Context, id_: str, inputs: Values, outputs: Values) -> Found:
        """Return the old state of an object that the panel cannot read back, after proof of its server or user."""
        identity = self._recognized(context, id_, self.behaviour.identity_of(context, id_, outputs), outputs)
        found = Found({**outputs, **_identity_output(identity)}, dict(inputs), id_)
        return self._with_hidden_outputs(context, found, inputs, outputs)

    def _kept_input(self, name: str, value: Any, read: Values) -> Any:
        """Return the input to keep: the program's value, or the panel's where drift can be corrected in place."""
        f = self.fields.get(name)
        if f is None or f.change in (Change.REPLACE, Change.NEXT_TIME) or f.same(value, read[name]):
            return value
        return read[name]

    def _in_the_programs_spelling(self, name: str, value: Any, inputs: Values) -> Any:
        return inputs[name] if name in inputs and self.fields[name].same(inputs[name], value) else value

    def _warn_of_drift(self, context: Context, inputs: Values, read: Values, outputs: Values) -> None:
        """Warn of drift that only a replacement could correct: no plan replaces for drift."""
        for f in self.behaviour.inputs(Change.REPLACE):
            if not f.drifts or f.name not in inputs or f.name not in read or f.same(read[f.name], inputs[f.name]):
                continue
            if f.package_component is not None and f.same(read[f.name], outputs.get(f.name)):
                continue  # a package change set the value, and its plan warned of it
            context.warn(
                f"{f.name} is {shown(read[f.name])} at the panel, and {shown(inputs[f.name])} in the program. Only a "
                f"replacement could put it back, so nothing is planned. {self._ways_out(context, read[f.name])}"
            )

    def delete(self, context: Context, id_: str, outputs: Values, inputs: Values | None = None) -> None:
        """Delete the object that the state knows; succeed where the object is gone already.

        A place at the panel is left alone when a successor holds it: a forced replacement and a rename make the new
        resource first, and delete the old one later, maybe in another run.
        """
        if self.behaviour.is_a_place and context.run.has_successor(self.resource, id_, str(outputs.get(HOLDER, ""))):
            context.progress(f"{self.noun} {id_} is its successor's now")
            return
        refuse_another_panel(context, f"{self.noun} {id_}", panel_of(outputs, inputs))
        context.run.deleted(context.urn, id_)
        if self.behaviour.removed_by and (keeper := context.run.kept_by(context.urn, id_)):
            context.warn(f"{self.noun} {id_} is left alone, since {keeper!r} of the program is the same {self.noun}.")
            return
        try:
            if self.behaviour.proves_before_deletion:
                self._prove(context, id_, outputs, DELETED)
            with context.run.writing():
                self.behaviour.remove(context, id_, outputs)
        except NotFound:
            context.progress(f"{self.noun} {id_} was gone already")
        except VirtFusionError as error:
            if not (error.may_be_done and self._is_seen_to_be_gone(context, id_, outputs)):
                raise
            context.warn(f"{self.noun} {id_} is deleted: the panel does not have it any more. But {error}")
        for subject in self.behaviour.subjects(id_, outputs):
            context.run.forget(subject)

    def _is_seen_to_be_gone(self, context: Context, id_: str, outputs: Values) -> bool:
        try:
            return bool(self.behaviour.found_by) and self.behaviour.is_gone(context, id_, outputs)
        except NotFound:
            return True
        except VirtFusionError:
            return False


def _complete(made: Made, outcome: Outcome) -> Made:
    if outcome.reasons:
        raise Incomplete(made, outcome.reasons)
    return made


def _identity_output(identity: Identity) -> dict[str, Any]:
    return {IDENTITY: dict(identity)} if identity else {}
