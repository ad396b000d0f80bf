"""HTTPS with certificates of the panel's own authority, which a file makes known to clients."""

from __future__ import annotations

import ssl
from collections.abc import Iterable

import trustme

from ..panel.store import Store


def authority(store: Store) -> trustme.CA:
    """Return the panel's authority; the panel's file keeps it, so that clients trust it after a restart."""
    certificate, key = store.fact("ca"), store.fact("ca_key")
    if certificate and key:
        return trustme.CA.from_pem(certificate.encode(), key.encode())
    made = trustme.CA(organization_name="VirtFusion sandbox")
    store.set_fact("ca", made.cert_pem.bytes().decode())
    store.set_fact("ca_key", made.private_key_pem.bytes().decode())
    return made


def server_context(ca: trustme.CA, names: Iterable[str]) -> ssl.SSLContext:
    """Return the TLS context of a server with these names and addresses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*dict.fromkeys(names)).configure_cert(context)
    return context
