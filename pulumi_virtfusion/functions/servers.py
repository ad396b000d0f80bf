"""Servers."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import Firewall, Server, ServerRow, ServerTraffic, TemplateCategory, TrafficBlocks, UserServer, Vnc
from ..api.sections.servers import Servers
from ..schema.types import Interface
from .later import later
from .question import ask, ask_for_all


def get_servers(
    *, hypervisor_ids: Sequence[int | str] | None = None, client: VirtFusion | None = None
) -> list[ServerRow]:
    """List all servers, or those on the given hypervisors (`GET /servers`)."""
    return ask_for_all(Servers.list, client, hypervisor_ids=hypervisor_ids)


def get_servers_output(
    *, hypervisor_ids: Input[Sequence[Input[int | str]]] | None = None, opts: InvokeOptions | None = None
) -> Output[list[ServerRow]]:
    """Return an output of `get_servers`."""
    return later(get_servers, opts, hypervisor_ids=hypervisor_ids)


def get_server(server_id: int | str, *, remote_state: bool = False, client: VirtFusion | None = None) -> Server:
    """Read one server; `remote_state` also asks its hypervisor, which takes longer (`GET /servers/{serverId}`)."""
    return ask(Servers.get, client, server_id, remote_state=remote_state)


def get_server_output(
    server_id: Input[int | str], *, remote_state: Input[bool] = False, opts: InvokeOptions | None = None
) -> Output[Server]:
    """Return an output of `get_server`."""
    return later(get_server, opts, server_id, remote_state=remote_state)


def get_user_servers(user_id: int | str, *, client: VirtFusion | None = None) -> list[UserServer]:
    """List all servers of a user, by the panel's own id (`GET /servers/user/{userId}`)."""
    return ask(Servers.list_of_user, client, user_id)


def get_user_servers_output(
    user_id: Input[int | str], *, opts: InvokeOptions | None = None
) -> Output[list[UserServer]]:
    """Return an output of `get_user_servers`."""
    return later(get_user_servers, opts, user_id)


def get_server_templates(server_id: int | str, *, client: VirtFusion | None = None) -> list[TemplateCategory]:
    """List the operating systems for a server (`GET /servers/{serverId}/templates`)."""
    return ask(Servers.get_templates, client, server_id)


def get_server_templates_output(
    server_id: Input[int | str], *, opts: InvokeOptions | None = None
) -> Output[list[TemplateCategory]]:
    """Return an output of `get_server_templates`."""
    return later(get_server_templates, opts, server_id)


def get_server_traffic(server_id: int | str, *, client: VirtFusion | None = None) -> ServerTraffic:
    """Read a server's traffic in bytes, newest month first (`GET /servers/{serverId}/traffic`)."""
    return ask(Servers.get_traffic, client, server_id)


def get_server_traffic_output(
    server_id: Input[int | str], *, opts: InvokeOptions | None = None
) -> Output[ServerTraffic]:
    """Return an output of `get_server_traffic`."""
    return later(get_server_traffic, opts, server_id)


def get_traffic_blocks(server_id: int | str, *, client: VirtFusion | None = None) -> TrafficBlocks:
    """List a server's traffic blocks in GB (`GET /servers/{serverId}/traffic/blocks`)."""
    return ask(Servers.get_traffic_blocks, client, server_id)


def get_traffic_blocks_output(
    server_id: Input[int | str], *, opts: InvokeOptions | None = None
) -> Output[TrafficBlocks]:
    """Return an output of `get_traffic_blocks`."""
    return later(get_traffic_blocks, opts, server_id)


def get_server_firewall(
    server_id: int | str, interface: Interface = "primary", *, client: VirtFusion | None = None
) -> Firewall:
    """Read switch and rules of an interface's firewall (`GET /servers/{serverId}/firewall/{interface}`)."""
    return ask(Servers.get_firewall, client, server_id, interface)


def get_server_firewall_output(
    server_id: Input[int | str], interface: Input[Interface] = "primary", *, opts: InvokeOptions | None = None
) -> Output[Firewall]:
    """Return an output of `get_server_firewall`."""
    return later(get_server_firewall, opts, server_id, interface)


def get_server_vnc(server_id: int | str, *, client: VirtFusion | None = None) -> Vnc:
    """Read the address and password of a server's screen (`GET /servers/{serverId}/vnc`).

    `password`, `token` and `url` are `SecretStr`, or None: `vnc.password.get_secret_value()` is the text. The output
    form is a secret, and so is each output that `apply` derives from it.
    """
    return ask(Servers.get_vnc, client, server_id)


def get_server_vnc_output(server_id: Input[int | str], *, opts: InvokeOptions | None = None) -> Output[Vnc]:
    """Return an output of `get_server_vnc`."""
    return later(get_server_vnc, opts, server_id)
