"""The settings of a server that one operation changes."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.section import Section

BackupAccess: TypeAlias = Literal["inherit", "disabled", "scheduled", "view_restore", "full", "manual"]


class ServerModify(Section):
    """Single settings of a server."""

    @operation("PUT", "/servers/{serverId}/modify/name")
    def rename(self, server_id: int, name: str) -> None:
        """Set the display name, not the hostname (`PUT /servers/{serverId}/modify/name`)."""
        self._tell(ServerModify.rename, server_id, body={"name": name})

    # Not repeatable although a PUT: the second one is refused, since the owner is the same by then.
    @operation("PUT", "/servers/{serverId}/owner/{newOwnerId}", repeatable=False)
    def change_owner(self, server_id: int, user_id: int) -> None:
        """Give the server to another user; raise `ValidationFailed` when that user owns the server already.

        `PUT /servers/{serverId}/owner/{newOwnerId}`
        """
        self._tell(ServerModify.change_owner, server_id, user_id)

    @operation("PUT", "/servers/{serverId}/modify/memory")
    def modify_memory(self, server_id: int, memory: int) -> None:
        """Set the memory in MB, at least 256, from the next restart on (`PUT /servers/{serverId}/modify/memory`)."""
        self._tell(ServerModify.modify_memory, server_id, body={"memory": memory})

    @operation("PUT", "/servers/{serverId}/modify/cpuCores")
    def modify_cpu_cores(self, server_id: int, cpu_cores: int) -> None:
        """Set the cores, 1-600, from the next restart on (`PUT /servers/{serverId}/modify/cpuCores`)."""
        self._tell(ServerModify.modify_cpu_cores, server_id, body={"cores": cpu_cores})

    @operation("PUT", "/servers/{serverId}/modify/traffic")
    def modify_traffic(self, server_id: int, traffic: int) -> None:
        """Set the monthly allowance in GB; 0 is unlimited (`PUT /servers/{serverId}/modify/traffic`)."""
        self._tell(ServerModify.modify_traffic, server_id, body={"traffic": traffic})

    @operation("PUT", "/servers/{serverId}/modify/cpuThrottle")
    def throttle_cpu(self, server_id: int, cpu_throttle: int, *, sync: bool = False) -> None:
        """Set the throttle, 0-99 percent; `sync` also applies it to the running guest.

        `PUT /servers/{serverId}/modify/cpuThrottle`
        """
        self._tell(ServerModify.throttle_cpu, server_id, query={"sync": sync}, body={"percent": cpu_throttle})

    @operation("PUT", "/servers/{serverId}/backups/plan/{planId}")
    def set_backup_plan(self, server_id: int, backup_plan_id: int) -> None:
        """Set the backup plan; 0 removes it (`PUT /servers/{serverId}/backups/plan/{planId}`)."""
        self._tell(ServerModify.set_backup_plan, server_id, backup_plan_id)

    @operation("PUT", "/servers/{serverId}/backupManager/access")
    def set_backup_access(self, server_id: int, backup_access: BackupAccess) -> None:
        """Set the owner's rights on backups, a write-only value.

        `PUT /servers/{serverId}/backupManager/access`
        """
        self._tell(ServerModify.set_backup_access, server_id, body={"type": backup_access})

    # Suspending and unsuspending set a state. Should the panel refuse the repeat of one that did arrive, a read of the
    # server settles that, while giving up after a lost answer would leave it in the wrong state.
    @operation("POST", "/servers/{serverId}/suspend", repeatable=True)
    def suspend(self, server_id: int) -> None:
        """Suspend the server, maybe after a running task (`POST /servers/{serverId}/suspend`)."""
        self._tell(ServerModify.suspend, server_id)

    @operation("POST", "/servers/{serverId}/unsuspend", repeatable=True)
    def unsuspend(self, server_id: int) -> None:
        """Unsuspend the server, maybe after a running task (`POST /servers/{serverId}/unsuspend`)."""
        self._tell(ServerModify.unsuspend, server_id)
