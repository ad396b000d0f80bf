"""Operations that must not overlap, because only a comparison of before and after tells what they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_locks: defaultdict[tuple[object, ...], Lock] = defaultdict(Lock)


@contextmanager
def one_at_a_time(*what: object) -> Iterator[None]:
    """Hold the lock of this thing; threads of one process wait for each other."""
    with _locks[what]:
        yield
