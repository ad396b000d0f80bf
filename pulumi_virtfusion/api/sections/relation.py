"""The address of a user in the API: an external relation, never the panel's own id."""

from __future__ import annotations

from typing import TypeAlias

Relation: TypeAlias = int | str
"""An int is an `extRelationId`, a string a `relStr`."""


def relation_query(relation: Relation) -> dict[str, bool]:
    """Return the query that tells the panel which kind of relation the path holds."""
    return {"relStr": True} if isinstance(relation, str) else {}
