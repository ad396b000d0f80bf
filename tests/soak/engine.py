"""What Pulumi's engine does with a provider, one step after the other, over the real provider host.

A preview checks and compares every resource of the program; an `up` previews, carries out each step in the program's
order, and deletes last, in the reverse order of the state. The first failing step ends it. The state keeps

- of a step that failed, what was there before;
- of a create or update that failed with the object there, its outputs and the reasons, with the new inputs after a
  create and the old ones after an update: the next `up` updates it even where nothing changed;
- of a replacement, the old object too until it is deleted, at the end of this `up` or of a later one.

Where a replacement has to delete first, what would be replaced because of it is deleted before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pulumi.dynamic import ResourceProvider
from pulumi.runtime.rpc import UNKNOWN
from typing_extensions import override

from tests.native_host import NativeResource
from tests.provider_host import HostedResource, HostError, Made, PartlyMade, ProviderHost

Op = Literal["same", "create", "update", "replace", "delete"]


@dataclass(frozen=True)
class Ref:
    """An output of another resource as an argument: `user1.user_id`."""

    resource: str
    output: str


@dataclass(frozen=True)
class Declared:
    """What a program says of one resource."""

    kind: str
    arguments: Mapping[str, Any]

    @property
    def needs(self) -> set[str]:
        """The resources that it refers to."""
        return {ref.resource for value in self.arguments.values() for ref in references(value)}


Program = Mapping[str, Declared]
"""In the order in which it declares; whatever refers to another comes after it."""


def references(value: Any) -> list[Ref]:
    return [value] if isinstance(value, Ref) else [r for v in value for r in references(v)] if _is_list(value) else []


@dataclass(eq=False)
class Kept:
    """One resource in the state."""

    name: str
    kind: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    secrets: frozenset[str]
    arguments: Mapping[str, Any]
    """As the program had them, so that it is known which of them refer to what."""
    said: Mapping[str, Any]
    """The inputs that were last carried out; a refresh writes into `inputs`, and not into these."""
    reasons: list[str] = field(default_factory=list)
    """Why it is not as its program wants it (`initErrors`)."""
    doomed: bool = False
    """Replaced, and still to be deleted."""
    awaiting: bool = False
    """Deleted, and still to be made anew (`pendingReplacement`)."""


@dataclass(frozen=True)
class Step:
    """What was done, or planned, for one resource."""

    op: Op
    name: str
    kind: str
    changed: frozenset[str] = frozenset()
    """Inputs that differ from the state's inputs or outputs."""
    id: str = ""
    """Of the object that the state had, which a replacement or a deletion ends."""
    replaces: frozenset[str] = frozenset()
    """The arguments for which the provider wants a replacement."""
    asked: frozenset[str] = frozenset()
    """The arguments that the program itself changed since they were last carried out; what is unknown is changed."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    had: Mapping[str, Any] = field(default_factory=dict)
    """The outputs that the state had: what the panel has, as far as the stack was told."""


class Failed(Exception):
    """A step failed, and with it the run."""

    def __init__(self, step: Step, message: str, beside: Sequence[Failed] = ()) -> None:
        super().__init__("; ".join([f"{step.op} of {step.name}: {message}", *map(str, beside)]))
        self.step, self.message, self.beside = step, message, beside
        """`beside` are other steps that failed at the same time."""

    @property
    def all(self) -> list[Failed]:
        return [self, *self.beside]


@dataclass(frozen=True)
class Kind:
    """What the engine and Pulumi's SDK know of a class: its provider, and how outputs follow from its id."""

    provider: ResourceProvider
    type: str
    from_id: Mapping[str, Callable[[str], Any]] = field(default_factory=dict)
    stable: frozenset[str] = frozenset()
    """Outputs that the class keeps known in the preview of an update."""


