"""The path that stands in every state: from a resource's name to its provider.

A state holds a pickled reference to `provider_of` and a resource's name: both are a promise to every stack.
"""

from __future__ import annotations

from functools import cache

from .providers.dynamic.provider import DynamicProvider


def provider_of(resource: str) -> DynamicProvider:
    """The provider of a resource class, by its name: what `__provider` in a state unpickles to."""
    # Plain, so that a pickle names it: of a cached function it would hold the byte code and the file's path.
    return _provider_of(resource)


@cache
def _provider_of(resource: str) -> DynamicProvider:
    from .resources import resource_class

    return DynamicProvider(resource_class(resource).lifecycle, provider_of)
