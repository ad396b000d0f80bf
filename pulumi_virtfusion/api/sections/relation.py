"""The address of a user in the API: an external relation, never the panel's own id."""

from __future__ import annotations

from typing import TypeAlias

Relation: TypeAlias = int | str
"""An int is an `extRelationId`, a string a `relStr`."""


def relation_query(relation: Relation) -> dict[str, bool]:
    """Return the query that gives the panel the kind of the relation in the path."""
    return {"relStr": True} if isinstance(relation, str) else {}
