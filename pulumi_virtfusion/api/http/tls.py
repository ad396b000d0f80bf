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


_REMEDIES = {
    9: "check this machine's clock",  # not valid yet
    10: "renew it on the panel, and check this machine's clock",  # expired
    62: "use the host name that it was made for as the endpoint",
    64: "use the host name that it was made for as the endpoint",  # an address instead of a name
}
"""By OpenSSL's number of the reason; for all others the issuer is unknown."""


def untrusted(error: ssl.SSLCertVerificationError) -> str:
    """Why the panel's certificate was refused, and what to do about it."""
    remedy = _REMEDIES.get(error.verify_code, "`caBundle` names the file with the CA to trust")
    return f"its certificate is not trusted ({error.verify_message.rstrip('.')}): {remedy}"
