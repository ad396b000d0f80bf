"""What Pulumi asks of a resource, answered from its declared fields, on plain values.

Nothing here knows which host asks: a door (`dynamic_provider.py`) translates a host's calls into these. A resource
says how it is made, found and removed; which argument does what stands in its fields. The base never asks which
resource it serves: one that differs overrides the step in which it does.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

from .api.errors import Conflict, NotFound, ValidationFailed, VirtFusionError
from .disclosure import is_open, shown
from .fields import Change, Field, Invalid
from .terms import IMPORT_ID, Checked, Context, Diff, Found, Incomplete, Made, Problem, Refused, Values
from .timestamps import uniform
from .values import id_number, is_known, known_part, plain

TIMESTAMPS = ("added", "built", "created")
NOTHING: Values = MappingProxyType({})


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

    def find(self, context: Context, id_: str, arguments: Values) -> Any:
        """The record of an existing object; `NotFound` when it is gone."""
        raise NotImplementedError

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        """Delete the object and wait until it is gone; `NotFound` when it was gone already."""
        raise NotImplementedError

    def key(self, id_: str) -> Any:
        """How the panel's operations address the object."""
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
        """Warn of what a planned change will do, or change the plan."""
        return diff

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
            if name == IMPORT_ID:
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

    def check_new(self, context: Context, inputs: Values) -> list[Problem]:
        """What a preview can say of an object that this would make or take over."""
        if IMPORT_ID in inputs:
            try:
                self.importable(context, inputs)
            except Refused as refusal:
                return [Problem("import_", str(refusal))]
        return []

    def importable(self, context: Context, inputs: Values) -> Any:
        """The record of the object to take over; `Refused` unless it is what the program describes."""
        id_ = str(inputs[IMPORT_ID])
        if not self.found_by:
            raise Refused(f"names {self.noun} {id_}, but no {self.noun} can be read from the panel")
        try:
            record = self.find(context, id_, {name: value for name, value in inputs.items() if is_known(value)})
        except NotFound:
            raise Refused(f"names {self.noun} {id_}, which the panel does not have") from None
        except ValueError:
            raise Refused(f"names {self.noun} {id_!r}, which cannot be its id") from None
        if differences := self.differences(record, inputs):
            raise Refused(f"names {self.noun} {id_}, which is not what the program describes: {differences}")
        return record

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

    def diff(self, context: Context, id_: str, olds: Values, news: Values) -> Diff:
        """Which arguments changed against what the panel was last known to have."""
        changed = self.changed(olds, news)
        for f in changed:
            if f.change is Change.CREATE_ONLY:  # a known one was refused by the check
                context.warn(f"{f.name} is not known yet; if it changes, the update will be refused: {f.reason}.")
        replaces = [f.name for f in changed if self._replaces(f, news)]
        diff = Diff([f.name for f in changed], replaces, self.is_in_the_way(olds, news))
        return self.foresee(context, id_, olds, news, diff) if changed else diff

    def is_in_the_way(self, olds: Values, news: Values) -> bool:
        """Whether the old object has to go before a replacement can be."""
        unique = [self.fields[name] for name in self.unique_by]
        return bool(unique) and all(f.same(olds.get(f.name), news.get(f.name)) for f in unique)

    def changed(self, olds: Values, news: Values) -> list[Field]:
        return [
            f
            for f in self._inputs()
            if f.name in news or f.change is Change.NOTE
            if not f.same(_value(f, olds), _value(f, news))
        ]

    @staticmethod
    def _replaces(f: Field, news: Values) -> bool:
        # An unknown id means that its object is made anew; any other unknown value may turn out the same.
        return f.change is Change.REPLACE and (f.is_reference or is_known(news[f.name]))

    # -- create -------------------------------------------------------------------------------------------------

    def create(self, context: Context, arguments: Values) -> Made:
        """Make the object, then apply what its creation does not take; `Incomplete` when some of that failed."""
        if IMPORT_ID in arguments:
            return Made(str(arguments[IMPORT_ID]), self.outputs(self.importable(context, arguments), arguments, {}))
        id_, record = self.make(context, arguments)
        outcome = self._run(context, id_, self._steps_after_making(record, arguments), {}, arguments)
        outputs = self.outputs(record, arguments, outcome.observed, outcome.failed)
        outputs |= {name: arguments[name] for name in outcome.applied}
        return _complete(Made(id_, outputs), outcome)

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

    def update(self, context: Context, id_: str, olds: Values, news: Values) -> dict[str, Any]:
        """Carry out the changed arguments, one call an operation, and read the object back."""
        steps = self.steps([f for f in self.changed(olds, news) if f.change is Change.IN_PLACE], news)
        outcome = self._run(context, id_, steps, olds, news)
        carried = {**olds, **outcome.observed}
        try:
            record = self.find(context, id_, news) if self.found_by else None
        except VirtFusionError as error:
            # What was done must reach the state all the same, or the next update would do it again.
            outcome.reasons.append(str(error))
            outputs = {**carried, **{name: news[name] for name in outcome.applied}}
        else:
            outputs = self.outputs(record, news, carried, outcome.failed)
            self._warn_of_what_did_not_follow(context, outcome.applied, news, outputs)
        return _complete(Made(id_, outputs), outcome).outputs

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
        answer = step.operation(getattr(context.panel, self.section), self.key(id_), **wanted)
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
        """The object as the panel has it; `NotFound` when it is gone. Only what was an input before stays one.

        One that the panel cannot read is as it was; `Refused` when nobody knows how that is.
        """
        if not self.found_by:
            if not outputs:
                raise Refused(f"No {self.noun} can be looked up: the panel cannot read {id_} back.")
            return Found(dict(outputs), dict(inputs))
        try:
            record = self.find(context, id_, inputs)
        except ValueError:
            raise Refused(f"{id_!r} cannot be the id of a {self.noun}.") from None
        # A step of the creation that failed left no output: what cannot be read is still to be done.
        undone = [name for name in inputs if outputs and name not in outputs]
        read = self.outputs(record, inputs, outputs, undone)
        kept = {
            name: value if name not in self.fields or self.fields[name].same(value, read[name]) else read[name]
            for name, value in inputs.items()
            if name in read or name not in self.fields
        }
        return Found({name: kept.get(name, value) for name, value in read.items()}, kept)

    def delete(self, context: Context, id_: str, outputs: Values) -> None:
        """Delete the object; one that is gone already is deleted."""
        try:
            self.remove(context, id_, outputs)
        except NotFound:
            context.progress(f"{self.noun} {id_} was gone already")

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
