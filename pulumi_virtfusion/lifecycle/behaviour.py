"""What the author of a resource writes: how its object is made, found, proven, described and removed.

What a change of each argument does stands in the fields. Each method that may be left out has a default here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from ..schema.fields import Change, Field
from ..schema.plain_values import id_number, is_known, plain
from ..schema.timestamps import uniform
from .contract import Context, Diff, Found, Made, Problem, Step, Values
from .identity import Identity, Subject
from .lost_answers import Before, Candidate

TIMESTAMPS = ("added", "built", "created")


class Behaviour:
    """What one kind of resource says for itself; the algorithm over it asks, and nobody overrides that."""

    section: ClassVar[str]
    """The attribute of the client whose operations the fields name."""
    noun: ClassVar[str]
    """What messages call the object."""
    made_by: ClassVar[Callable[..., object]]
    """The client method that creates it; what its signature takes needs no operation of its own afterwards."""
    found_by: ClassVar[tuple[Callable[..., object], ...]] = ()
    """The client methods that read it; none where the panel cannot."""
    named_by: ClassVar[tuple[str, ...]] = ()
    """Arguments of other resources that name such an object."""
    found_with: ClassVar[tuple[str, ...]] = ()
    """Arguments without which the id does not find it."""
    removed_by: ClassVar[tuple[Callable[..., object], ...]] = ()
    """The client methods that delete it; none where it can only be forgotten."""
    knows_its_owner: ClassVar[bool] = True
    """Whether its identity says whose object it hangs on; if not, what the run knows of that object says it."""
    named_with: ClassVar[tuple[str, ...]] = ()
    """Arguments that, beside those which name another object, say which one it is: they never drift."""
    unlistable: ClassVar[str] = ""
    """Why the panel cannot be asked what a create has made whose answer was lost; without it, `candidates` finds it."""
    repeatable: ClassVar[bool] = False
    """Whether making it again comes to the same, as with what is there only once."""
    when_deleted: ClassVar[str] = ""
    """What becomes of the object with its resource, in a few words; left out, it is deleted, or else forgotten."""
    when_replaced: ClassVar[str] = "replaced"
    """What a replacement means for the object, in a few words."""
    described_by: ClassVar[tuple[str, ...]] = ()
    """Arguments that tell in a review what a new one is."""
    is_a_deed: ClassVar[bool] = False
    """Whether it is no object but something that is done."""
    is_a_place: ClassVar[bool] = False
    """Whether its id names a place at the panel, such as a server's firewall, which a successor takes over."""
    unique_by: ClassVar[tuple[str, ...]] = ()
    """Arguments that no two objects share: a replacement with the same ones waits until the old object is gone."""

    def __init__(self, resource: str, fields: Mapping[str, Field]) -> None:
        self.resource, self.fields = resource, fields

    def make(self, context: Context, arguments: Values) -> tuple[str, Any]:
        """Create the object and answer its Pulumi id and record."""
        raise NotImplementedError

    def find(self, context: Context, id_: str, known: Values) -> Any:
        """The record of an existing object, of which `known` has the arguments and outputs; `NotFound` when gone."""
        raise NotImplementedError

    def noted_before(self, context: Context, olds: Values, arguments: Values) -> Any:  # noqa: ARG002
        """What is at the panel before a create, or an update that adds to it: what is new later, it has made.

        Asked by a check, and kept in the inputs as `BEFORE`; `olds` has the inputs of what is there already. None where
        nothing has to be known, or cannot be.
        """
        return None

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        """What a create with these arguments may have made whose answer was lost; `NotFound` for nothing at all."""
        raise NotImplementedError

    def named(self, text: str) -> tuple[str, dict[str, Any]]:
        """The text that `look_up` reads, of one by which a person names the object, and arguments that it adds."""
        return text, {}

    def look_up(self, context: Context, text: str, arguments: Values) -> tuple[str, Any]:
        """The Pulumi id and record of the object that `import_` or `get` name by this text."""
        return text, self.find(context, text, arguments)

    def look_in_preview(self, context: Context, id_: str, given: Values) -> Any:
        """The record of an object of which a program knows the id, and what it gives of `found_with`."""
        return self.find(context, id_, given)

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:
        """Who the object is at the panel, of which `known` has the arguments and outputs; `NotFound` when gone.

        What hangs on a server or a user is proven by that server's or user's identity.
        """
        raise NotImplementedError

    def identity_when_made(self, context: Context, made: Made, record: Any, known: Values) -> Identity:  # noqa: ARG002
        """Who the object is that was made or imported just now, from its record where that says it."""
        return self.identity_of(context, made.id, known)

    def identity_in_state(self, outputs: Values) -> Identity:  # noqa: ARG002
        """What the outputs of a state of an earlier version, which remembers no identity, tell of it."""
        return {}

    def subjects(self, id_: str, outputs: Values) -> Iterable[Subject]:  # noqa: ARG002
        """As what other resources name the object."""
        return ()

    def owner(self, outputs: Values) -> Subject | None:  # noqa: ARG002
        """Whose the object is, where the panel does not say it of the object."""
        return None

    def described(self, id_: str, outputs: Values) -> str:  # noqa: ARG002
        """The object in words, with what its state knows."""
        return f"{self.noun} {id_}"

    def losses(self, context: Context, id_: str, outputs: Values) -> str:  # noqa: ARG002
        """What a replacement of the object destroys, as the end of a sentence; "" where nothing is."""
        return ""

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        """Delete the object and wait until it is gone; `NotFound` when it was gone already."""
        raise NotImplementedError

    def is_gone(self, context: Context, id_: str, outputs: Values) -> bool:
        """Whether the panel shows now, as `NotFound` does, that the object was deleted.

        Asked of what can be found, where the deletion's own answer tells nothing.
        """
        self.find(context, id_, outputs)
        return False

    def key(self, id_: str, known: Values) -> Any:  # noqa: ARG002
        """How the panel's operations address the object, of which `known` has the arguments and outputs."""
        return id_number(id_)

    @cached_property
    def create_arguments(self) -> frozenset[str]:
        """Arguments that the creating call takes."""
        return frozenset(inspect.signature(self.made_by).parameters).intersection(self.fields)

    def making(self, arguments: Values) -> dict[str, Any]:
        """What the creating call is given."""
        return {name: value for name, value in arguments.items() if name in self.create_arguments}

    def value_of(self, record: Any, name: str) -> Any:
        """What a record says of a field, or None when it says nothing."""
        value = plain(getattr(record, name, None))
        return uniform(value) if name in TIMESTAMPS and value else value

    def validate(self, arguments: Values) -> Iterable[Problem]:  # noqa: ARG002
        """Rules between arguments, some of which may be unknown."""
        return ()

    def plan(self, context: Context, id_: str, olds: Values, news: Values, diff: Diff) -> Diff:  # noqa: ARG002
        """Warn of what a planned change will do, or refuse it."""
        return diff

    def postponed(self, context: Context, names: str) -> str:  # noqa: ARG002
        """The sentence about changed arguments that count when the object is made again."""
        return f"{names}: counts when the {self.noun} is made again; nothing is changed now."

    def claims(self, inputs: Values) -> Iterable[tuple[Hashable, Any, str]]:  # noqa: ARG002
        """What of the panel, that another resource can set as well, the arguments set: what, to what, in words."""
        return ()

    def is_complete(self, olds: Values) -> bool:  # noqa: ARG002
        """Whether nothing of an earlier run is left to be done."""
        return True

    def completed(self, arguments: Values) -> Values:
        """The arguments, with what the panel takes for one that is left out."""
        return arguments

    def plan_creation(self, context: Context, arguments: Values) -> Iterable[Problem]:  # noqa: ARG002
        """Warn of what making the object will do, or say why the panel would refuse it."""
        return ()

    def differences(self, record: Any, inputs: Values) -> str:
        """Where the program describes another object than the one to import."""
        described = [
            f for f in self.inputs() if f.read_back == "always" and is_known(inputs.get(f.name)) and f.name in inputs
        ]
        found = [(f, self.value_of(record, f.name)) for f in described]
        return ", ".join(
            f"{f.name} is {value!r} at the panel and {inputs[f.name]!r} in the program"
            for f, value in found
            if value is not None and not f.same(value, inputs[f.name])
        )

    def delete_before_replace(self, olds: Values, news: Values) -> bool:
        """Whether the old object has to go before a replacement can be."""
        unique = [self.fields[name] for name in self.unique_by]
        return bool(unique) and all(f.same(olds.get(f.name), news.get(f.name)) for f in unique)

    def owned(self, olds: Values, news: Values, before: Values) -> Values:  # noqa: ARG002
        """What the panel was last known to have, without what others own of it; `before` is what the program said."""
        return olds

    def carried_out_with(self, names: set[str], news: Values) -> set[str]:  # noqa: ARG002
        """The changed arguments, and others that have to be sent again with them."""
        return names

    def sent(self, context: Context, id_: str, olds: Values, news: Values, before: Values) -> Values:  # noqa: ARG002
        """The arguments as an update gives them to the panel; `before` is what the program said."""
        return news

    def update(self, context: Context, id_: str, olds: Values, news: Values) -> dict[str, Any] | None:  # noqa: ARG002
        """Carry out a change and answer the outputs; None where each field's own operation does."""
        return None

    def kept_of_a_failure(
        self,
        record: Any,  # noqa: ARG002
        outputs: dict[str, Any],
        olds: Values,  # noqa: ARG002
        news: Values,  # noqa: ARG002
        before: Values,  # noqa: ARG002
    ) -> dict[str, Any]:
        """The outputs after an update of which some failed, with what the next one has to know of this one.

        `record` is what could be read afterwards, or None; `before` is what the program said.
        """
        return outputs

    def call(self, context: Context, id_: str, step: Step, olds: Values, news: Values) -> dict[str, Any]:
        """Call an operation with what its signature asks for; a dict it answers is merged into the outputs."""
        given: dict[str, Any] = {"context": context}
        parameters = _parameters(step.operation)
        for name, optional in parameters.items():
            asked = self.fields.get(name)
            if name in step.names:
                given[name] = news[name]
            elif asked is not None and not (optional and asked.operation is step.operation):
                given[name] = value_in(asked, news, olds.get(name))
        wanted = {name: given[name] for name in parameters if name in given}
        answer = step.operation(getattr(context.panel, self.section), self.key(id_, {**olds, **news}), **wanted)
        return answer if isinstance(answer, dict) else {}

    def made_at_last(self, context: Context, id_: str, record: Any, arguments: Values) -> Any:  # noqa: ARG002
        """The record once all operations of a creation are done, where they change more than they are given."""
        return record

    def found(self, context: Context, id_: str, found: Found, inputs: Values, outputs: Values) -> Found:  # noqa: ARG002
        """The last word on what a refresh or a look-up has found; `Incomplete` where an update has to do more."""
        return found

    def id_of(self, id_: str, outputs: Values) -> str:  # noqa: ARG002
        """The Pulumi id of an object; another one than its state has, where that is of an earlier version."""
        return id_

    def outputs(self, record: Any, inputs: Values, previous: Values, failed: Iterable[str] = ()) -> dict[str, Any]:
        """What to keep of a record: as the panel tells it, else as the program gave it, else as it was before."""
        values = {
            f.name: self._output(f, record, {} if f.name in failed else inputs, previous)
            for f in self.fields.values()
            if f.from_id is None
        }
        return {name: value for name, value in values.items() if value is not None}

    def _output(self, f: Field, record: Any, inputs: Values, previous: Values) -> Any:
        if f.change is Change.NOTE:
            return value_in(f, inputs)
        # A record keeps what newer panels tell, also under the name of an argument that means something else.
        value = None if f.read_back == "never" else self.value_of(record, f.name)
        if f.change is Change.COMPUTED:
            return next(one for one in (value, previous.get(f.name), f.empty) if one is not None)
        if f.name in inputs and not f.drifts:
            return inputs[f.name]
        return previous.get(f.name) if value is None else value

    @property
    def proves_before_deletion(self) -> bool:
        """Whether a deletion looks who the object is; what is only forgotten needs no proof."""
        return bool(self.removed_by)

    def inputs(self, *changes: Change) -> list[Field]:
        """The declared arguments; with `changes`, those whose change is carried out so."""
        return [f for f in self.fields.values() if f.is_input and (not changes or f.change in changes)]


def value_in(f: Field, values: Values, otherwise: Any = None) -> Any:
    """The value of an argument; of a note that is left out, its default."""
    value = values.get(f.name, otherwise)
    return f.default if value is None and f.change is Change.NOTE else value


def _parameters(operation: Callable[..., object]) -> dict[str, bool]:
    """What an operation takes beside the section and the key, and whether it may be left out."""
    parameters = list(inspect.signature(operation).parameters.values())[2:]
    return {parameter.name: parameter.default is not parameter.empty for parameter in parameters}
