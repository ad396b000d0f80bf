"""The panel's page: static files that ask the controls, and headers that keep other sites out."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from starlette.responses import Response

PATH = "/_sandbox/page/"
"""The path of the files that the page at `/` asks for."""

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""Headers that allow scripts and styles of our own files alone, no other site's frame, and no other origin."""

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def page_answer(path: str) -> Response | None:
    """Return the page for `/`, one of its files for a path below PATH; None for any other path."""
    if path == "/":
        name = "page.html"
    elif path.startswith(PATH):
        name = path[len(PATH) :]
    else:
        return None
    found = _files().get(name)
    return None if found is None else Response(found[0], media_type=found[1], headers=HEADERS)


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """Return the files beside this module by name, so that a request can name no other file."""
    kinds = {
        file.name: next((end for end in _TYPES if file.name.endswith(end)), "") for file in files(__name__).iterdir()
    }
    return {name: (files(__name__).joinpath(name).read_bytes(), _TYPES[kind]) for name, kind in kinds.items() if kind}
