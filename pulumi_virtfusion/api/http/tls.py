"""Trust in the panel's certificate."""

from __future__ import annotations

import ssl
from functools import lru_cache


@lru_cache(maxsize=8)
def trust(ca_bundle: str | None, insecure: bool) -> ssl.SSLContext:
    """Return the TLS context that all connections with these settings share, since loading certificates is slow."""
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
"""The remedies by OpenSSL's number of the reason; every other number means an unknown issuer."""


def untrusted(error: ssl.SSLCertVerificationError) -> str:
    """Return the reason why the panel's certificate was refused, and the remedy."""
    remedy = _REMEDIES.get(error.verify_code, "`caBundle` names the file with the CA to trust")
    return f"its certificate is not trusted ({error.verify_message.rstrip('.')}): {remedy}"
