"""Faults for one click each, all of which a client of a panel has to survive."""

from __future__ import annotations

from typing import Any

_CREATES = {"method": "POST", "path": "^/(servers|users|ssh_keys)$"}

FAULTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "Lost answer",
        "The next create is carried out, and its answer never arrives.",
        {**_CREATES, "when": "after", "close": True},
    ),
    (
        "Error after the deed",
        "The next create is carried out, and answered by an error page.",
        {**_CREATES, "when": "after", "status": 500, "body": "<html><h1>500 Server Error</h1></html>"},
    ),
    (
        "Maintenance",
        "The next five requests get 503, come back in a second.",
        {"times": 5, "status": 503, "headers": {"Retry-After": "1"}, "body": {"message": "Service Unavailable"}},
    ),
    (
        "Rate limit",
        "The next three requests get 429, come back in two seconds.",
        {"times": 3, "status": 429, "headers": {"Retry-After": "2"}, "body": {"message": "Too Many Attempts."}},
    ),
    (
        "Flaky network",
        "One request in five is dropped, until the faults are cleared.",
        {"times": None, "probability": 0.2, "close": True},
    ),
    ("Slow panel", "The next ten answers take three seconds.", {"times": 10, "delay": 3}),
    ("Half an answer", "The next answer breaks off in the middle.", {"truncate": True}),
    (
        "Portal",
        "A login page answers the next request with 200.",
        {"status": 200, "body": "<!DOCTYPE html><html><title>Sign in</title></html>"},
    ),
    ("Token revoked", "The next three requests get 401.", {"times": 3, "status": 401, "body": "401 Unauthorized"}),
)
"""Title, story and the fields for the control `faults`."""


def prepared_faults() -> list[dict[str, Any]]:
    """Return the faults in the form of the page; a fault's `name` is its chip's title."""
    return [{"title": title, "story": story, "fault": {"name": title, **fault}} for title, story, fault in FAULTS]
