"""The objects and arguments that a program for a panel lacks because the API does not show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..resources import MODULES, resource_class
from ..schema.fields import Change, Field
from .kinds import ADDRESSES, SERVER, SYSTEM

CANNOT_BE_SEEN = "The API does not show, so it is not in here:"


def unseen(*, addresses: bool) -> Iterator[str]:
    """Yield a line for each kind that the API does not show, without the addresses where a program declares them.

    A kind that an option declares by its ids is named all the same: others of the kind stay unseen.
    """
    yield CANNOT_BE_SEEN
    yield "- users without servers: `--owner RELATION` takes one over;"
    for kind in MODULES:
        behaviour = resource_class(kind).behaviour
        option = behaviour.declared_with
        if behaviour.unlistable and behaviour.found_by and option:
            yield f"- {kind}: {behaviour.unlistable}; `{option} RELATION/ID` takes one over;"
        elif behaviour.unlistable and not behaviour.found_by and not behaviour.repeatable and not behaviour.is_a_deed:
            yield f"- {kind}: {behaviour.unlistable};"
    if not addresses:
        option = resource_class(ADDRESSES).behaviour.declared_with
        yield f"- which addresses a server was given later: all count as its own, and `{option}` declares them apart;"
    for kind in (SERVER, SYSTEM):
        yield f"- of a {kind}: {', '.join(_unread(resource_class(kind).fields.values()))}."


def _unread(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        if field.is_input and field.read_back != "always" and not field.required and field.change is not Change.NOTE:
            yield field.name
