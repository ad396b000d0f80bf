"""The arguments without which an object cannot be declared."""

from __future__ import annotations

from collections.abc import Container, Mapping

from .fields import Field


def missing(fields: Mapping[str, Field], given: Container[str]) -> list[str]:
    """Return the names of the required arguments that are not among the given names."""
    return [field.name for field in fields.values() if field.required and field.name not in given]
