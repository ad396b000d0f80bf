"""After a create whose answer was lost: which object, if any, is the one it made, and what proves it.

An object is taken over only where it is proven to be what was made: it is like all that was given, no other resource
has it, and it was not there in a list that was read before; or it has a key that nothing else can have. A time proves
nothing, for it compares two clocks: it can only rule out. What is not proven is a candidate, and a person decides.
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
"""The input that tells what the panel had when the object was about to be made: what was `seen`, and `at` what time.

An input, because a state has the inputs of what was being made when a run was killed.
"""
LONGEST_NOTE = 15.0
"""Seconds that a check may take to read what is there before; without it, nothing proves what a lost create made."""
UNREACHABLE = ("before", "unreachable")
TRIED_AGAIN = 60.0
"""Seconds until a panel that did not answer is asked again what is there before."""
CLOCKS_DIFFER_BY = timedelta(minutes=2)

NOTHING_YET = (
    "nothing was made as far as the panel shows now. It may still be at it: "
    "look once more (`virtfusion orphans`) before you run it again."
)
"""Advice where a second one could be made: an answer is also lost when the panel is only slow."""


class RuledOut(str):
    """A doubt that comes of two clocks: by the panel's, the run cannot have made it."""


@dataclass(frozen=True)
class Candidate:
    """An object of the panel that is like what a create was to make, and that no other resource has."""

    id: str
    record: Any = field(compare=False)
    doubt: str = field(default="", compare=False)
    """Why it is not proven to be what the create made; "" where it is."""
    name: str = field(default="", compare=False)
    """What it is called at the panel."""
    import_id: str = field(default="", compare=False)
    """What `import_` takes, where that is not the id."""


def _everything(_: str) -> bool:
    return True


def _ask(_: Hashable, ask: Callable[[], T]) -> T:
    return ask()


@dataclass(frozen=True)
class Before:
    """What is known of the time before a create."""

    since: datetime | None
    """When it can have begun; None where the list was read just before, and no time has to be asked."""
    seen: Any = None
    """What `Behaviour.noted_before` read; None where that was not to be had."""
    until: datetime | None = None
    """When it has ended at the latest."""
    is_free: Callable[[str], bool] = field(default=_everything, repr=False)
    """Whether no other resource has the object of that id."""
    once: Callable[[Hashable, Callable[[], Any]], Any] = field(default=_ask, repr=False)
    """Reads what several looks share."""

    def had(self, number: int) -> bool | None:
        """Whether an object of that number was there: a panel counts upwards. None where nobody knows."""
        return None if self.seen is None else number <= int(self.seen)

    def doubt(self, created: str | None = None, *, was_there: bool | None = False) -> str:
        """Why an object made at `created` is not proven to be new; "" where it is."""
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


def note_of(inputs: Values) -> tuple[Any, datetime | None]:
    """What was seen before, and when, as the inputs tell it."""
    try:
        note = json.loads(inputs.get(BEFORE, ""))
        return note["seen"], instant(str(note["at"]))
    except (ValueError, TypeError, LookupError):
        return None, None


def note(seen: Any) -> dict[str, str]:
    """The input that remembers it, as one text, which every host carries as it is."""
    if seen is None:
        return {}
    return {BEFORE: json.dumps({"seen": seen, "at": uniform(now().isoformat())}, separators=(",", ":"))}


def read_before(
    context: Context, what: Hashable, ask: Callable[[], T], *, gone: T | None = None, fresh: float = math.inf
) -> T | None:
    """What is there now, once a run; `gone` where what it belongs to is not there, None where it cannot be read."""

    def answer() -> T | None:
        # A preview of many servers must not wait for each of them where nobody answers.
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


def knows_before(context: Context, what: Hashable, seen: Any) -> None:
    """Tell the run what was there before, where that follows from what it has made itself."""
    context.run.saw(("before", what), seen)


def newest(numbers: Iterable[int]) -> int:
    """The highest of them; 0 for none."""
    return max(numbers, default=0)


def in_its_place(
    find: Callable[[Context, str, Values], Any], context: Context, id_: str, given: Values, before: Before
) -> Iterator[Candidate]:
    """What is there once, and comes to the same when it is made again."""
    if before.is_free(id_):
        yield Candidate(id_, find(context, id_, given))


def proven(candidates: Iterable[Candidate], creates: int = 1) -> Candidate | None:
    """One that is proven; where there are more than equal creates that lost their answers, nobody knows which it is."""
    certain = [one for one in candidates if not one.doubt]
    return certain[0] if 0 < len(certain) <= creates else None


def import_line(candidate: Candidate) -> str:
    """What a program adds to take it over."""
    return f'opts=pulumi.ResourceOptions(import_="{candidate.import_id or candidate.id}")'


def with_doubts(candidates: Iterable[Candidate]) -> str:
    """The lines that take each over, and why nobody did."""
    return " or ".join(import_line(one) + (f" (not proven: {one.doubt})" if one.doubt else "") for one in candidates)


class Gate:
    """Lets creates go on at once, and a look at what they made only while none is under way.

    What another create has just made is then claimed by it, and is not taken for what was lost.
    """

    def __init__(self) -> None:
        self.lost: list[Values] = []
        """What the creates were given whose answers were lost, and whose objects were not found."""
        self._changed = Condition()
        self._creates = 0
        self._is_looking = False

    @contextmanager
    def creating(self) -> Iterator[None]:
        """Around a create, up to its claim."""
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
        """Around a look, up to its claim."""
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
    """The gate of this run for creates that could be taken for each other."""
    return context.run.shared(("gate", what), Gate, fresh=math.inf)


def not_the_new_one(operation: str, why: str) -> OutcomeUnknown:
    """The error for a create that was answered with an object that it cannot have made, by a cache in between, say."""
    method, path = operation.split()
    text = f"{operation} answered with an object that it cannot have made: {why}. {OutcomeUnknown.hint}"
    return OutcomeUnknown(text, method, path)


def with_advice(error: OutcomeUnknown, advice: str) -> OutcomeUnknown:
    """The same error, that also says what was found and what to do."""
    return OutcomeUnknown(f"{error} {advice}", error.method, error.path, error.status, error.messages)


@contextmanager
def reconciling(lost: OutcomeUnknown) -> Iterator[None]:
    """Around the look at what a lost create made: when that fails too, the lost answer is what has to be told."""
    try:
        yield
    except VirtFusionError as failure:
        raise with_advice(lost, f"Looking for what it made failed too: {failure}") from None
