"""The object that each of several creates made: objects of one shape are interchangeable, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Maker = TypeVar("Maker", bound=Hashable)
Object = TypeVar("Object", bound=Hashable)


@dataclass(frozen=True)
class Ambiguity(Generic[Maker, Object]):
    """Objects of which at least one was made by another maker, and the possible makers of the others."""

    makers: tuple[Maker, ...]
    objects: tuple[Object, ...]


@dataclass(frozen=True)
class Matching(Generic[Maker, Object]):
    made: dict[Maker, Object] = field(default_factory=dict)
    ambiguities: list[Ambiguity[Maker, Object]] = field(default_factory=list)


def matched(possible: Mapping[Maker, Sequence[Object]]) -> Matching[Maker, Object]:
    """Give every object to a maker that may have made it; each maker gets its likeliest object (the first) if possible.

    Where a group has more objects than makers, it is ambiguous: all of its makers get none.
    """
    matching: Matching[Maker, Object] = Matching()
    for makers, objects in _apart(possible):
        owner = _owners({maker: possible[maker] for maker in makers}, objects)
        if len(owner) < len(objects):
            matching.ambiguities.append(Ambiguity(tuple(makers), tuple(objects)))
        else:
            matching.made.update({maker: one for one, maker in owner.items()})
    return matching


def _apart(possible: Mapping[Maker, Sequence[Object]]) -> Iterator[tuple[list[Maker], list[Object]]]:
    """Yield groups of makers and objects, such that no maker may have made an object of another group."""
    left = {maker: objects for maker, objects in possible.items() if objects}
    while left:
        makers, objects = [next(iter(left))], list(left.pop(next(iter(left))))
        while more := [maker for maker, theirs in left.items() if set(theirs).intersection(objects)]:
            makers += more
            objects += [one for maker in more for one in left.pop(maker) if one not in objects]
        yield makers, list(dict.fromkeys(objects))


def _owners(possible: Mapping[Maker, Sequence[Object]], objects: Sequence[Object]) -> dict[Object, Maker]:
    """Pair as many objects as possible with a maker that may have made them, each maker with at most one."""
    owner: dict[Object, Maker] = {}
    for maker, theirs in possible.items():  # each its likeliest, where nobody else's likeliest is the same
        if theirs[0] not in owner:
            owner[theirs[0]] = maker
    for one in objects:
        if one not in owner:
            _find_room(one, possible, owner, set())
    return owner


def _find_room(
    one: Object, possible: Mapping[Maker, Sequence[Object]], owner: dict[Object, Maker], asked: set[Maker]
) -> bool:
    """Give the object to a free maker, or to one whose object another maker can have; False without such a maker."""
    for maker, theirs in possible.items():
        if one in theirs and maker not in asked:
            asked.add(maker)
            has = next((other for other, its in owner.items() if its == maker), None)
            if has is None or _find_room(has, possible, owner, asked):
                owner[one] = maker
                return True
    return False
