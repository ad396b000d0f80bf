"""A server as the panel describes it: in detail, in the list of all, and in the list of a user."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, SecretStr

from pulumi_virtfusion.api.http.envelope import rows_of
from pulumi_virtfusion.api.record import At, Count, Flag, OneOf, Record, Rows, Text, wire_names
from pulumi_virtfusion.api.records.custom_xml import CustomXml
from pulumi_virtfusion.api.records.interfaces import Addresses, FirstAddress, NetworkInterface, Subnets, WhitelistEntry
from pulumi_virtfusion.api.records.ssh_keys import SshKey

_STATES = OneOf("allocated", "queued", "building", "complete", "failed")
_STATUSES = OneOf(0, 1, 2, 3)
_PRIMARY = ("network", "interfaces", 0)


_SECONDARY = ("network", "secondaryInterfaces", 0)


class Disk(Record):
    """A disk; a new one is made at the server's next power event."""

    unread: ClassVar[frozenset[str]] = wire_names(
        """
        bus bytes cache created datastore datastoreDiskId filename filesystem hypervisorStorageId iops local
        locationType name path updated
        """
    )

    disk_id: Annotated[Count, At("_id")] = 0
    slot: Annotated[Count, At("id")] = 0
    """1 is the first."""
    drive: Text = ""
    capacity: Count = 0
    """In GB."""
    primary: Flag = False
    enabled: Flag = False
    status: Count = 0
    """3 is in use, 1 is yet to be made."""
    profile: Count = 0
    type: Text = ""


class PendingTask(Record):
    """A task that waits for one of the power events in `requires`."""

    unread: ClassVar[frozenset[str]] = wire_names("collected payload")

    task_id: Annotated[Count, At("id")] = 0
    action: Text = ""
    requires: Rows[str] = Field(default=[])
    complete: Flag = False
    failed: Flag = False
    created: Text = ""


def _profile_of_primary(disks: Any) -> Any:
    """Return the profile of the primary disk among the rows of `storage`."""
    if not isinstance(disks, (list, dict)):
        return disks
    rows = rows_of(disks)
    return next((row.get("profile") for row in rows if isinstance(row, dict) and row.get("primary")), 0)


class Server(Record):
    """A server in detail; its package, firewall rulesets, asset groups and backup access cannot be read back."""

    unread: ClassVar[frozenset[str]] = wire_names(
        """
        arch backupLevel backupPlan.name configLevel cpu.shares cpu.topology cpu.type cpu.typeExact deleteLevel
        destroyable elevate elevateId elevated hypervisor.backupStorageType hypervisor.cpuSet hypervisor.created
        hypervisor.dataDir hypervisor.defaultCPU hypervisor.defaultDiskCacheType hypervisor.defaultDiskType
        hypervisor.defaultMachineType hypervisor.displayName hypervisor.forceIPv6 hypervisor.group hypervisor.hostname
        hypervisor.id hypervisor.ip hypervisor.maintenance hypervisor.name hypervisor.nfType hypervisor.port
        hypervisor.resources hypervisor.timezone hypervisor.updated hypervisor.vncListenType hypervisorAssets media
        migratable migrateLevel owner.admin owner.created owner.email owner.name owner.suspended owner.timezone
        owner.twoFactorAuth owner.updated primaryNetworkDhcp4 primaryNetworkDhcp6 qemuAgent qemuCommandline rebuild
        selfService selfServiceSettings settings.backupPlan settings.bootMenu settings.bootOrder settings.cloudInit
        settings.cloudInitType settings.config settings.customISO settings.extended settings.hyperv
        settings.machineType settings.memBalloon settings.networkBoot settings.osTemplateInstall settings.pciPorts
        settings.securityDriver settings.tpmType settings.uefi settings.uefiType settings.userConfig sharedUsers
        tasks.lastOn timezone traffic.public.countMethod traffic.public.currentPeriod.limit vnc.ip vnc.port
        """
    )
    at_times: ClassVar[frozenset[str]] = frozenset({"password", "running"})

    # The panel's `traffic` is an object with the window that is being counted.
    forgotten: ClassVar[frozenset[str]] = frozenset({"traffic"})

    server_id: Annotated[int, At("id")]
    uuid: Text = ""
    name: Text = ""
    hostname: Text = ""
    user_id: Annotated[int, At("ownerId"), At("owner", "id")]
    """The owner's id in the panel."""
    owner_relation: Annotated[int | None, At("owner", "extRelationId")] = None
    hypervisor_id: Count = 0
    """The host; changes when the server is moved."""
    hypervisor_group_id: Annotated[Count, At("hypervisor", "groupId")] = 0
    state: Annotated[Text, _STATES] = ""
    """`allocated`, `queued`, `building`, `complete`, `failed`."""
    commission_status: Annotated[Count, _STATUSES] = 0
    """0 not built, 1 under way, 2 under way or failed, 3 done."""
    build_failed: Flag = False
    """May be false although `state` is `failed`."""
    suspended: Flag = False
    protected: Flag = False
    built: Text = ""
    """The end of the last build; `""` before the first."""
    created: Text = ""
    updated: Text = ""

    memory: Annotated[Count, At("settings", "resources", "memory")] = 0
    """In MB."""
    cpu_cores: Annotated[Count, At("settings", "resources", "cpuCores"), At("cpu", "cores")] = 0
    storage: Annotated[Count, At("settings", "resources", "storage")] = 0
    """Primary disk, in GB."""
    traffic: Annotated[Count, At("settings", "resources", "traffic")] = 0
    """In GB a month; 0 is unlimited."""
    traffic_start: Annotated[Text, At("traffic", "public", "currentPeriod", "start")] = ""
    """The begin of the current month of traffic."""
    traffic_end: Annotated[Text, At("traffic", "public", "currentPeriod", "end")] = ""
    cpu_throttle: Annotated[Count, At("cpu", "throttle")] = 0
    """Percent."""
    backup_plan_id: Annotated[Count, At("backupPlan", "id")] = 0
    """0 is none."""
    operating_system_id: Annotated[Count, At("settings", "osTemplateInstallId")] = 0
    """0 before the first build."""
    password: Annotated[SecretStr | None, At("settings", "decryptedPassword")] = None
    """Only in the answer to `build`."""
    disks: Annotated[Rows[Disk], At("storage")] = Field(default=[])
    storage_profile: Annotated[Count, BeforeValidator(_profile_of_primary), At("storage")] = 0

    interfaces: Annotated[Rows[NetworkInterface], At("network", "interfaces")] = Field(default=[])
    secondary_interfaces: Annotated[Rows[NetworkInterface], At("network", "secondaryInterfaces")] = Field(default=[])
    mac_address: Annotated[Text, At(*_PRIMARY, "mac")] = ""
    network_speed_inbound: Annotated[Count, At(*_PRIMARY, "inAverage")] = 0
    """In kB/s; 0 is no limit."""
    network_speed_outbound: Annotated[Count, At(*_PRIMARY, "outAverage")] = 0
    """In kB/s; 0 is no limit."""
    network_profile: Annotated[Count, At(*_PRIMARY, "networkProfile")] = 0
    """Not always the requested value."""
    firewall_enabled: Annotated[Flag, At(*_PRIMARY, "firewallEnabled")] = False
    primary_ipv4: Annotated[FirstAddress, At(*_PRIMARY, "ipv4")] = ""
    ipv4_addresses: Annotated[Addresses, At(*_PRIMARY, "ipv4")] = Field(default=[])
    """In the panel's order, the primary one first."""
    ipv6_subnets: Annotated[Subnets, At(*_PRIMARY, "ipv6")] = Field(default=[])
    """The subnets as `subnet/cidr`."""
    ip_whitelist: Annotated[Rows[WhitelistEntry], At(*_PRIMARY, "ipWhitelist")] = Field(default=[])
    secondary_ipv4_addresses: Annotated[Addresses, At(*_SECONDARY, "ipv4")] = Field(default=[])
    secondary_ipv6_subnets: Annotated[Subnets, At(*_SECONDARY, "ipv6")] = Field(default=[])
    secondary_ip_whitelist: Annotated[Rows[WhitelistEntry], At(*_SECONDARY, "ipWhitelist")] = Field(default=[])
    secondary_firewall_enabled: Annotated[Flag, At(*_SECONDARY, "firewallEnabled")] = False

    ssh_keys: Rows[SshKey] = Field(default=[])
    """The keys that the last build installed."""
    custom_xml: Annotated[CustomXml, At("customXML")] = CustomXml()
    vnc_enabled: Annotated[Flag, At("vnc", "enabled")] = False
    """Does not follow the request: unreliable."""
    tasks_active: Annotated[Flag, At("tasks", "active")] = False
    pending_tasks: Annotated[Rows[PendingTask], At("tasks", "actions", "pending")] = Field(default=[])
    running: Annotated[bool | None, At("remoteState", "running")] = None
    """`None` unless the request had `remote_state=True`, which asks the hypervisor."""

    @property
    def additional_disks(self) -> list[Disk]:
        """All disks but the primary one."""
        return [disk for disk in self.disks if not disk.primary]


