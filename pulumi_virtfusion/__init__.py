"""Pulumi provider for VirtFusion: an operator's panel as code.

Resources, functions and errors are imported when first used, so that a program pays only for what it names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .provider import Provider as Provider
    from .resources.resource_pack import ResourcePack as ResourcePack
    from .resources.server import Server as Server
    from .resources.server_build import ServerBuild as ServerBuild
    from .resources.ssh_key import SshKey as SshKey
    from .resources.user import User as User

__all__ = ["Provider", "ResourcePack", "Server", "ServerBuild", "SshKey", "User"]


def __getattr__(name: str) -> object:
    from .resources import MODULES, resource_class

    if name == "Provider":
        return import_module(".provider", __name__).Provider
    if name in MODULES:
        return resource_class(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
