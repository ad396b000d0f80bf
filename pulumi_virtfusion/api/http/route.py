"""The route of requests: to the panel itself, or through a proxy that the environment names."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from pulumi_virtfusion.api.http.endpoint import is_loopback, panel_address


@dataclass(frozen=True)
class Route:
    """The route to a panel; its text shows no user name and no password of a proxy."""

    panel: str
    proxies: dict[str, str] = field(repr=False)
    """The proxies in the form that `requests` takes."""
    proxy: str | None
    """The address of the proxy in use, without its credentials; None without a proxy."""

    @classmethod
    def to(cls, root: str) -> Route:
        """Return the route to the API at `root`; no proxy leads to this machine itself, as it would see the token."""
        proxies = {} if is_loopback(urlsplit(root).hostname or "") else get_environ_proxies(root)
        return cls(panel_address(root), proxies, _named(select_proxy(root, proxies)))

    def __str__(self) -> str:
        return f"{self.panel} through the proxy {self.proxy}" if self.proxy else self.panel


def _named(proxy: str | None) -> str | None:
    if not proxy:
        return None
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "that the environment names"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
