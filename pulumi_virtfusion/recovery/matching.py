"""Which object each of several creations made: objects of one shape are interchangeable, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Maker = TypeVar("Maker", bound=Hashable)
Object = TypeVar("Object", bound=Hashable)


@dataclass(frozen=True)
class Ambiguity(Generic[Maker, Object]):
    """Objects of which at least one was made by somebody else, and who may have made the others."""

    makers: tuple[Maker, ...]
    objects: tuple[Object, ...]


@dataclass(frozen=True)
class Matching(Generic[Maker, Object]):
    made: dict[Maker, Object] = field(default_factory=dict)
    ambiguities: list[Ambiguity[Maker, Object]] = field(default_factory=list)


def matched(possible: Mapping[Maker, Sequence[Object]]) -> Matching[Maker, Object]:
    """Give every object to one that may have made it, the likeliest (named first) if possible.

    Where objects are left over, nobody knows which: all that compete for them get none.
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
    """Groups that have nothing to do with each other."""
    left = {maker: objects for maker, objects in possible.items() if objects}
    while left:
        makers, objects = [next(iter(left))], list(left.pop(next(iter(left))))
        while more := [maker for maker, theirs in left.items() if set(theirs).intersection(objects)]:
            makers += more
            objects += [one for maker in more for one in left.pop(maker) if one not in objects]
        yield makers, list(dict.fromkeys(objects))


def _owners(possible: Mapping[Maker, Sequence[Object]], objects: Sequence[Object]) -> dict[Object, Maker]:
    """As many objects as possible, each with a maker of its own."""
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
    """Give it to a free maker, or to one whose object another maker can have."""
    for maker, theirs in possible.items():
        if one in theirs and maker not in asked:
            asked.add(maker)
            has = next((other for other, its in owner.items() if its == maker), None)
            if has is None or _find_room(has, possible, owner, asked):
                owner[one] = maker
                return True
    return False
