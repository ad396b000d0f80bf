"""The resource classes, one module each, imported when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

MODULES = {
    "Server": "server",
    "ServerBuild": "server_build",
    "User": "user",
    "SshKey": "ssh_key",
    "ResourcePack": "resource_pack",
}
"""Where each class lives; states hold the names, so they never change."""


def resource_class(name: str) -> Any:
    """The resource class of that name."""
    return getattr(import_module(f".{MODULES[name]}", __name__), name)
