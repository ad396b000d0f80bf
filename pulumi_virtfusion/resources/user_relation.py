"""The relation that addresses a user: as an id says it, and as one is found for a user that was given none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ..lifecycle.contract import Values
from ..schema.types import Relation

REL_STR = "rel_str:"

MOST_RELATIONS = 20
"""Users that had one e-mail address after each other, and have other ones now."""


def relation_of(text: str) -> int | str:
    """How the panel addresses a user: digits are an `ext_relation_id`, anything else a `rel_str`, also `rel_str:42`."""
    if text.startswith(REL_STR):
        return text[len(REL_STR) :]
    return int(text) if text.isdecimal() else text


def spelled(relation: int | str) -> str:
    """The text that `relation_of` reads as this relation."""
    text = str(relation)
    return f"{REL_STR}{text}" if isinstance(relation, str) and relation_of(text) != relation else text


def relation_in_use(id_: str) -> int | str:
    """The same for an id that a person gave; ValueError for one that no user can have."""
    from pydantic import TypeAdapter

    relation: int | str = TypeAdapter(Relation).validate_python(relation_of(id_))
    if spelled(relation) != id_:
        raise ValueError(f"{id_!r} is no relation")
    return relation


def relations_sought(given: Values) -> Iterator[int | str]:
    """The relation of a user that is to be made with these arguments: the one given, or else the first that is free.

    A generated one follows from the e-mail address, so that a user whose creation was cut short can still be found. The
    first is another user's where that had the address once.
    """
    number, text = given.get("ext_relation_id"), given.get("rel_str")
    if number or text:
        yield int(number) if number else str(text)
        return
    email = str(given["email"]).lower()
    for attempt in range(MOST_RELATIONS):
        yield f"pulumi-{hashlib.sha256(email.encode() + b'#' * attempt).hexdigest()[:16]}"
