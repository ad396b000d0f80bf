"""The search for the object of a create whose answer was lost, and the proof that this create made the object.

An object is adopted only with proof: its values match all given arguments, no other resource has it, and a list that
was read before the create lacks it; or it has a key that no other object can have. A time proves nothing, since it
compares two clocks: a time can only rule out. An object without proof is a candidate, and a person decides.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Condition
from typing import Any, TypeVar

from ..api.errors import ConnectionFailed, NotFound, OperationTimeout, OutcomeUnknown, VirtFusionError
from ..schema.timestamps import instant, now, uniform
from .contract import Context, Values

T = TypeVar("T")
BEFORE = "__before"
"""The input with a note of the panel's objects before a create, as JSON: `seen`, and the time `at` which it was read.

It is an input because the state of a killed run keeps the inputs of its pending operations.
"""
LONGEST_NOTE = 15.0
"""Seconds that a check may take to read the note for `BEFORE`, without which no lost create can be proven."""
UNREACHABLE = ("before", "unreachable")
TRIED_AGAIN = 60.0
"""Seconds until a check asks a panel again that did not answer the read for `BEFORE`."""
CLOCKS_DIFFER_BY = timedelta(minutes=2)

NOTHING_YET = (
    "nothing was made as far as the panel shows now. It may still be at it: "
    "look once more (`virtfusion orphans`) before you run it again."
)
"""Advice where a repeated create could make a second object: the panel may have been only slow."""


class RuledOut(str):
    """A doubt about the time: by the panel's clock, the run cannot have made the object."""


@dataclass(frozen=True)
class Candidate:
    """An object of the panel that matches the arguments of a lost create, and that no other resource has."""

    id: str
    record: Any = field(compare=False)
    doubt: str = field(default="", compare=False)
    """The reason why no proof links the object to the create; "" for a proven one."""
    name: str = field(default="", compare=False)
    """The object's name at the panel."""
    import_id: str = field(default="", compare=False)
    """The value for `import_`, where that is not the id."""


def _everything(_: str) -> bool:
    return True


def _ask(_: Hashable, ask: Callable[[], T]) -> T:
    return ask()


@dataclass(frozen=True)
class Before:
    """Knowledge of the time before a create, against which candidates are compared."""

    since: datetime | None
    """The earliest time at which the create can have begun; None where `seen` was read just before."""
    seen: Any = None
    """The note that `Behaviour.noted_before` read; None where the read failed."""
    until: datetime | None = None
    """The latest time at which the create can have ended."""
    is_free: Callable[[str], bool] = field(default=_everything, repr=False)
    """Whether no other resource has the object of that id."""
    once: Callable[[Hashable, Callable[[], Any]], Any] = field(default=_ask, repr=False)
    """Calls a read once for a key, and shares its result with later searches."""

    def had(self, number: int) -> bool | None:
        """Whether the object of that number existed before: a panel counts upwards. None without a note."""
        return None if self.seen is None else number <= int(self.seen)

    def doubt(self, created: str | None = None, *, was_there: bool | None = False) -> str:
        """Return the reason why an object made at `created` may not be new; "" where no reason is left."""
        if was_there:
            return "it was there before"
        if created is not None and self.since is not None and (when := self._ruled_out(created, self.since)):
            return when
        return "nothing tells whether it was there before" if was_there is None else ""

    def _ruled_out(self, created: str, since: datetime) -> str:
        made = instant(created)
        if made is None:
            return "the panel does not tell when it was made"
        if made < since - CLOCKS_DIFFER_BY:
            return RuledOut(f"by the panel's clock it was made {uniform(created)}, before the run began")
        if self.until is not None and made > self.until + CLOCKS_DIFFER_BY:
            return RuledOut(f"by the panel's clock it was made {uniform(created)}, after the run had ended")
        return ""


def read_note(inputs: Values) -> tuple[Any, datetime | None]:
    """Return the note in the inputs and the time of its read; None for each that is missing."""
    try:
        note = json.loads(inputs.get(BEFORE, ""))
        return note["seen"], instant(str(note["at"]))
    except (ValueError, TypeError, LookupError):
        return None, None


def before_input(seen: Any) -> dict[str, str]:
    """Return the `BEFORE` input for a note: one text, which every host carries unchanged; none where `seen` is None."""
    if seen is None:
        return {}
    return {BEFORE: json.dumps({"seen": seen, "at": uniform(now().isoformat())}, separators=(",", ":"))}