class ServerRow(Record):
    """A server in the list of all."""

    server_id: Annotated[int, At("id")]
    uuid: Text = ""
    name: Text = ""
    user_id: Annotated[Count, At("owner")] = 0
    hypervisor_id: Count = 0
    commission_status: Annotated[Count, At("commissioned"), _STATUSES] = 0
    suspended: Flag = False
    protected: Flag = False
    created: Text = ""
    updated: Text = ""


class UserServer(Record):
    """A server in the list of a user."""

    unread: ClassVar[frozenset[str]] = wire_names(
        """
        backup_level backup_plan config media os rebuild resources.cpu_model server_info vnc
        """
    )

    server_id: Annotated[int, At("id")]
    uuid: Text = ""
    name: Text = ""
    hostname: Text = ""
    user_id: Annotated[Count, At("ownerId")] = 0
    hypervisor_id: Count = 0
    state: Annotated[Text, _STATES] = ""
    commission_status: Annotated[Count, _STATUSES] = 0
    build_failed: Flag = False
    suspended: Flag = False
    protected: Flag = False
    memory: Annotated[Count, At("resources", "memory")] = 0
    """In MB."""
    storage: Annotated[Count, At("resources", "storage")] = 0
    """Primary disk, in GB."""
    traffic: Annotated[Count, At("resources", "traffic")] = 0
    """In GB a month; 0 is unlimited."""
    cpu_cores: Annotated[Count, At("resources", "cpuCores")] = 0
    mac_address: Annotated[Text, At(*_PRIMARY, "mac")] = ""
    network_speed_inbound: Annotated[Count, At(*_PRIMARY, "inAverage")] = 0
    """In kB/s; 0 is no limit."""
    network_speed_outbound: Annotated[Count, At(*_PRIMARY, "outAverage")] = 0
    """In kB/s; 0 is no limit."""
    primary_ipv4: Annotated[FirstAddress, At(*_PRIMARY, "ipv4")] = ""
    ipv4_addresses: Annotated[Addresses, At(*_PRIMARY, "ipv4")] = Field(default=[])
    ipv6_subnets: Annotated[Subnets, At(*_PRIMARY, "ipv6")] = Field(default=[])
