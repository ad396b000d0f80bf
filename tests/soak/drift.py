"""What people do at a panel without the stack."""

from __future__ import annotations

from typing import Any

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.soak.comparison import ADDRESS, INTERFACES, panel_objects

TABLES = {
    "Server": "servers", "SshKey": "ssh_keys", "ResourcePack": "resource_packs", "UserCredit": "credits",
    "TrafficBlock": "traffic_blocks", "User": "users",
}  # fmt: skip


def install(panel: RunningPanel, server_id: int, operating_system_id: int) -> None:
    """Another build of the server, done at once."""
    done = {"state": "complete", "commissionStatus": 3, "built": panel.sandbox.panel.stamp()}
    panel.mutate("servers", server_id, {"settings.osTemplateInstallId": operating_system_id, **done})


def delete(panel: RunningPanel, kind: str, id_: str) -> None:
    """An object ends, unless it has; of entries all of its interface."""
    if (kind, id_) not in panel_objects(panel.state()):
        return
    if kind == "User":  # the panel takes keys and packs with it
        (user,) = (one for one in panel.state()["users"] if str(one["id"]) == id_)
        VirtFusion(panel.url, panel.token).users.delete(user["extRelationId"] or user["hidden"]["relStr"])
    elif kind == ADDRESS:
        _release(panel, id_)
    elif kind == "NetworkWhitelistEntry":
        server, interface, _ = id_.split("/")
        panel.mutate("servers", int(server), {f"network.{INTERFACES[interface]}.0.ipWhitelist": []})
    else:
        panel.mutate(TABLES[kind], int(id_.rpartition("/")[2]), delete=True)
    panel.clear_requests()


def _release(panel: RunningPanel, address: str) -> None:
    rows = panel.state()["addresses"]
    gone = next(row for row in rows if row["address"] == address)
    beside = [row["address"] for row in rows if _holder(row) == _holder(gone) and row is not gone]
    panel.mutate("servers", gone["serverId"], {f"network.{INTERFACES[gone['interface']]}.0.ipv4": beside})


def _holder(address: dict[str, Any]) -> tuple[int, str]:
    return address["serverId"], address["interface"]


def server_of(panel: RunningPanel, address: str) -> str:
    """The id of the server that has the address, or ""."""
    rows = panel.state()["addresses"]
    return str(next((row["serverId"] for row in rows if row["address"] == address), ""))
