"""SSH keys."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import SshKey
from ..api.sections.ssh_keys import SshKeys
from .later import later
from .question import ask


def get_ssh_key(ssh_key_id: int | str, *, client: VirtFusion | None = None) -> SshKey:
    """Read one key; the panel does not report its owner (`GET /ssh_keys/{keyId}`)."""
    return ask(SshKeys.get, client, ssh_key_id)


def get_ssh_key_output(ssh_key_id: Input[int | str], *, opts: InvokeOptions | None = None) -> Output[SshKey]:
    """Return an output of `get_ssh_key`."""
    return later(get_ssh_key, opts, ssh_key_id)


def get_user_ssh_keys(user_id: int | str, *, client: VirtFusion | None = None) -> list[SshKey]:
    """List all keys of a user, by the panel's own id (`GET /ssh_keys/user/{userId}`)."""
    return ask(SshKeys.list_of_user, client, user_id)


def get_user_ssh_keys_output(user_id: Input[int | str], *, opts: InvokeOptions | None = None) -> Output[list[SshKey]]:
    """Return an output of `get_user_ssh_keys`."""
    return later(get_user_ssh_keys, opts, user_id)
