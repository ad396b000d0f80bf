"""Whom we believe to be the panel."""

from __future__ import annotations

import ssl
from functools import lru_cache


@lru_cache(maxsize=8)
def trust(ca_bundle: str | None, insecure: bool) -> ssl.SSLContext:
    """The context for all connections with these settings: loading certificates once costs less than per connection."""
    try:
        context = ssl.create_default_context(cafile=ca_bundle)
    except ssl.SSLError:
        raise ValueError(f"ca_bundle {ca_bundle} holds no certificate in PEM form") from None
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
