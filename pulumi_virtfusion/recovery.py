"""After a create whose answer was lost: which object, if any, is the one it made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeVar

from .api.errors import OutcomeUnknown, VirtFusionError
from .timestamps import instant

T = TypeVar("T")
CLOCKS_DIFFER_BY = timedelta(minutes=2)

NOTHING_YET = (
    "nothing was made as far as the panel shows now. It may still be at it: "
    "look once more (`virtfusion orphans`) before you run it again."
)
"""Advice where a second one could be made: an answer is also lost when the panel is only slow."""

_claimed: set[tuple[str, str]] = set()
_claiming = Lock()


def made_since(started: datetime, created: str) -> bool:
    """Whether something made at `created` can be what a create that began at `started` made."""
    made = instant(created)
    return made is not None and made >= started - CLOCKS_DIFFER_BY


def claim(noun: str, id_: object) -> bool:
    """Hold an object for the create that made it; False when another create of this process holds it."""
    with _claiming:
        claimed = (noun, str(id_))
        if claimed in _claimed:
            return False
        _claimed.add(claimed)
        return True


def unclaimed(noun: str, objects: Iterable[T], id_of: Callable[[T], object]) -> list[T]:
    """Those that no create of this process holds."""
    with _claiming:
        return [one for one in objects if (noun, str(id_of(one))) not in _claimed]


def with_advice(error: OutcomeUnknown, advice: str) -> OutcomeUnknown:
    """The same error, that also says what was found and what to do."""
    return OutcomeUnknown(f"{error} {advice}", error.method, error.path, error.status, error.messages)


@contextmanager
def settling(lost: OutcomeUnknown) -> Iterator[None]:
    """Around the look at what a lost create made: when that fails too, the lost answer is what has to be told."""
    try:
        yield
    except VirtFusionError as failure:
        raise with_advice(lost, f"Looking for what it made failed too: {failure}") from None
