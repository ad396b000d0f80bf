"""A server's life: made, built, read, deleted."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from typing import Any

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import each, each_of, is_id, one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section, wire, with_arguments_of


def new_server(
    *,
    package_id: int,
    user_id: int,
    hypervisor_group_id: int,
    ipv4: int | None = None,
    storage: int | None = None,
    traffic: int | None = None,
    memory: int | None = None,
    cpu_cores: int | None = None,
    network_speed_inbound: int | None = None,
    network_speed_outbound: int | None = None,
    storage_profile: int | None = None,
    network_profile: int | None = None,
    firewall_rulesets: Sequence[int] | None = None,
    hypervisor_asset_groups: Sequence[int] | None = None,
    additional_storage1_enable: bool | None = None,
    additional_storage1_profile: int | None = None,
    additional_storage1_capacity: int | None = None,
    additional_storage2_enable: bool | None = None,
    additional_storage2_profile: int | None = None,
    additional_storage2_capacity: int | None = None,
) -> dict[str, object]:
    """Return the body of `POST /servers`, whose `hypervisorId` is the id of a group."""
    return wire(locals(), hypervisor_group_id="hypervisorId")


def _id_in(body: Any) -> int | None:
    """Return the id of the object in a body, or None."""
    data = body.get("data") if isinstance(body, dict) else None
    found = data.get("id") if isinstance(data, dict) else None
    return int(str(found)) if is_id(found) else None


class ServerLifecycle(Section):
    """Making, building, reading and deleting servers."""

    @operation("POST", "/servers")
    @with_arguments_of(new_server)
    def create(self, **arguments: Any) -> records.Server:
        """Make a server, which is not built yet; the package gives each value that is left out (`POST /servers`).

        `ipv4` is a number of addresses, `storage` and capacities are in GB, `traffic` in GB (0 unlimited), `memory` in
        MB, network speeds in kB/s.
        """
        return self._ask(ServerLifecycle.create, one(records.Server), body=new_server(**arguments))

    # A panel that does not know dry runs makes a server, so that it is not repeated.
    @operation("POST", "/servers", needs_body=False)
    @with_arguments_of(new_server)
    def validate(self, **arguments: Any) -> int | None:
        """Ask whether `create` would be accepted; raise `ValidationFailed` if not (`POST /servers?dryRun=true`).

        Return an id where the panel reports one: the caller must then check whether a server was made all the same.
        """
        return self._ask(ServerLifecycle.validate, _id_in, query={"dryRun": True}, body=new_server(**arguments))

    @operation("GET", "/servers/{serverId}")
    def get(self, server_id: int, *, remote_state: bool = False) -> records.Server:
        """Read one server in detail; `remote_state` also asks its hypervisor, which takes longer.

        `GET /servers/{serverId}`
        """
        return self._ask(ServerLifecycle.get, one(records.Server), server_id, query={"remoteState": remote_state})

    @operation("GET", "/servers")
    def list(self, *, hypervisor_ids: Sequence[int] | None = None) -> Iterator[records.ServerRow]:
        """List all servers, or those on the given hypervisors (`GET /servers`)."""
        query = {"hypervisorId[]": hypervisor_ids}
        return self._pages(ServerLifecycle.list, records.ServerRow, query=query)

    @operation("GET", "/servers/user/{userId}")
    def list_of_user(self, user_id: int) -> builtins.list[records.UserServer]:
        """List all servers of a user (`GET /servers/user/{userId}`); `user_id` is the panel's own id."""
        return self._ask(ServerLifecycle.list_of_user, each_of(records.UserServer, user_id=user_id), user_id)

    @operation("GET", "/servers/{serverId}/templates")
    def get_templates(self, server_id: int) -> builtins.list[records.TemplateCategory]:
        """List the operating systems for a server (`GET /servers/{serverId}/templates`)."""
        return self._ask(ServerLifecycle.get_templates, each(records.TemplateCategory), server_id)

    @operation("POST", "/servers/{serverId}/build")
    def build(
        self,
        server_id: int,
        *,
        operating_system_id: int,
        name: str | None = None,
        hostname: str | None = None,
        ssh_keys: Sequence[int] | None = None,
        vnc: bool | None = None,
        ipv6: bool | None = None,
        email: bool | None = None,
        swap: float | None = None,
    ) -> records.Server:
        """Wipe the primary disk and install an operating system; only this answer has the `password`.

        `POST /servers/{serverId}/build`

        `swap` is 256, 512 or 768 MB, or 1, 1.5, 2, 3, 4, 5, 6 or 8 GB. The build goes on after the answer: watch `get`.
        """
        order: dict[str, object] = {"operating_system_id": operating_system_id, "name": name, "hostname": hostname}
        order |= {"ssh_keys": ssh_keys, "vnc": vnc, "ipv6": ipv6, "email": email, "swap": swap}
        return self._ask(ServerLifecycle.build, one(records.Server), server_id, body=wire(order))

    @operation("DELETE", "/servers/{serverId}")
    def delete(self, server_id: int, *, delay: int = 0) -> None:
        """Delete a server after `delay` minutes; it can be read until that is done.

        `DELETE /servers/{serverId}`
        """
        self._tell(ServerLifecycle.delete, server_id, query={"delay": delay})
