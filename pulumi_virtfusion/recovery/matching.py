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
    owner, ambiguities = allotted(possible, dict.fromkeys(possible, 1))
    return Matching({maker: one for one, maker in owner.items()}, ambiguities)


def allotted(
    possible: Mapping[Maker, Sequence[Object]], room: Mapping[Maker, int]
) -> tuple[dict[Object, Maker], list[Ambiguity[Maker, Object]]]:
    """Give every object to a maker that may have made it, each maker as many as its room; return the owners.

    A group with more objects than room is ambiguous: all of its makers get none.
    """
    owners: dict[Object, Maker] = {}
    ambiguities: list[Ambiguity[Maker, Object]] = []
    for makers, objects in _apart(possible):
        owner = _owners({maker: possible[maker] for maker in makers}, objects, room)
        if len(owner) < len(objects):
            ambiguities.append(Ambiguity(tuple(makers), tuple(objects)))
        else:
            owners.update(owner)
    return owners, ambiguities


def _apart(possible: Mapping[Maker, Sequence[Object]]) -> Iterator[tuple[list[Maker], list[Object]]]:
    """Yield groups of makers and objects, such that no maker may have made an object of another group."""
    left = {maker: objects for maker, objects in possible.items() if objects}
    while left:
        makers, objects = [next(iter(left))], list(left.pop(next(iter(left))))
        while more := [maker for maker, theirs in left.items() if set(theirs).intersection(objects)]:
            makers += more
            objects += [one for maker in more for one in left.pop(maker) if one not in objects]
        yield makers, list(dict.fromkeys(objects))


def _owners(
    possible: Mapping[Maker, Sequence[Object]], objects: Sequence[Object], room: Mapping[Maker, int]
) -> dict[Object, Maker]:
    """Pair as many objects as possible with a maker that may have made them, each maker with as many as its room."""
    owner: dict[Object, Maker] = {}
    for maker, theirs in possible.items():  # each its likeliest, where nobody else's likeliest is the same
        if theirs[0] not in owner:
            owner[theirs[0]] = maker
    for one in objects:
        if one not in owner:
            _find_room(one, possible, room, owner, set())
    return owner


def _find_room(
    one: Object,
    possible: Mapping[Maker, Sequence[Object]],
    room: Mapping[Maker, int],
    owner: dict[Object, Maker],
    asked: set[Maker],
) -> bool:
    """Give the object to a maker with room, or to one of whose objects another can have one; False without any."""
    makers = [maker for maker, theirs in possible.items() if one in theirs]
    has = {maker: [other for other, its in owner.items() if its == maker] for maker in makers}
    for maker in sorted(makers, key=lambda maker: len(has[maker]) >= room[maker]):  # those with room first
        if maker not in asked:
            asked.add(maker)
            if len(has[maker]) < room[maker] or any(_find_room(it, possible, room, owner, asked) for it in has[maker]):
                owner[one] = maker
                return True
    return False
