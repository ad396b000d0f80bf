"""The relation that addresses a user: parsed from an id, or generated for a user without one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ..lifecycle.contract import Values
from ..schema.types import Relation

REL_STR = "rel_str:"

MOST_RELATIONS = 20
"""The most users that may have had one e-mail address in turn, and have another one now."""


def relation_of(text: str) -> int | str:
    """Parse the address of a user: digits are an `ext_relation_id`, anything else a `rel_str`, also `rel_str:42`."""
    if text.startswith(REL_STR):
        return text[len(REL_STR) :]
    return int(text) if text.isdecimal() else text


def spelled(relation: int | str) -> str:
    """Return the text that `relation_of` parses as this relation."""
    text = str(relation)
    return f"{REL_STR}{text}" if isinstance(relation, str) and relation_of(text) != relation else text


def relation_in_use(id_: str) -> int | str:
    """Parse the id that a person gives, as `relation_of` does; raise ValueError for one that no user can have."""
    from pydantic import TypeAdapter

    relation: int | str = TypeAdapter(Relation).validate_python(relation_of(id_))
    if spelled(relation) != id_:
        raise ValueError(f"{id_!r} is no relation")
    return relation


def relations_sought(given: Values) -> Iterator[int | str]:
    """Yield the relations for a new user in order of preference: the given one, or else the generated ones.

    A generated relation follows from the e-mail address, so that the user of an interrupted create can still be found.
    The first one belongs to another user where that user had the address once.
    """
    number, text = given.get("ext_relation_id"), given.get("rel_str")
    if number or text:
        yield int(number) if number else str(text)
        return
    email = str(given["email"]).lower()
    for attempt in range(MOST_RELATIONS):
        yield f"pulumi-{hashlib.sha256(email.encode() + b'#' * attempt).hexdigest()[:16]}"
