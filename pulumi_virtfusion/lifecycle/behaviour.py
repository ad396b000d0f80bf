"""The author's side of a resource: how its object is made, found, proven, described and removed.

The fields say how each argument is changed. An answer that may be left out has a default here. `make docs` lists all of
them in docs/behaviour.md, by the headings in the class.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from ..api.http.operation import operation_of
from ..schema.fields import Change, Field
from ..schema.plain_values import id_number, is_known, plain, reported
from ..schema.timestamps import uniform
from .contract import Context, Diff, Found, Made, Part, Problem, Step, Values
from .identity import Identity, Subject
from .lost_answers import Before, Candidate
from .read_back import kept, value_in

if TYPE_CHECKING:
    from ..api import VirtFusion

TIMESTAMPS = ("added", "built", "created")


class Behaviour:
    """Answers the questions about one kind of resource; `Lifecycle` asks them, and nobody overrides that class."""

    # -- The object, and the client's methods for it ---------------------------------------------------------------

    section: ClassVar[str]
    """Names the attribute of the client that has the operations of the fields; read before each of them is called."""
    noun: ClassVar[str]
    """Names the object in each message: `SSH key`."""
    made_by: ClassVar[Callable[..., object]]
    """Names the client method that creates the object; read for `create_arguments`."""
    found_by: ClassVar[tuple[Callable[..., object], ...]] = ()
    """Names the client methods that read the object; with none, no refresh and no import asks the panel for it."""
    removed_by: ClassVar[tuple[Callable[..., object], ...]] = ()
    """Names the client methods that delete the object; with none, a deletion only forgets it."""

    # -- Making ----------------------------------------------------------------------------------------------------

    def make(self, context: Context, arguments: Values) -> tuple[str, Any]:
        """Create the object, and return its Pulumi id and record; asked once for each new object."""
        raise NotImplementedError

    def making(self, arguments: Values) -> dict[str, Any]:
        """Choose the arguments of the creating call; asked by `make`, and by `virtfusion recover`."""
        return {name: value for name, value in arguments.items() if name in self.create_arguments}

    @cached_property
    def create_arguments(self) -> frozenset[str]:
        """Name the arguments that the creating call takes; asked after `make`, for all others are then applied."""
        return frozenset(inspect.signature(self.made_by).parameters).intersection(self.fields)

    def made_at_last(self, context: Context, id_: str, record: Any, arguments: Values) -> Any:  # noqa: ARG002
        """Return the final record; asked after `make`, once the other arguments are applied."""
        return record

    # -- After a create whose answer was lost ----------------------------------------------------------------------

    unlistable: ClassVar[str] = ""
    """Says why the panel cannot list the objects of such a create; printed by `virtfusion recover` and `orphans`."""
    repeatable: ClassVar[bool] = False
    """Says whether a second create has the same result, as one such object exists only: no search for a first."""

    def noted_before(self, context: Context, olds: Values, arguments: Values) -> Any:  # noqa: ARG002
        """Read which objects are there already, such as the number of the newest; asked at the end of each check.

        The inputs keep the answer as `BEFORE`, so that `candidates` can tell a new object from an old one. `olds` has
        the inputs so far, and is empty before a create. None where nothing is added, or nobody can know.
        """
        return None

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        """Find the objects that a create with these arguments may have made, unless they are `unlistable`.

        Asked by the run itself, by `virtfusion recover` and by `virtfusion orphans`. Raise `NotFound` if there is none.
        """
        raise NotImplementedError

    def lookalikes(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:  # noqa: ARG002
        """Find the objects that are there already and look just like the result of a create with these arguments.

        Asked by each check of a new resource, after `noted_before`, of a resource whose create is not refused for an
        object that is there. An earlier create, whose answer was lost, may have made them. `before.once` gives the list
        that `noted_before` has read.
        """
        return ()

    def remember(self, context: Context, id_: str, outputs: Values, *, is_new: bool) -> None:
        """Give the run the panel's objects before the operation (`knows_before`), as far as the state has them.

        Asked by `virtfusion recover` of each object of a state; its result counts where no check noted anything.
        `is_new` says that the interrupted run had made the object itself, so that nothing was on it.
        """

    def remembered_before(self, outputs: Values) -> Any:  # noqa: ARG002
        """Return the note of `noted_before` from the state; asked of an update whose check noted nothing."""
        return None

    # -- Finding and importing -------------------------------------------------------------------------------------

    found_with: ClassVar[tuple[str, ...]] = ()
    """Names the arguments without which the id does not find the object; `look_in_preview` is given them."""
    declared_with: ClassVar[str] = ""
    """Names the option of `virtfusion import` without which no program declares such an object."""

    def find(self, context: Context, id_: str, known: Values) -> Any:
        """Read the record of an existing object; asked by refreshes, imports and updates, if `found_by` names a method.

        `known` has the arguments and outputs. Raise `NotFound` when the object is gone.
        """
        raise NotImplementedError

    def named(self, text: str) -> tuple[str, dict[str, Any]]:
        """Split the text by which a person names the object into a text for `look_up`, and the arguments in that text.

        Asked by `pulumi import`; `13/6` is key 13 of user 6.
        """
        return text, {}

    def look_up(self, context: Context, text: str, arguments: Values) -> tuple[str, Any]:
        """Find the object that a person names, and return its Pulumi id and record; asked by `import_` and `get`."""
        return text, self.find(context, text, arguments)

    def look_in_preview(self, context: Context, id_: str, given: Values) -> Any:
        """Read the record of an object that has an id already; asked by a program in a preview, for stable outputs.

        `given` has the arguments of `found_with`, as far as the program gives them.
        """
        return self.find(context, id_, given)

    def differences(self, record: Any, inputs: Values) -> str:
        """List where the program describes another object than the record; asked by an import, which then fails."""
        described = [
            f for f in self.inputs() if f.read_back == "always" and is_known(inputs.get(f.name)) and f.name in inputs
        ]
        found = [(f, self.value_of(record, f.name)) for f in described]
        return ", ".join(
            f"{f.name} is {value!r} at the panel and {inputs[f.name]!r} in the program"
            for f, value in found
            if value is not None and not f.same(value, inputs[f.name])
        )

    def found(self, context: Context, id_: str, found: Found, inputs: Values, outputs: Values) -> Found:  # noqa: ARG002
        """Have the last word on a refresh or a look-up; asked last. Raise `Incomplete` if an update has to do more."""
        return found

    def list_all(self, panel: VirtFusion) -> Iterable[tuple[str, str]] | None:  # noqa: ARG002
        """List every such object of the panel with its id and name; asked by a list before an import.

        None where the API lists the objects of one owner only.
        """
        return None

    def on_server(self, panel: VirtFusion, server: Any) -> Iterable[Part]:  # noqa: ARG002
        """Find each such object on a server, in its record or by a read; asked by `virtfusion import` and `orphans`."""
        return ()

    def unreadable_on_server(self, server: Any) -> Iterable[str]:  # noqa: ARG002
        """Name each object that `on_server` passes over because its record makes no sense; asked beside `on_server`."""
        return ()

    # -- Proving who the object is ---------------------------------------------------------------------------------

    named_by: ClassVar[tuple[str, ...]] = ()
    """Names the arguments by which other resources name such an object; read by programs, reviews and recovery."""
    named_with: ClassVar[tuple[str, ...]] = ()
    """Names the arguments that identify the object beside ids of others, and never drift; read by each plan."""
    owned_by: ClassVar[tuple[str, ...]] = ()
    """Names the arguments without which the object's owner is unknown; read before each change and deletion."""
    knows_its_owner: ClassVar[bool] = True
    """Says whether the identity has the object's owner; if not, each proof compares the owner too."""

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:
        """Read the object's identity at the panel; asked before each change and deletion, and compared with the state.

        `known` has the arguments and outputs. An object on a server or of a user is proven by that server's or user's
        identity. Raise `NotFound` when the object is gone.
        """
        raise NotImplementedError

    def identity_when_made(self, context: Context, made: Made, record: Any, known: Values) -> Identity:  # noqa: ARG002
        """Return a new object's identity from its record; asked after a create, import or recovery, for the state."""
        return self.identity_of(context, made.id, known)

    def identity_in_state(self, outputs: Values) -> Identity:  # noqa: ARG002
        """Return the identity from the outputs; asked where a state of an earlier version remembers no identity."""
        return {}

    def subjects(self, id_: str, outputs: Values) -> Iterable[Subject]:  # noqa: ARG002
        """Say as which subjects others name the object; asked by each plan, create, refresh and deletion."""
        return ()

    def owner(self, outputs: Values) -> Subject | None:  # noqa: ARG002
        """Return the owner of the object; asked with `subjects`. None where the panel reports the owner."""
        return None

    # -- Checking and planning -------------------------------------------------------------------------------------

    unique_by: ClassVar[tuple[str, ...]] = ()
    """Names the arguments that no two objects share; read by `delete_before_replace`."""
    is_a_place: ClassVar[bool] = False
    """Says whether the id names a place that a successor takes over, as a firewall's; read before each deletion."""

    def validate(self, arguments: Values) -> Iterable[Problem]:  # noqa: ARG002
        """Find arguments that contradict each other; asked by each check, where some of them may be unknown."""
        return ()

    def completed(self, arguments: Values) -> Values:
        """Put in the panel's own values for arguments that are left out; asked first in each check."""
        return arguments

    def shared_settings(self, inputs: Values) -> Iterable[tuple[Hashable, Any, str]]:  # noqa: ARG002
        """Name each setting that another resource can set as well: its name, the value, and the argument.

        Asked by each check; two resources of a program that set one to different values are refused.
        """
        return ()

    def plan_creation(self, context: Context, arguments: Values) -> Iterable[Problem]:  # noqa: ARG002
        """Warn of the effects of a create, or find why the panel would refuse it; asked by the preview of a new one."""
        return ()

    def plan(self, context: Context, id_: str, olds: Values, news: Values, diff: Diff) -> Diff:  # noqa: ARG002
        """Warn of the effects of a change, or refuse the change; asked by each plan, once `diff` has the changes."""
        return diff

    def losses(self, context: Context, id_: str, outputs: Values) -> str:  # noqa: ARG002
        """Name the losses of a replacement, as the end of a sentence; asked by each plan of one. "" for nothing."""
        return ""

    def postponed(self, context: Context, names: str) -> str:  # noqa: ARG002
        """Say that changed arguments count at the next creation alone; asked by each plan of such a change."""
        return f"{names}: counts when the {self.noun} is made again; nothing is changed now."

    def is_complete(self, olds: Values) -> bool:  # noqa: ARG002
        """Tell whether an earlier run left nothing undone; asked before an update that sends nothing by itself."""
        return True

    def completes(self, news: Values) -> bool:  # noqa: ARG002
        """Tell whether an update finishes an incomplete object; asked before a plan calls a change postponed."""
        return True

    def delete_before_replace(self, olds: Values, news: Values) -> bool:
        """Tell whether the old object has to go before its replacement can be made; asked by a plan of one."""
        unique = [self.fields[name] for name in self.unique_by]
        return bool(unique) and all(f.same(olds.get(f.name), news.get(f.name)) for f in unique)

    # -- Updating --------------------------------------------------------------------------------------------------

    def key(self, id_: str, known: Values) -> Any:  # noqa: ARG002
        """Turn the Pulumi id into the key that operations take; asked before each. `known` has the state."""
        return id_number(id_)

    def owned(self, olds: Values, news: Values, before: Values) -> Values:  # noqa: ARG002
        """Leave the shares of others out of the outputs; asked before a program is compared with them.

        `before` has the program's arguments so far.
        """
        return olds

    def carried_out_with(self, names: set[str], news: Values) -> set[str]:  # noqa: ARG002
        """Add the arguments that have to be sent again with the changed ones; asked before operations are called."""
        return names

    def sent(self, context: Context, id_: str, olds: Values, news: Values, before: Values) -> Values:  # noqa: ARG002
        """Write the arguments as the panel takes them; asked before an update. `before` has the program's so far."""
        return news

    def update(self, context: Context, id_: str, olds: Values, news: Values) -> dict[str, Any] | None:  # noqa: ARG002
        """Carry out a change and return the outputs; asked first in each update. None leaves all to the operations."""
        return None

    def call(self, context: Context, id_: str, step: Step, olds: Values, news: Values) -> dict[str, Any]:
        """Call one operation with the arguments in its signature; asked for each operation of a create or an update.

        A dict that the operation returns is merged into the outputs.
        """
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

    def kept_of_a_failure(
        self,
        record: Any,  # noqa: ARG002
        outputs: dict[str, Any],
        olds: Values,  # noqa: ARG002
        news: Values,  # noqa: ARG002
        before: Values,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Add notes for the next update to the outputs; asked after an update of which some failed.

        `record` is the object as read afterwards, or None; `before` has the program's arguments so far.
        """
        return outputs

    # -- Reading a record ------------------------------------------------------------------------------------------

    def value_of(self, record: Any, name: str) -> Any:
        """Read a field in a record; asked for each field that the panel reports. None where the record has no value.

        A record is filled up with empty values: `reported` gives none that the panel's answer lacks.
        """
        value = plain(reported(record, name))
        return uniform(value) if name in TIMESTAMPS and value else value

    def outputs(self, record: Any, inputs: Values, previous: Values, failed: Iterable[str] = ()) -> dict[str, Any]:
        """Choose the outputs to keep; asked after each create, read and update.

        A value is the panel's, as far as it `tells` one, or else the previous one, or else the program's; that of a
        `failed` argument is never the program's.
        """
        values = {
            f.name: kept(f, self.value_of(record, f.name), {} if f.name in failed else inputs, previous)
            for f in self.fields.values()
            if f.from_id is None
        }
        return {name: value for name, value in values.items() if value is not None}

    def id_of(self, id_: str, outputs: Values) -> str:  # noqa: ARG002
        """Return the Pulumi id; asked by each read, since a state of an earlier version may have another one."""
        return id_

    def id_in_outputs(self, context: Context, outputs: Values) -> str:  # noqa: ARG002
        """Return the Pulumi id from the outputs; asked of a replacement without a plan. "" where these lack it."""
        known = [f for f in self.fields.values() if f.from_id is not None and f.name in outputs]
        return next((str(outputs[f.name]) for f in known if f.from_id is int), "")

    # -- Deleting --------------------------------------------------------------------------------------------------

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        """Delete the object, and wait until the panel has done so; asked by each deletion, after the proof.

        Raise `NotFound` when the object was gone already.
        """
        raise NotImplementedError

    def is_gone(self, context: Context, id_: str, outputs: Values) -> bool:
        """Look whether the object is gone; asked after a deletion that failed and may be done. `NotFound` says yes."""
        self.find(context, id_, outputs)
        return False

    @property
    def proves_before_deletion(self) -> bool:
        """Tell whether the object has to be proven; asked by each deletion. A state may forget one without proof."""
        return bool(self.removed_by)

    # -- In a review and among orphans -----------------------------------------------------------------------------

    when_deleted: ClassVar[str] = ""
    """Describes in a few words the end of the object with its resource, unless it is deleted; read by `deletion`."""
    when_replaced: ClassVar[str] = "replaced"
    """Describes a replacement in a few words; read by a review."""
    described_by: ClassVar[tuple[str, ...]] = ()
    """Names the arguments that a review shows of a new object."""
    is_a_deed: ClassVar[bool] = False
    """Says whether the resource is an action, and stands for no object; a review then calls a create done."""
    is_a_system: ClassVar[bool] = False
    """Says whether the object is the system on a server, whose create wipes the disk; read by reviews and recovery."""

    def described(self, id_: str, outputs: Values) -> str:  # noqa: ARG002
        """Name the object in words; asked for messages of resources that belong to the object, and for an orphan."""
        return f"{self.noun} {id_}"

    def deletion(self, inputs: Values, outputs: Values) -> str:  # noqa: ARG002
        """Describe in a few words the end of the object with its resource; asked by a review of a deletion."""
        return self.when_deleted or ("deleted" if self.removed_by else "forgotten; the panel keeps it")

    def lost_with(self, outputs: Values) -> str:  # noqa: ARG002
        """Name what else goes with the object; asked by a review, of outputs that are no secret. "" for nothing."""
        return ""

    def takes_a_machine(self, inputs: Values, outputs: Values) -> bool:  # noqa: ARG002
        """Tell whether a deletion or a replacement takes a machine, or its system, away; asked by a review."""
        return self.is_a_system or "server_id" in self.named_by

    def destruction(self, inputs: Values) -> str:  # noqa: ARG002
        """Name the losses of a create or an update with these arguments; asked by a review. "" for nothing."""
        return ""

    def is_to_be_redone(self, outputs: Values) -> bool:  # noqa: ARG002
        """Tell whether an update installs anew, as after a failed build; asked by a review, if `is_a_system`."""
        return False

    def removal(self, id_: str, known: Values) -> str:  # noqa: ARG002
        """Write the request by which a person deletes the object; asked for an orphan. `id_` is that for `import_`."""
        if not self.removed_by:
            return "nothing: the next `pulumi up` makes it anew, over what is there"
        request = operation_of(self.removed_by[0])
        return f"{request.verb} {request.path_for(*id_.split('/')[: request.path.count('{')])}"

    # -- Offered to the methods above ------------------------------------------------------------------------------

    def __init__(self, resource: str, fields: Mapping[str, Field]) -> None:
        self.resource, self.fields = resource, fields

    def inputs(self, *changes: Change) -> list[Field]:
        """List the declared arguments; with `changes`, those whose change is carried out so."""
        return [f for f in self.fields.values() if f.is_input and (not changes or f.change in changes)]


def _parameters(operation: Callable[..., object]) -> dict[str, bool]:
    """Return the parameters of an operation beside the section and the key, each with whether it may be left out."""
    parameters = list(inspect.signature(operation).parameters.values())[2:]
    return {parameter.name: parameter.default is not parameter.empty for parameter in parameters}
