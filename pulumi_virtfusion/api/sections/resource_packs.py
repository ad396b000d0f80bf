"""Resource packs of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import NotAsDescribed, data_of, is_id, one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.relation import Relation, relation_query
from pulumi_virtfusion.api.sections.section import Section


def created_id(body: Any) -> int:
    """Return the id in the answer to a create."""
    data = data_of(body)
    if not isinstance(data, Mapping) or not is_id(data.get("id")):
        raise NotAsDescribed("it has no `id`")
    return int(data["id"])


class ResourcePacks(Section):
    """Operations on resource packs, a part of self-service."""

    @operation("POST", "/selfService/resourcePack/byUserExtRelationId/{extRelationId}")
    def add_resource_pack(self, relation: Relation, *, pack_id: int, enabled: bool = True) -> int:
        """Make a user's pack of the definition `pack_id`; return the pack's id.

        `POST /selfService/resourcePack/byUserExtRelationId/{extRelationId}`
        """
        body = {"packId": pack_id, "enabled": enabled}
        return self._ask(
            ResourcePacks.add_resource_pack, created_id, relation, query=relation_query(relation), body=body
        )

    @operation("GET", "/selfService/resourcePack/{packId}")
    def get_resource_pack(self, resource_pack_id: int, *, with_servers: bool = False) -> records.ResourcePack:
        """Read one user's pack (`GET /selfService/resourcePack/{packId}`)."""
        query = {"withServers": with_servers}
        return self._ask(ResourcePacks.get_resource_pack, one(records.ResourcePack), resource_pack_id, query=query)

    @operation("PUT", "/selfService/resourcePack/{packId}")
    def modify_resource_pack(self, resource_pack_id: int, *, enabled: bool) -> None:
        """Enable or disable a pack (`PUT /selfService/resourcePack/{packId}`)."""
        self._tell(ResourcePacks.modify_resource_pack, resource_pack_id, body={"enabled": enabled})

    @operation("DELETE", "/selfService/resourcePack/{packId}")
    def delete_resource_pack(self, resource_pack_id: int, *, disable: bool = False) -> None:
        """Delete a pack; with `disable`, only disable a pack that is in use, under the same 204.

        `DELETE /selfService/resourcePack/{packId}`
        """
        self._tell(ResourcePacks.delete_resource_pack, resource_pack_id, query={"disable": disable})

    # A state is set: suspending the suspended once more changes nothing.
    @operation("POST", "/selfService/resourcePackServers/{packId}/suspend", repeatable=True)
    def suspend_pack_servers(self, resource_pack_id: int) -> None:
        """Suspend all servers of a pack (`POST /selfService/resourcePackServers/{packId}/suspend`)."""
        self._tell(ResourcePacks.suspend_pack_servers, resource_pack_id)

    @operation("POST", "/selfService/resourcePackServers/{packId}/unsuspend", repeatable=True)
    def unsuspend_pack_servers(self, resource_pack_id: int) -> None:
        """Unsuspend all servers of a pack (`POST /selfService/resourcePackServers/{packId}/unsuspend`)."""
        self._tell(ResourcePacks.unsuspend_pack_servers, resource_pack_id)

    # Not repeatable although a DELETE: it means whatever servers the pack holds when it arrives.
    @operation("DELETE", "/selfService/resourcePackServers/{packId}", repeatable=False)
    def delete_pack_servers(self, resource_pack_id: int, *, delay: int = 0) -> None:
        """Destroy all servers of a pack after `delay` minutes (`DELETE /selfService/resourcePackServers/{packId}`)."""
        self._tell(ResourcePacks.delete_pack_servers, resource_pack_id, query={"delay": delay})

    @operation("PUT", "/selfService/hourlyResourcePack/byUserExtRelationId/{extRelationId}")
    def set_hourly_resource_pack(self, relation: Relation, pack_id: int) -> None:
        """Set the hourly pack; no operation unsets it.

        `PUT /selfService/hourlyResourcePack/byUserExtRelationId/{extRelationId}`
        """
        body = {"packId": pack_id}
        self._tell(ResourcePacks.set_hourly_resource_pack, relation, query=relation_query(relation), body=body)