class Engine:
    """A stack: its state, and what the engine does to it. `observe` is told of each step before and after it."""

    def __init__(self, host: ProviderHost, kinds: Mapping[str, Kind]) -> None:
        self.host, self.kinds = host, kinds
        self.state: list[Kept] = []
        self.planned: dict[str, Step] = {}
        """What the last preview showed, by name."""
        self.anew: Callable[[], None] = lambda: None
        """Called when another process would begin: before each preview, update, refresh and destruction."""
        self.between: Callable[[], None] = lambda: None
        """Called between the preview and the update of an `up`."""
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[Step, str], None] = lambda _step, _error: None

    def live(self, name: str) -> Kept | None:
        """The resource of that name which is not replaced."""
        return next((kept for kept in self.state if kept.name == name and not kept.doomed), None)

    def preview(self, program: Program, forced: Collection[str] = ()) -> list[Step]:
        """The steps that an `up` would do, without the unchanged ones; raises Failed."""
        self.anew()
        self.planned = {step.name: step for step in Preview(self, program, forced).steps() if step.op != "same"}
        return list(self.planned.values())

    def up(self, program: Program, forced: Collection[str] = (), update: Callable[..., Update] | None = None) -> None:
        """Preview, carry out, delete; raises Failed when a step fails.

        `forced` resources are replaced whatever they need (`--target-replace`, but of a whole program); `update` may
        carry out several steps at once.
        """
        self.preview(program, forced)
        self.between()
        before = list(self.state)
        self.anew()
        try:
            for _ in (update or Update)(self, program, forced).steps():
                pass
        finally:
            in_order = [kept for name in program for kept in self.state if kept.name == name and not kept.doomed]
            self.state = in_order + [kept for kept in self.state if kept not in in_order]
        self._delete([kept for kept in reversed(before) if kept.doomed or kept.name not in program])

    def destroy(self) -> None:
        self.anew()
        self._delete(list(reversed(self.state)))

    def refresh(self) -> list[str]:
        """Read everything; the names whose inputs drifted, or that are gone. Raises Failed with nothing stored."""
        self.anew()
        read: list[tuple[Kept, Any]] = []
        for kept in self.state:
            hosted = self.hosted(kept.kind, kept.name)
            with self._told(Step("same", kept.name, kept.kind)):
                read.append((kept, hosted.read(kept.id, kept.outputs, kept.inputs)))
        drifted = []
        for kept, now in read:
            if not now.id:
                self.state.remove(kept)
            if not now.id or now.inputs != kept.inputs:
                drifted.append(kept.name)
            kept.inputs, kept.outputs, kept.secrets = now.inputs, now.outputs, now.secrets
            kept.reasons = now.reasons
        return drifted

    def hosted(self, kind: str, name: str) -> HostedResource:
        return self.host.resource(self.kinds[kind].provider, name=name, type_=self.kinds[kind].type)

    def _delete(self, doomed: list[Kept]) -> None:
        for kept in doomed:
            if not kept.awaiting:
                self._end(kept)
            self.state.remove(kept)

    def _end(self, kept: Kept) -> None:
        with self._told(Step("delete", kept.name, kept.kind, id=kept.id, inputs=kept.inputs)):
            self.hosted(kept.kind, kept.name).delete(kept.id, kept.outputs, kept.inputs)

    def _told(self, step: Step) -> _Told:
        return _Told(self, step)


@dataclass(frozen=True)
class _Told:
    """A step under observation; a host's error ends the run."""

    engine: Engine
    step: Step

    def __enter__(self) -> None:
        self.engine.before()

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        self.engine.after(self.step, error.message if isinstance(error, HostError) else "")
        if isinstance(error, HostError):
            raise Failed(self.step, error.message) from error


