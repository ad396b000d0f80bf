"""The address of a panel: from the text that people write to the root of the API."""

from __future__ import annotations

import ipaddress
import logging
import socket
from urllib.parse import SplitResult, urlsplit, urlunsplit

API_ROOT = "/api/v1"

_log = logging.getLogger(__name__)
_warned: set[str] = set()


def api_root(endpoint: str) -> str:
    """Return `https://panel.example.com/api/v1` for an address with or without `/api/v1` or a trailing slash.

    Raise `ValueError` for a text that is not the http(s) address of a host.
    """
    parts = _split(endpoint.strip())
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("The panel's endpoint must be an address such as https://panel.example.com")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("The panel's endpoint must hold no user name, query or fragment")
    path = parts.path.rstrip("/").removesuffix(API_ROOT)
    return urlunsplit((parts.scheme, parts.netloc, path + API_ROOT, "", ""))


def panel_address(root: str) -> str:
    """Return the panel's address for messages: `root` without `/api/v1`."""
    return root.removesuffix(API_ROOT)


def _split(address: str) -> SplitResult | None:
    """Split an address into its parts; return None for one with a space, a line break or an impossible port."""
    if not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def warn_if_unencrypted(root: str) -> None:
    """Warn once a process when the token would travel in plain text to another machine; name the proxy on the way."""
    parts = urlsplit(root)
    if parts.scheme == "https" or is_loopback(parts.hostname or "") or root in _warned:
        return
    _warned.add(root)
    from pulumi_virtfusion.api.http.route import Route  # requests takes long to import

    proxy = Route.to(root).proxy
    readers = f"the proxy {proxy}, which all of it goes through, and everybody" if proxy else "everybody"
    _log.warning(
        "%s is not encrypted: %s on the way can read the API token, what is asked and what is answered. Use https://.",
        root,
        readers,
    )


def is_loopback(host: str) -> bool:
    """Whether a host name or an address, in any of its spellings, is this machine."""
    host = host.rstrip(".").partition("%")[0].lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(host)
    except ValueError:
        try:
            address = ipaddress.IPv4Address(socket.inet_aton(host))  # 127.1, 0x7f000001, 2130706433
        except OSError:
            return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback or (mapped or address).is_unspecified
