"""How the API addresses a user: by an external relation, never by the panel's own id."""

from __future__ import annotations

from typing import TypeAlias

Relation: TypeAlias = int | str
"""An int is an `extRelationId`, a string a `relStr`."""


def relation_query(relation: Relation) -> dict[str, bool]:
    """The query that tells the panel which of the two the path holds."""
    return {"relStr": True} if isinstance(relation, str) else {}