@dataclass(frozen=True)
class Turn:
    """One resource of the program, when it is its turn."""

    hosted: HostedResource
    declared: Declared
    name: str
    inputs: dict[str, Any]
    """Checked."""
    old: Kept | None
    replaces: frozenset[str] = frozenset()

    def step(self, op: Op, changed: frozenset[str] = frozenset()) -> Step:
        kind, old = self.declared.kind, self.old
        if old is None:
            return Step(op, self.name, kind, changed, asked=self._asked(), inputs=self.inputs)
        return Step(op, self.name, kind, changed, old.id, self.replaces, self._asked(), self.inputs, old.outputs)

    def _asked(self) -> frozenset[str]:
        said = self.old.said if self.old is not None else {}
        names = {name for name in self.inputs.keys() | said.keys() if not name.startswith("__")}
        return frozenset(name for name in names if self.inputs.get(name) != said.get(name))


class Run:
    """The part that a preview and an update have in common: which step each resource needs."""

    def __init__(self, engine: Engine, program: Program, forced: Collection[str] = ()) -> None:
        self.engine, self.program, self.forced = engine, program, forced
        self.known: dict[str, tuple[Any, Mapping[str, Any]]] = {}
        """Id and outputs of what was registered so far."""

    def steps(self) -> Iterator[Step]:
        for name in self.program:
            yield self.step_of(name)

    def step_of(self, name: str) -> Step:
        """What is done for this resource, after those that it refers to."""
        declared = self.program[name]
        arguments = {key: self._resolved(value) for key, value in declared.arguments.items()}
        return self._register(name, declared, arguments)

    def _register(self, name: str, declared: Declared, arguments: dict[str, Any]) -> Step:
        old = self.engine.live(name)
        if old is None or old.awaiting:
            return self._create(self._turn(name, declared, arguments, None, old), "create")
        if name in self.forced:  # the provider is asked for no difference, and the new resource is made first
            return self._create(self._turn(name, declared, arguments, None, old), "replace")
        turn = self._turn(name, declared, arguments, old.inputs, old)
        with self.engine._told(turn.step("same")):
            diff = turn.hosted.diff(old.id, old.outputs, turn.inputs, old.inputs)
        # Where the provider leaves it to the engine, that compares the inputs.
        differs = diff.changed if diff.changed is not None else turn.inputs != old.inputs
        if differs and diff.replaces:  # the engine checks the replacement as a new resource
            turn = replace(self._turn(name, declared, arguments, None, old), replaces=frozenset(diff.replaces))
            if diff.delete_before_replace:
                for kept in reversed([old, *self._replaced_with(old)]):
                    self._delete_first(kept)
            return self._create(turn, "replace")
        if differs or old.reasons:
            return self._update(turn, old)
        self._keep(turn, old)
        return turn.step("same")

    def _turn(
        self, name: str, declared: Declared, arguments: dict[str, Any], olds: dict[str, Any] | None, old: Kept | None
    ) -> Turn:
        """Checked against the inputs `olds`."""
        turn = Turn(self.engine.hosted(declared.kind, name), declared, name, {}, old)
        with self.engine._told(turn.step("same")):
            checked = turn.hosted.check(arguments, olds)
        if checked.failures:
            raise Failed(turn.step("same"), "; ".join(reason for _, reason in checked.failures))
        return replace(turn, inputs=checked.inputs)

    def _replaced_with(self, root: Kept) -> list[Kept]:
        """What would be replaced if everything that it takes from the root were unknown, in the state's order."""
        replaced = [root]
        for kept in self.engine.state:
            if kept.doomed or kept.awaiting or kept is root:
                continue
            names = {one.name for one in replaced}
            unknown = {key for key, v in kept.arguments.items() if any(r.resource in names for r in references(v))}
            if unknown:
                inputs = {key: UNKNOWN if key in unknown else value for key, value in kept.inputs.items()}
                with self.engine._told(Step("same", kept.name, kept.kind)):
                    hosted = self.engine.hosted(kept.kind, kept.name)
                    diff = hosted.diff(kept.id, kept.outputs, inputs, kept.inputs)
                if diff.changed is not False and diff.replaces:
                    replaced.append(kept)
        return replaced[1:]

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Ref):
            kind = self.engine.kinds[self.program[value.resource].kind]
            id_, outputs = self.known[value.resource]
            if value.output in kind.from_id:
                return UNKNOWN if id_ == UNKNOWN else kind.from_id[value.output](id_)
            return outputs.get(value.output, UNKNOWN)
        return [self._resolved(item) for item in value] if _is_list(value) else value

    def _create(self, turn: Turn, op: Op) -> Step:
        raise NotImplementedError

    def _update(self, turn: Turn, old: Kept) -> Step:
        raise NotImplementedError

    def _delete_first(self, kept: Kept) -> None:
        raise NotImplementedError

    def _keep(self, turn: Turn, old: Kept) -> None:
        raise NotImplementedError


