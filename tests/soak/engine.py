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

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi.dynamic import ResourceProvider
from pulumi.runtime.rpc import UNKNOWN

from tests.provider_host import HostedResource, HostError, Made, ProviderHost

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


class Failed(Exception):
    """A step failed, and with it the run."""

    def __init__(self, step: Step, message: str) -> None:
        super().__init__(f"{step.op} of {step.name}: {message}")
        self.step, self.message = step, message


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
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[Step, str], None] = lambda _step, _error: None

    def live(self, name: str) -> Kept | None:
        """The resource of that name which is not replaced."""
        return next((kept for kept in self.state if kept.name == name and not kept.doomed), None)

    def preview(self, program: Program) -> list[Step]:
        """The steps that an `up` would do, without the unchanged ones; raises Failed."""
        run = _Preview(self, program)
        return [step for step in run.steps() if step.op != "same"]

    def up(self, program: Program) -> None:
        """Preview, carry out, delete; raises Failed at the first step that fails."""
        self.preview(program)
        before = list(self.state)
        run = _Update(self, program)
        for _ in run.steps():
            pass
        in_order = [kept for name in program for kept in self.state if kept.name == name and not kept.doomed]
        self.state = in_order + [kept for kept in self.state if kept not in in_order]
        self._delete([kept for kept in reversed(before) if kept.doomed or kept.name not in program])

    def destroy(self) -> None:
        self._delete(list(reversed(self.state)))

    def refresh(self) -> list[str]:
        """Read everything; the names whose inputs drifted, or that are gone. Raises Failed with nothing stored."""
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
            kept.reasons = []
        return drifted

    def hosted(self, kind: str, name: str) -> HostedResource:
        return self.host.resource(self.kinds[kind].provider, name=name, type_=self.kinds[kind].type)

    def _delete(self, doomed: list[Kept]) -> None:
        for kept in doomed:
            if not kept.awaiting:
                with self._told(Step("delete", kept.name, kept.kind)):
                    self.hosted(kept.kind, kept.name).delete(kept.id, kept.outputs)
            self.state.remove(kept)

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


class _Run:
    """The part that a preview and an update have in common: which step each resource needs."""

    unknown = False

    def __init__(self, engine: Engine, program: Program) -> None:
        self.engine, self.program = engine, program
        self.known: dict[str, tuple[Any, Mapping[str, Any]]] = {}
        """Id and outputs of what was registered so far."""

    def steps(self) -> Iterator[Step]:
        for name, declared in self.program.items():
            arguments = {key: self._resolved(value) for key, value in declared.arguments.items()}
            yield self._register(name, declared, arguments)

    def _register(self, name: str, declared: Declared, arguments: dict[str, Any]) -> Step:
        old = self.engine.live(name)
        hosted = self.engine.hosted(declared.kind, name)
        if old is None or old.awaiting:
            step = Step("create", name, declared.kind)
            with self.engine._told(Step("same", name, declared.kind)):
                inputs = self._checked(hosted, step, arguments, None)
            self._create(hosted, step, declared, inputs, old)
            return step
        step = Step("same", name, declared.kind)
        with self.engine._told(step):
            inputs = self._checked(hosted, step, arguments, old.inputs)
            diff = hosted.diff(old.id, old.outputs, inputs, old.inputs)
        differs = diff.changed if diff.changed is not None else inputs != old.inputs
        changed = frozenset(
            key
            for key in inputs.keys() | old.inputs.keys()
            if inputs.get(key) != old.inputs.get(key) or inputs.get(key) != old.outputs.get(key)
        )
        if differs and diff.replaces:
            return self._replace(hosted, declared, arguments, old, diff.delete_before_replace)
        if differs or old.reasons:
            step = Step("update", name, declared.kind, changed)
            self._update(hosted, step, declared, inputs, old)
            return step
        self._keep(declared, inputs, old)
        return step

    def _replace(
        self, hosted: HostedResource, declared: Declared, arguments: dict[str, Any], old: Kept, delete_first: bool
    ) -> Step:
        step = Step("replace", old.name, old.kind)
        with self.engine._told(Step("same", old.name, old.kind)):
            inputs = self._checked(hosted, step, arguments, None)
        if delete_first:
            for kept in reversed([old, *self._replaced_with(old)]):
                self._delete_first(kept)
        self._create(hosted, step, declared, inputs, old)
        return step

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

    def _checked(
        self, hosted: HostedResource, step: Step, arguments: dict[str, Any], olds: dict[str, Any] | None
    ) -> dict[str, Any]:
        checked = hosted.check(arguments, olds)
        if checked.failures:
            raise Failed(step, "; ".join(reason for _, reason in checked.failures))
        return checked.inputs

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Ref):
            kind = self.engine.kinds[self.program[value.resource].kind]
            id_, outputs = self.known[value.resource]
            if value.output in kind.from_id:
                return UNKNOWN if id_ == UNKNOWN else kind.from_id[value.output](id_)
            return outputs.get(value.output, UNKNOWN)
        return [self._resolved(item) for item in value] if _is_list(value) else value

    def _create(
        self, hosted: HostedResource, step: Step, declared: Declared, inputs: dict[str, Any], old: Kept | None
    ) -> None:
        raise NotImplementedError

    def _update(
        self, hosted: HostedResource, step: Step, declared: Declared, inputs: dict[str, Any], old: Kept
    ) -> None:
        raise NotImplementedError

    def _delete_first(self, kept: Kept) -> None:
        raise NotImplementedError

    def _keep(self, declared: Declared, inputs: dict[str, Any], old: Kept) -> None:
        raise NotImplementedError


