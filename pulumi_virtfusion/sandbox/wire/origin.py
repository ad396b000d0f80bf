"""The origins of requests: the panel's own names, and the web pages that may ask."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.requests import Request

from ..panel.refusals import LaravelRefusal

_HOST = re.compile(r"(?:\[(?P<bracketed>[0-9A-Fa-f:.]+)]|(?P<plain>[^:\[\]]+))(?::[0-9]+)?\Z")


_CERTIFIABLE = re.compile(r"[0-9a-zA-Z.:-]+\Z")
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def is_loopback(name: str) -> bool:
    return name == "localhost" if _address(name) is None else ip_address(name).is_loopback


def certified_names(listens_on: str) -> list[str]:
    """Return the names for the certificate of a panel that listens on this address."""
    if is_loopback(listens_on):
        return list(LOOPBACK_NAMES)
    names = [socket.gethostname().lower(), listens_on]
    wildcard = _address(listens_on) is not None and ip_address(listens_on).is_unspecified
    return [*LOOPBACK_NAMES, *(name for name in names[: 1 if wildcard else 2] if _CERTIFIABLE.match(name))]


def _address(name: str) -> str | None:
    try:
        return str(ip_address(name))
    except ValueError:
        return None


@dataclass(frozen=True)
class Names:
    """The panel's names, by the address that it listens on.

    A web page reaches a panel on its reader's machine by a name that the page's owner points there. Nobody can point
    a number anywhere, so a number is always this machine's.
    """

    listens_on: str = "127.0.0.1"

    @property
    def _local(self) -> bool:
        return is_loopback(self.listens_on)

    def refuse_foreign(self, request: Request, *, with_token: bool = False) -> None:
        """Refuse a name that is not ours with 403; where others may ask, a request `with_token` may use any name."""
        if with_token and not self._local:
            return
        name = _name_in(request.headers.get("host", ""))
        if self._local:
            if not is_loopback(name):
                raise LaravelRefusal(403, "This sandbox answers to loopback names only.")
        elif _address(name) is None and name not in ("localhost", self.listens_on, socket.gethostname().lower()):
            raise LaravelRefusal(403, "Ask this part of the sandbox by its address, not by a name.")


def _name_in(host: str) -> str:
    """Return the name or address of a Host header, in lower case; "" for any other text."""
    match = _HOST.match(host)
    return (match["bracketed"] or match["plain"]).lower() if match else ""


def refuse_foreign_page(request: Request) -> None:
    """Refuse a request from a web page of another origin with 403: browsers name the origin."""
    own = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() != own.lower():
        raise LaravelRefusal(403, f"The controls refuse what a page of {origin[:100]!r} sends.")
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise LaravelRefusal(403, "The controls refuse what a page of another site sends.")


def refuse_form(request: Request) -> None:
    """Refuse a body that is not JSON with 415: a form on any web page could send it without permission."""
    kind = request.headers.get("content-type")
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if (kind is None and has_body) or (
        kind is not None and kind.partition(";")[0].strip().lower() != "application/json"
    ):
        raise LaravelRefusal(415, "The controls take JSON: send the header Content-Type: application/json.")