class Preview(Run):
    """Carries nothing out: known is what the plug-in foresees, or the inputs and what is stable of a changed object."""

    @override
    def _create(self, turn: Turn, op: Op) -> Step:
        foreseen = turn.hosted.foreseen_new(turn.inputs) if isinstance(turn.hosted, NativeResource) else turn.inputs
        self.known[turn.name] = UNKNOWN, foreseen
        return turn.step(op)

    @override
    def _update(self, turn: Turn, old: Kept) -> Step:
        if isinstance(turn.hosted, NativeResource):
            self.known[turn.name] = old.id, turn.hosted.foreseen(old.id, old.outputs, turn.inputs, old.inputs)
            return turn.step("update")
        stable = {name: old.outputs[name] for name in self.engine.kinds[old.kind].stable if name in old.outputs}
        self.known[turn.name] = old.id, {**stable, **turn.inputs}
        return turn.step("update")

    @override
    def _delete_first(self, kept: Kept) -> None:
        """It stays until the update."""

    @override
    def _keep(self, turn: Turn, old: Kept) -> None:
        self.known[turn.name] = old.id, old.outputs


class Update(Run):
    """Carries out each step, and keeps what came of it."""

    @override
    def _create(self, turn: Turn, op: Op) -> Step:
        try:
            with self.engine._told(turn.step(op)):
                made = turn.hosted.create(turn.inputs)
        except Failed as failed:
            if part := _part_of(failed):
                self._made(turn, Made(part.id, part.outputs, part.secrets)).reasons = part.reasons
            raise
        self._made(turn, made)
        return turn.step(op)

    def _made(self, turn: Turn, made: Made) -> Kept:
        declared, old = turn.declared, turn.old
        arguments = declared.arguments
        new = Kept(turn.name, declared.kind, made.id, turn.inputs, made.outputs, made.secrets, arguments, turn.inputs)
        if old is not None and old.awaiting:
            self.engine.state.remove(old)
        elif old is not None:
            old.doomed = True
        self.engine.state.append(new)
        self.known[turn.name] = new.id, new.outputs
        return new

    @override
    def _update(self, turn: Turn, old: Kept) -> Step:
        step = turn.step("update", _changed(old, turn.inputs))
        try:
            with self.engine._told(step):
                made = turn.hosted.update(old.id, old.outputs, turn.inputs, old.inputs)
        except Failed as failed:
            if part := _part_of(failed):
                old.outputs, old.secrets, old.reasons = part.outputs, part.secrets, part.reasons
            raise
        old.outputs, old.secrets, old.reasons = made.outputs, made.secrets, []
        self._keep(turn, old)
        return step

    @override
    def _delete_first(self, kept: Kept) -> None:
        self.engine._end(kept)
        kept.awaiting = True

    @override
    def _keep(self, turn: Turn, old: Kept) -> None:
        old.inputs, old.arguments, old.said = turn.inputs, turn.declared.arguments, turn.inputs
        self.known[turn.name] = old.id, old.outputs


def _changed(old: Kept, inputs: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        key
        for key in inputs.keys() | old.inputs.keys()
        if inputs.get(key) != old.inputs.get(key) or inputs.get(key) != old.outputs.get(key)
    )


def _part_of(failed: Failed) -> PartlyMade | None:
    return failed.__cause__.partly_made if isinstance(failed.__cause__, HostError) else None


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))