class _Preview(_Run):
    """Carries nothing out: of a new object only its inputs are known, of a changed one also what is stable."""

    def _create(
        self, hosted: HostedResource, step: Step, declared: Declared, inputs: dict[str, Any], old: Kept | None
    ) -> None:
        self.known[step.name] = UNKNOWN, inputs

    def _update(
        self, hosted: HostedResource, step: Step, declared: Declared, inputs: dict[str, Any], old: Kept
    ) -> None:
        stable = {name: old.outputs[name] for name in self.engine.kinds[old.kind].stable if name in old.outputs}
        self.known[step.name] = old.id, {**stable, **inputs}

    def _delete_first(self, kept: Kept) -> None:
        pass

    def _keep(self, declared: Declared, inputs: dict[str, Any], old: Kept) -> None:
        self.known[old.name] = old.id, old.outputs


class _Update(_Run):
    """Carries out each step, and keeps what came of it."""

    def _create(
        self, hosted: HostedResource, step: Step, declared: Declared, inputs: dict[str, Any], old: Kept | None
    ) -> None:
        try:
            with self.engine._told(step):
                made = hosted.create(inputs)
        except Failed as failed:
            part = failed.__cause__.partly_made if isinstance(failed.__cause__, HostError) else None
            if part is not None:
                self._made(
                    step, declared, inputs, Made(part.id, part.outputs, part.secrets), old
                ).reasons = part.reasons
            raise
        self._made(step, declared, inputs, made, old)

    def _made(self, step: Step, declared: Declared, inputs: dict[str, Any], made: Made, old: Kept | None) -> Kept:
        new = Kept(step.name, step.kind, made.id, inputs, made.outputs, made.secrets, declared.arguments)
        if old is not None and old.awaiting:
            self.engine.state.remove(old)
        elif old is not None:
            old.doomed = True
        self.engine.state.append(new)
        self.known[step.name] = new.id, new.outputs
        return new

    def _update(
        self, hosted: HostedResource, step: Step, declared: Declared, inputs: dict[str, Any], old: Kept
    ) -> None:
        try:
            with self.engine._told(step):
                made = hosted.update(old.id, old.outputs, inputs)
        except Failed as failed:
            part = failed.__cause__.partly_made if isinstance(failed.__cause__, HostError) else None
            if part is not None:
                old.outputs, old.secrets, old.reasons = part.outputs, part.secrets, part.reasons
            raise
        old.outputs, old.secrets, old.reasons = made.outputs, made.secrets, []
        self._keep(declared, inputs, old)

    def _delete_first(self, kept: Kept) -> None:
        with self.engine._told(Step("delete", kept.name, kept.kind)):
            self.engine.hosted(kept.kind, kept.name).delete(kept.id, kept.outputs)
        kept.awaiting = True

    def _keep(self, declared: Declared, inputs: dict[str, Any], old: Kept) -> None:
        old.inputs, old.arguments = inputs, declared.arguments
        self.known[old.name] = old.id, old.outputs


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))
