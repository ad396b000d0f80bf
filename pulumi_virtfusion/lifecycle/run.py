"""What one process knows of one panel while it serves a run: who is who there, and reads that many can share."""

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
"""Seconds for which a refresh shares a read: what hangs on a server comes up to a thousand servers after it."""


@dataclass(frozen=True)
class Expected:
    """Who an object has to be; `seen_as` is the object that the panel can be asked for.

    `owner` is who else has to be asked for, where the panel does not say whose the object is.
    """

    identity: Identity
    seen_as: Subject
    owner: Subject | None = None


@dataclass(frozen=True)
class Compared:
    """A resource as a plan compared it with the program, and what came of it."""

    id: str
    outputs: Mapping[str, Any]
    changed: list[str]
    is_replaced: bool


@dataclass
class Run:
    """The memory of a run; its methods may be called from any thread."""

    astray: set[str] = field(default_factory=set)
    """Stacks whose state has turned out to be of another panel: nothing is made here for them either."""
    taken_over: set[str] = field(default_factory=set)
    """URNs of resources that the engine imports in this run."""
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
        """What `ask` answered within the last `fresh` seconds; who asks for the same at once waits for one answer."""
        with self._locks[what]:
            at, known = self._read.get(what, (0.0, None))
            if not at or time.monotonic() - at > fresh:
                known = ask()
                self.saw(what, known)
            answer: T = known
            return answer

    def read(self, what: Hashable, ask: Callable[[], T]) -> T:
        """What `ask` answers; in a refresh, one answer for all that asks in the same moment, which a write ends."""
        if not getattr(self._refreshing, "now", False):
            return ask()
        return self.shared(("read", self._moment, what), ask, fresh=LONGEST_REFRESH)

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        """Let what this thread reads meanwhile be shared."""
        self._refreshing.now = True
        try:
            yield
        finally:
            self._refreshing.now = False

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let nobody share what was read before or during a write."""
        self._moment = object()
        try:
            yield
        finally:
            self._moment = object()

    def saw(self, what: Hashable, answer: Any) -> None:
        """Share what was read or made just now."""
        self._read[what] = (time.monotonic(), answer)

    def forget(self, what: Hashable) -> None:
        """Do not share it any more: it was changed or deleted."""
        self._read.pop(what, None)

    @contextmanager
    def one_at_a_time(self, *what: object) -> Iterator[None]:
        """Hold off other calls for this thing: only a comparison of before and after tells what an operation did."""
        with self._locks["one at a time", what]:
            yield

    def watch(self, panel: VirtFusion) -> ServerWatch:
        """The one poller for all that wait for servers of the panel."""
        with self._claiming:
            if self._watch is None:
                self._watch = ServerWatch(panel)
            return self._watch

    def expect(self, subject: Subject, expected: Expected, words: Callable[[], str]) -> None:
        """Remember who the state of an object says that it is, and in words."""
        self._expected[subject] = expected
        self._described[subject] = words

    def learn(self, subject: Subject, expected: Expected) -> None:
        """Remember who an object is that something else tells of, unless its own state did."""
        if expected.identity:
            self._expected.setdefault(subject, expected)

    def described(self, subject: Subject) -> str:
        """The object in words, with what a state told of it."""
        words = self._described.get(subject)
        return str(subject) if words is None else words()

    def expected(self, subject: Subject) -> Expected | None:
        """Who the object has to be, if this run was told."""
        return self._expected.get(subject)

    def declare(self, what: Hashable, value: Any, by: str) -> tuple[Any, str] | None:
        """Note that a resource of the program sets `what`; answers another one that sets it to something else."""
        before = self._declared.get(what)
        if before is not None and before[1] != by and before[0] != value:
            return before
        self._declared[what] = value, by
        return None

    def compared(self, urn: str, compared: Compared) -> None:
        """Note how a plan compared a resource of the program, or that its new object was made."""
        self._compared[urn] = compared
        self._renewed.discard(urn)

    def outputs_before(self, urn: str) -> Mapping[str, Any]:
        """The outputs of a resource as this run last saw them in a state."""
        compared = self._compared.get(urn)
        return {} if compared is None else compared.outputs

    def renewed(self, urn: str) -> Compared | None:
        """Note that a new object is planned for a resource; answers how it was compared before, if it was."""
        self._renewed.add(urn)
        return self._compared.get(urn)

    def is_replaced(self, urn: str, id_: str) -> bool:
        """Whether the program keeps the resource, but with another object than this one."""
        compared = self._compared.get(urn)
        return urn in self._renewed or (compared is not None and compared.id != id_)

    def kept_by(self, urn: str, id_: str) -> str:
        """The name of another resource of that kind with the same object, which the program keeps; "" for none."""
        kind = _kind_of(urn)
        for other, compared in list(self._compared.items()):
            is_kept = compared.id == id_ and not compared.is_replaced and other not in self._renewed
            if is_kept and other != urn and _kind_of(other) == kind:
                return other.rpartition("::")[2]
        return ""

    def deleted(self, urn: str, id_: str) -> None:
        """Note that the object of a resource is no longer the program's."""
        compared = self._compared.get(urn)
        if compared is not None and compared.id == id_:
            del self._compared[urn]

    def hold(self, resource: str, id_: str, holder: str) -> None:
        """Note which holder of a place is in the program now, as far as this process was told."""
        self._holders[resource, id_] = holder

    def has_successor(self, resource: str, id_: str, holder: str) -> bool:
        """Whether another holder of the place is in the program."""
        return self._holders.get((resource, id_), holder) != holder

    def claim(self, noun: str, id_: object) -> bool:
        """Hold an object for the create that made it; False where another create of this run holds it."""
        with self._claiming:
            claimed = (noun, str(id_))
            is_free = claimed not in self._claimed
            self._claimed.add(claimed)
            return is_free

    def is_claimed(self, noun: str, id_: object) -> bool:
        """Whether a create of this run holds the object."""
        with self._claiming:
            return (noun, str(id_)) in self._claimed


def _kind_of(urn: str) -> tuple[str, str]:
    """The stack and the type, whatever the parents are."""
    stack, _, rest = urn.partition("::")
    return stack, rest.rpartition("::")[0].rpartition("::")[2].rpartition("$")[2]


@cache
def run_of(panel: VirtFusion) -> Run:  # noqa: ARG001
    """The run that a client serves."""
    return Run()
