"""The conversion between the panel's camelCase names and our snake_case names."""

from __future__ import annotations

import re
from functools import cache, lru_cache

FEW_NAMES = 10_000
"""More names than an API has: the bound of the cache, for names that a panel makes up."""


@lru_cache(FEW_NAMES)
def snake_case(name: str) -> str:
    """Convert `primaryDiskReadIOPS` to `primary_disk_read_iops`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@cache
def camel_case(name: str) -> str:
    """Convert `additional_storage1_enable` to `additionalStorage1Enable`."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
