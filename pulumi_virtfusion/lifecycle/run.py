"""The memory of one process about one panel while it serves a run: identities, claims, and shared reads."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Lock, local
from typing import TYPE_CHECKING, Any, TypeVar

from .server_poller import ServerWatch

if TYPE_CHECKING:
    from ..api import VirtFusion
    from .identity import Identity, Subject

T = TypeVar("T")
FRESH = 10.0
"""Seconds for which a read is shared; a run plans, refreshes or deletes hundreds of objects in that time."""

LONGEST_REFRESH = 60.0
"""Seconds for which a refresh shares a read: up to a thousand servers lie between a server and its own resources."""


@dataclass(frozen=True)
class Expected:
    """The identity that an object must have; `seen_as` is the subject that the panel can read.

    `owner` is a second subject to read, where the panel does not report the object's owner. `is_whole` is false of an
    object that was imported by its number alone: its identity proves nothing.
    """

    identity: Identity
    seen_as: Subject
    owner: Subject | None = None
    is_whole: bool = True


@dataclass(frozen=True)
class Compared:
    """The result of a diff: the state's outputs, the changed arguments, and whether the plan replaces."""

    id: str
    outputs: Mapping[str, Any]
    changed: list[str]
    is_replaced: bool


@dataclass
class Run:
    """The memory of a run; every method is thread-safe."""

    astray: set[str] = field(default_factory=set)
    """Stacks whose state belongs to another panel: a create for them is refused too."""
    remarks: dict[str, list[str]] = field(default_factory=dict)
    """By URN, the remarks on an import, which wait until a check shows that the read was for one."""
    _read: dict[Hashable, tuple[float, Any]] = field(default_factory=dict)
    _locks: defaultdict[Hashable, Lock] = field(default_factory=lambda: defaultdict(Lock))
    _expected: dict[Subject, Expected] = field(default_factory=dict)
    _described: dict[Subject, Callable[[], str]] = field(default_factory=dict)
    _declared: dict[Hashable, tuple[Any, str]] = field(default_factory=dict)
    _compared: dict[str, Compared] = field(default_factory=dict)
    _renewed: set[str] = field(default_factory=set)
    _claimed: set[tuple[str, str]] = field(default_factory=set)
    _holders: dict[tuple[str, str], str] = field(default_factory=dict)
    _refreshing: local = field(default_factory=local)
    _moment: object = field(default_factory=object)
    _watch: ServerWatch | None = None
    _claiming: Lock = field(default_factory=Lock)

    def shared(self, what: Hashable, ask: Callable[[], T], *, fresh: float = FRESH) -> T:
        """Return the answer of `ask` from the last `fresh` seconds, or call it; concurrent callers share one call."""
        with self._locks[what]:
            at, known = self._read.get(what, (0.0, None))
            if not at or time.monotonic() - at > fresh:
                known = ask()
                self.saw(what, known)
            answer: T = known
            return answer

    def read(self, what: Hashable, ask: Callable[[], T]) -> T:
        """Return the answer of `ask`; within `refreshing`, share one answer for a minute or until a write."""
        if not getattr(self._refreshing, "now", False):
            return ask()
        return self.shared(("read", self._moment, what), ask, fresh=LONGEST_REFRESH)

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        """Let this thread share its reads while inside."""
        self._refreshing.now = True
        try:
            yield
        finally:
            self._refreshing.now = False

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Wrap a write: no later read shares an answer from before or during the write."""
        self._moment = object()
        try:
            yield
        finally:
            self._moment = object()

    def saw(self, what: Hashable, answer: Any) -> None:
        """Share an answer that was read or made just now."""
        self._read[what] = (time.monotonic(), answer)

    def forget(self, what: Hashable) -> None:
        """Drop a shared answer, because its object was changed or deleted."""
        self._read.pop(what, None)

    @contextmanager
    def one_at_a_time(self, *what: object) -> Iterator[None]:
        """Serialise the calls with the same key, where only a comparison of before and after shows an effect."""
        with self._locks["one at a time", what]:
            yield

    def watch(self, panel: VirtFusion) -> ServerWatch:
        """Return the run's one poller, which all waits for servers of the panel share."""
        with self._claiming:
            if self._watch is None:
                self._watch = ServerWatch(panel)
            return self._watch

    def expect(self, subject: Subject, expected: Expected, words: Callable[[], str]) -> None:
        """Remember the identity that an object's own state gives, and the words for messages."""
        self._expected[subject] = expected
        self._described[subject] = words

    def learn(self, subject: Subject, expected: Expected) -> None:
        """Remember an identity from another resource's state, unless the object's own state gave one."""
        if expected.identity:
            self._expected.setdefault(subject, expected)

    def described(self, subject: Subject) -> str:
        """Return the words for an object in a message, from its state where this run has seen one."""
        words = self._described.get(subject)
        return str(subject) if words is None else words()

    def expected(self, subject: Subject) -> Expected | None:
        """Return the identity that the object must have; None where this run has seen no state of it."""
        return self._expected.get(subject)

    def declare_setting(self, what: Hashable, value: Any, by: str) -> tuple[Any, str] | None:
        """Note that a resource sets a setting; return value and URN of another resource that sets another value."""
        before = self._declared.get(what)
        if before is not None and before[1] != by and before[0] != value:
            return before
        self._declared[what] = value, by
        return None

    def compared(self, urn: str, compared: Compared) -> None:
        """Note the diff of a resource, or the creation of its new object."""
        self._compared[urn] = compared
        self._renewed.discard(urn)

    def outputs_before(self, urn: str) -> Mapping[str, Any]:
        """Return the outputs of a resource as this run last saw them in a state; none where it did not."""
        compared = self._compared.get(urn)
        return {} if compared is None else compared.outputs

    def note_renewal(self, urn: str) -> Compared | None:
        """Note that a new object is planned for a resource; return its earlier diff of this run, or None."""
        self._renewed.add(urn)
        return self._compared.get(urn)

    def is_replaced(self, urn: str, id_: str) -> bool:
        """Whether the program keeps the resource, but with another object than this one."""
        compared = self._compared.get(urn)
        return urn in self._renewed or (compared is not None and compared.id != id_)

    def kept_by(self, urn: str, id_: str) -> str:
        """Return the name of another kept resource of the same kind that has the same object; "" for none."""
        kind = _kind_of(urn)
        for other, compared in list(self._compared.items()):
            is_kept = compared.id == id_ and not compared.is_replaced and other not in self._renewed
            if is_kept and other != urn and _kind_of(other) == kind:
                return other.rpartition("::")[2]
        return ""

    def is_in_state(self, urn: str, id_: str) -> bool:
        """Whether a resource of the kind of `urn`, or the resource itself, had the object when this run compared it."""
        kind = _kind_of(urn)
        return any(one.id == id_ and _kind_of(other) == kind for other, one in list(self._compared.items()))

    def deleted(self, urn: str, id_: str) -> None:
        """Note that the program no longer has this object of the resource."""
        compared = self._compared.get(urn)
        if compared is not None and compared.id == id_:
            del self._compared[urn]

    def hold(self, resource: str, id_: str, holder: str) -> None:
        """Note the program's current holder of a place, as far as this process has seen."""
        self._holders[resource, id_] = holder

    def has_successor(self, resource: str, id_: str, holder: str) -> bool:
        """Whether the program has another holder of the place."""
        return self._holders.get((resource, id_), holder) != holder

    def claim(self, noun: str, id_: object) -> bool:
        """Claim an object for the create that made it; False where another create of this run has claimed it."""
        with self._claiming:
            claimed = (noun, str(id_))
            is_free = claimed not in self._claimed
            self._claimed.add(claimed)
            return is_free

    def is_claimed(self, noun: str, id_: object) -> bool:
        """Whether a create of this run has claimed the object."""
        with self._claiming:
            return (noun, str(id_)) in self._claimed


def _kind_of(urn: str) -> tuple[str, str]:
    """Return a URN's stack and its type, without the types of the parents."""
    stack, _, rest = urn.partition("::")
    return stack, rest.rpartition("::")[0].rpartition("::")[2].rpartition("$")[2]


@cache
def run_of(panel: VirtFusion) -> Run:  # noqa: ARG001
    """Return the run that a client serves, one for each client."""
    return Run()
