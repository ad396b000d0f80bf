"""The import path that stands in every state of the dynamic provider.

A state holds a pickled reference to `provider_of` and a resource's name: neither may change, or no stack would load.
"""

from __future__ import annotations

from functools import cache

from .providers.dynamic.provider import DynamicProvider


def provider_of(resource: str) -> DynamicProvider:
    """Return the provider of a resource class by the class's name; `__provider` in a state unpickles to this call."""
    # Not cached itself: a pickle names a plain function, but holds the byte code and file path of a cached one.
    return _provider_of(resource)


@cache
def _provider_of(resource: str) -> DynamicProvider:
    from .resources import resource_class

    return DynamicProvider(resource_class(resource).lifecycle, provider_of)