def read_before(
    context: Context, what: Hashable, ask: Callable[[], T], *, gone: T | None = None, fresh: float = math.inf
) -> T | None:
    """Return the result of `ask`, read once a run; `gone` after `NotFound`, None after any other error.

    The result is kept for `fresh` seconds. A panel that cannot be reached is not asked again for `TRIED_AGAIN` seconds.
    """

    def answer() -> T | None:
        # A preview of many servers must not wait once for each of them when the panel does not answer.
        if context.run.shared(UNREACHABLE, bool, fresh=TRIED_AGAIN):
            return None
        try:
            with context.panel.time_limit(LONGEST_NOTE):
                return ask()
        except NotFound:
            return gone
        except (ConnectionFailed, OperationTimeout):
            context.run.saw(UNREACHABLE, True)
            return None
        except VirtFusionError:
            return None

    return context.run.shared(("before", what), answer, fresh=fresh)


def listed_before(context: Context, what: Hashable, ask: Callable[[], T], number: Callable[[T], int]) -> int | None:
    """Return the newest number in a list, read as by `read_before`, and keep the list for `seen_before`."""

    def read() -> int:
        answer = ask()
        context.run.saw(("listed", what), answer)
        return number(answer)

    return read_before(context, what, read, gone=0)


def seen_before(context: Context, what: Hashable, nothing: Callable[[], T]) -> T:
    """Return the list that `listed_before` has read, without a request; `nothing` where this run has read none."""
    return context.run.shared(("listed", what), nothing, fresh=math.inf)


def knows_before(context: Context, what: Hashable, seen: Any) -> None:
    """Give the run the result of `read_before`, where it follows from a create of the run itself."""
    context.run.saw(("before", what), seen)


def newest(numbers: Iterable[int]) -> int:
    """Return the highest number; 0 for none."""
    return max(numbers, default=0)


def in_its_place(
    find: Callable[[Context, str, Values], Any], context: Context, id_: str, given: Values, before: Before
) -> Iterator[Candidate]:
    """Yield the object with the given id, where no other resource has it: for a resource whose create is repeatable."""
    if before.is_free(id_):
        yield Candidate(id_, find(context, id_, given))


def proven(candidates: Iterable[Candidate], creates: int = 1) -> Candidate | None:
    """Return a proven candidate; None without one, or when more are proven than `creates` lost their answers."""
    certain = [one for one in candidates if not one.doubt]
    return certain[0] if 0 < len(certain) <= creates else None


def import_line(candidate: Candidate) -> str:
    """Return the argument that a program adds to adopt the candidate."""
    return f'opts=pulumi.ResourceOptions(import_="{candidate.import_id or candidate.id}")'


def with_doubts(candidates: Iterable[Candidate]) -> str:
    """Return the `import_` argument for each candidate, with the doubt that kept it from adoption."""
    return " or ".join(import_line(one) + (f" (not proven: {one.doubt})" if one.doubt else "") for one in candidates)


class Gate:
    """A lock that lets creates run concurrently, but a search for a lost create's object only while none is running.

    Every create has then claimed its object, and the search cannot mistake one of them for the lost one.
    """

    def __init__(self) -> None:
        self.lost: list[Values] = []
        """The arguments of the creates whose answers were lost and whose objects were not found."""
        self._changed = Condition()
        self._creates = 0
        self._is_looking = False

    @contextmanager
    def creating(self) -> Iterator[None]:
        """Wrap a create, up to its claim; wait until no search is running."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_looking)
            self._creates += 1
        try:
            yield
        finally:
            with self._changed:
                self._creates -= 1
                self._changed.notify_all()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Wrap a search, up to its claim; wait until no create and no other search is running."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_looking)
            self._is_looking = True
            self._changed.wait_for(lambda: not self._creates)
        try:
            yield
        finally:
            with self._changed:
                self._is_looking = False
                self._changed.notify_all()


def gate(context: Context, what: Hashable) -> Gate:
    """Return this run's gate for creates that could be mistaken for each other."""
    return context.run.shared(("gate", what), Gate, fresh=math.inf)


def not_the_new_one(operation: str, why: str) -> OutcomeUnknown:
    """Return the error for a create whose answer names an older object, from a cache in between, for example."""
    method, path = operation.split()
    text = f"{operation} answered with an object that it cannot have made: {why}. {OutcomeUnknown.hint}"
    return OutcomeUnknown(text, method, path)


def with_advice(error: OutcomeUnknown, advice: str) -> OutcomeUnknown:
    """Return the same error with `advice` after its text: the result of the search, and the next step."""
    return OutcomeUnknown(f"{error} {advice}", error.method, error.path, error.status, error.messages)


@contextmanager
def reconciling(lost: OutcomeUnknown) -> Iterator[None]:
    """Wrap the read that finds out whether a create happened.

    If the read fails too, the original `OutcomeUnknown` is raised, with both reasons.
    """
    try:
        yield
    except VirtFusionError as failure:
        raise with_advice(lost, f"Looking for what it made failed too: {failure}") from None
