"""A virtual server."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..api.errors import OutcomeUnknown, VirtFusionError
from ..api.sections.servers import Servers
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Diff, Problem, Refused, Values
from ..lifecycle.identity import OWNER, Identity, Subject, of_server, server, who_is_server
from ..lifecycle.lost_answers import Before, Candidate, gate, knows_before, not_the_new_one, read_note, reconciling
from ..lifecycle.waiting import wait_for_queue_item, wait_until_gone
from ..program.resource import Resource
from ..schema.fields import (
    Change,
    Computed,
    Id,
    OptionalArg,
    OptionalId,
    OptionalIds,
    calls,
    computed,
    from_id,
    in_place,
    note,
    replaces,
)
from ..schema.plain_values import id_number, is_known, reported
from ..schema.timestamps import now
from ..schema.types import (
    AddressCount,
    BackupAccess,
    Cores,
    Flag,
    Gigabytes,
    KilobytesPerSecond,
    Megabytes,
    Minutes,
    Name,
    PackageChange,
    PackageOverride,
    Percent,
    PowerState,
    TrafficGigabytes,
    TypeCode,
)
from . import server_addresses as addresses
from . import server_candidates
from . import server_disks as disks
from . import server_package as packages
from .server_dry_run import objections
from .server_words import in_words

if TYPE_CHECKING:
    from ..api import VirtFusion
    from ..api.records import Server as Record


@calls(Servers.change_owner)
def change_owner(servers: Servers, server_id: int, user_id: int) -> None:
    """Hand the server to another user; a panel may report an error after doing so, and refuses the same owner."""
    try:
        servers.change_owner(server_id, user_id)
    except VirtFusionError:
        with suppress(VirtFusionError):
            if servers.get(server_id).user_id == user_id:
                return
        raise


@calls(Servers.suspend, Servers.unsuspend)
def set_suspended(servers: Servers, server_id: int, suspended: bool) -> None:
    """Suspend or unsuspend the server; after a lost answer, read from the server whether the panel did so."""
    try:
        (servers.suspend if suspended else servers.unsuspend)(server_id)
    except OutcomeUnknown as lost:
        with reconciling(lost):
            happened = servers.get(server_id).suspended == suspended
        if not happened:
            raise


@calls(Servers.boot, Servers.shutdown)
def set_power(servers: Servers, server_id: int, power_state: str, context: Context) -> None:
    """Boot the server or shut it down, unless it is in that state, and wait for the panel's queue."""
    running = power_state == "running"
    if servers.get(server_id, remote_state=True).running is running:
        return
    queue_id = (servers.boot if running else servers.shutdown)(server_id)
    wait_for_queue_item(context, queue_id, f"server {server_id} to be {power_state}")


@calls(Servers.apply_firewall_rulesets)
def apply_firewall_rulesets(servers: Servers, server_id: int, firewall_rulesets: list[int]) -> None:
    """Flush the primary interface's rules and apply these rulesets; [-1] leaves none."""
    servers.apply_firewall_rulesets(server_id, "primary", [one for one in firewall_rulesets if one > 0], sync=True)


class ServerBehaviour(Behaviour):
    section = "servers"
    noun = "server"
    when_deleted = "deleted, with its disk and its addresses"
    when_replaced = "its disk, its addresses and its id go; a new one is made"
    described_by = ("package_id", "hypervisor_group_id")
    made_by = Servers.create
    found_by = (Servers.get,)
    removed_by = (Servers.delete,)
    named_by = ("server_id",)

    def list_all(self, panel: VirtFusion) -> Iterable[tuple[str, str]]:
        return ((str(row.server_id), row.name) for row in panel.servers.list())

    def validate(self, arguments: Values) -> Iterable[Problem]:
        for disk in ("additional_storage1", "additional_storage2"):
            given = [name for name in (f"{disk}_profile", f"{disk}_capacity") if name in arguments]
            if given and arguments.get(f"{disk}_enable") in (None, False):
                yield Problem(given[0], f"needs {disk}_enable=True")
            if arguments.get(f"{disk}_enable") is True and f"{disk}_capacity" not in arguments:
                yield Problem(f"{disk}_capacity", f"is required with {disk}_enable=True")
        first, second = (arguments.get(f"additional_storage{number}_enable") for number in (1, 2))
        if second is True and first in (None, False):
            # The panel numbers disks by their order: a second without a first would be read back as the first.
            yield Problem("additional_storage2_enable", "needs additional_storage1_enable=True")

    def plan_creation(self, context: Context, arguments: Values) -> Iterable[Problem]:
        making = self.making(arguments)
        return objections(context, making) if context.settings.validate_on_preview and is_known(making) else ()

    def making(self, arguments: Values) -> dict[str, Any]:
        # The panel's own default for `ipv4` is not documented, so it is always sent.
        return {"ipv4": 1, **super().making(arguments)}

    def make(self, context: Context, arguments: Values) -> tuple[str, Record]:
        before = Before(now(), read_note(arguments)[0], is_free=lambda id_: self._is_free(context, id_))
        entrance = gate(context, (self.noun, arguments["user_id"]))
        try:
            with entrance.creating():
                record: Record = context.panel.servers.create(**self.making(arguments))
                if why := server_candidates.why_not_new(record, arguments, before):
                    raise not_the_new_one("POST /servers", why)
                if not context.run.claim(self.noun, record.server_id):
                    raise not_the_new_one("POST /servers", f"server {record.server_id} was made by another create")
        except OutcomeUnknown as lost:
            entrance.lost.append(arguments)
            with entrance.looking():
                others = [one for one in entrance.lost if one is not arguments]
                unset = [
                    f.name for f in self.inputs(Change.IN_PLACE) if f.name in arguments.keys() - self.create_arguments
                ]
                error = server_candidates.named(context, lost, arguments, before, others, unset)
            raise error from None
        context.run.saw(Subject("server", record.server_id), of_server(record))
        knows_before(context, ("server", record.server_id), record)
        knows_before(context, ("traffic", record.server_id), 0)
        return str(record.server_id), record

    def remember(self, context: Context, id_: str, outputs: Values, *, is_new: bool) -> None:
        server_candidates.remember(context, id_number(id_), outputs, is_new=is_new)

    def remembered_before(self, outputs: Values) -> Any:
        """Return the addresses in the state: the check of a changed `ipv4` has no id, so that it notes nothing."""
        return outputs.get("ipv4_addresses")

    def _is_free(self, context: Context, id_: str) -> bool:
        return not context.run.is_claimed(self.noun, id_) and context.run.expected(Subject("server", int(id_))) is None

    def noted_before(self, context: Context, olds: Values, arguments: Values) -> Any:
        return server_candidates.noted_before(context, olds, arguments)

    def lookalikes(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        free = replace(before, is_free=lambda id_: before.is_free(id_) and self._is_free(context, id_))
        return server_candidates.lookalikes(context, arguments, free)

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        return server_candidates.candidates(context, arguments, before)

    def find(self, context: Context, id_: str, known: Values) -> Record:
        # The power state costs the panel a call to the hypervisor: only who declares it pays for it.
        record: Record = server(context, id_number(id_), remote_state="power_state" in known)
        return record

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_server(context, id_number(id_))

    def identity_in_state(self, outputs: Values) -> Identity:
        return {"server_uuid": str(outputs.get("uuid", ""))}

    def id_in_outputs(self, context: Context, outputs: Values) -> str:
        """Return the id, from a state of the dynamic provider by the UUID among the owner's servers; "" for none."""
        if id_ := super().id_in_outputs(context, outputs):
            return id_
        rows = context.panel.servers.list_of_user(int(outputs["user_id"])) if "user_id" in outputs else ()
        return next((str(row.server_id) for row in rows if row.uuid and row.uuid == outputs.get("uuid")), "")

    def subjects(self, id_: str, outputs: Values) -> Iterable[Subject]:  # noqa: ARG002
        yield Subject("server", id_number(id_))

    def described(self, id_: str, outputs: Values) -> str:
        return in_words(id_, *(outputs.get(one) for one in ("name", "primary_ipv4", "user_id")))

    def losses(self, context: Context, id_: str, outputs: Values) -> str:  # noqa: ARG002
        return (
            f"destroys {self.described(id_, outputs)}, its disk with everything on it, and gives its addresses back to "
            "the panel; the new server gets others."
        )

    def deletion(self, inputs: Values, outputs: Values) -> str:
        delay = outputs.get("delete_delay")
        later = f", {delay} minutes later" if isinstance(delay, int) and delay else ""
        return f"{super().deletion(inputs, outputs)}{later}"

    def removal(self, id_: str, known: Values) -> str:
        return f"{super().removal(id_, known)}?delay=0"

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        self._refuse_another_owner(context, id_, outputs)
        delay = outputs.get("delete_delay", 0)
        context.panel.servers.delete(id_number(id_), delay=delay)
        if delay:
            context.warn(
                f"server {id_} will be deleted by the panel in {delay} minutes; it is no longer in this stack."
            )
        else:
            wait_until_gone(context, id_number(id_))

    def _refuse_another_owner(self, context: Context, id_: str, outputs: Values) -> None:
        owner = self.identity_of(context, id_, outputs)[OWNER]
        if outputs.get("user_id") and owner != str(outputs["user_id"]):
            raise Refused(
                f"server {id_} was not deleted, because its owner (user_id) is {owner} now, and {outputs['user_id']} "
                "in the state: it may be another customer's. `pulumi refresh` shows and accepts who owns it now; after "
                "that, it can be deleted."
            )

    def carried_out_with(self, names: set[str], news: Values) -> set[str]:
        """Add the arguments that a package change, or the end of a suspension, overwrites: they are sent after it."""
        more = set()
        if "package_id" in names:
            more = {f.name for f in self.inputs(Change.IN_PLACE) if packages.is_overwritten(f, news)}
        if "suspended" in names and not news["suspended"] and "power_state" in news:
            more.add("power_state")  # the panel decides whether the guest runs again
        return names | more

    def value_of(self, record: Record, name: str) -> Any:
        if name == "power_state":
            return None if record.running is None else "running" if record.running else "stopped"
        if name == "storage_profile" or name.startswith("additional_storage"):
            return disks.value_of(record, name)
        return super().value_of(record, name)

    def outputs(self, record: Any, inputs: Values, previous: Values, failed: Iterable[str] = ()) -> dict[str, Any]:
        outputs = super().outputs(record, inputs, previous, failed)
        others = {name: value for name, value in outputs.items() if name not in addresses.COUNTED}
        return {**others, **addresses.counted(record, inputs, previous)}

    def differences(self, record: Any, inputs: Values) -> str:
        """Count `ipv4` as a difference only if the server has too few addresses: `ipv4` counts some of them alone."""
        has, wants = (
            len(record.ipv4_addresses),
            inputs.get("ipv4", 0) if reported(record, "ipv4_addresses") is not None else 0,
        )
        too_few = f"ipv4 is {has} at the panel and {wants} in the program" if is_known(wants) and wants > has else ""
        return ", ".join(filter(None, [super().differences(record, inputs), too_few]))

    def plan(self, context: Context, id_: str, olds: Values, news: Values, diff: Diff) -> Diff:  # noqa: ARG002
        if news.get("ipv4") == 0 and olds.get("ipv4"):
            raise Refused("ipv4: cannot become 0, since the primary address of a server is never taken away.")
        if diff.replaces:
            return diff
        if "package_id" in diff.changed and is_known(news["package_id"]):
            packages.foretell(context, self.fields, olds, news)
        return diff


class Server(Resource, behaviour=ServerBehaviour):
    """A virtual server (`POST /servers`); nothing is installed on it before a `ServerBuild`."""

    package_id: Id = in_place(packages.change_package, read_back="never")
    """Package that sets CPU, memory, disk, traffic and speeds; the panel never tells it, so drift of it is not seen."""

    package_change: OptionalArg[PackageChange] = note(default={})
    """Which parts the next package change takes over: eleven flags, true where left out."""

    user_id: Id = in_place(change_owner)
    """Owner, by the panel's user id."""

    hypervisor_group_id: Id = replaces()
    """Hypervisor group that the panel places the server in (the API's `hypervisorId`)."""

    name: OptionalArg[Name] = in_place(Servers.rename, default=None)
    """Label in the panel, up to 255 printable characters; not the host name."""

    memory: OptionalArg[Megabytes] = in_place(Servers.modify_memory, default=None, package_component="memory")
    """Memory in MB, at least 256; in force after a restart."""

    cpu_cores: OptionalArg[Cores] = in_place(Servers.modify_cpu_cores, default=None, package_component="cpu")
    """CPU cores, 1 to 600; in force after a restart."""

    traffic: OptionalArg[TrafficGigabytes] = in_place(
        Servers.modify_traffic, default=None, package_component="primary_network_traffic"
    )
    """Traffic allowance in GB a month; 0 is unlimited."""

    cpu_throttle: OptionalArg[Percent] = in_place(Servers.throttle_cpu, default=None)
    """Percent of CPU time taken away, 0 to 99."""

    backup_plan_id: OptionalId = in_place(Servers.set_backup_plan, default=None, package_component="backup_plan")
    """Backup plan; 0 is none."""

    backup_access: OptionalArg[BackupAccess] = in_place(Servers.set_backup_access, default=None, read_back="never")
    """The owner's rights in the Backup Manager."""

    suspended: OptionalArg[Flag] = in_place(set_suspended, default=None)
    """Whether the server is suspended; taking the argument out leaves it as it is."""

    power_state: OptionalArg[PowerState] = in_place(set_power, default=None)
    """`running` or `stopped`; reading it costs a call to the hypervisor, so only a declared one is read."""

    vnc: OptionalArg[Flag] = in_place(Servers.set_vnc, default=None, read_back="never")
    """Whether VNC is switched on."""

    firewall_rulesets: OptionalIds[PackageOverride] = in_place(apply_firewall_rulesets, default=None, read_back="never")
    """Firewall rulesets of the primary interface; [-1] forces none."""

    ipv4: OptionalArg[AddressCount] = in_place(addresses.resize, default=None)
    """IPv4 addresses that the panel gives this server, 1 when left out; not those of `ServerIpv4Addresses`."""

    storage: OptionalArg[Gigabytes] = replaces(default=None, package_component="primary_disk_size")
    """Primary disk in GB; a package change may enlarge it, and nothing shrinks it."""

    network_speed_inbound: OptionalArg[KilobytesPerSecond] = replaces(
        default=None, package_component="primary_network_inbound_speed"
    )
    """Inbound speed in kB/s; 0 is unlimited."""

    network_speed_outbound: OptionalArg[KilobytesPerSecond] = replaces(
        default=None, package_component="primary_network_outbound_speed"
    )
    """Outbound speed in kB/s; 0 is unlimited."""

    storage_profile: OptionalArg[TypeCode] = replaces(default=None)
    """Storage type code of the primary disk; 0 or less is local storage."""

    network_profile: OptionalArg[TypeCode] = replaces(default=None, read_back="unreliably")
    """Network profile of the primary interface."""

    hypervisor_asset_groups: OptionalIds[PackageOverride] = replaces(default=None, read_back="never")
    """Hypervisor asset groups instead of the package's; [-1] forces none."""

    additional_storage1_enable: OptionalArg[Flag] = replaces(default=None)
    """Whether the server has a second disk; it is made at the next power event."""

    additional_storage1_profile: OptionalArg[TypeCode] = replaces(default=None, read_back="unreliably")
    """Storage type code of the second disk."""

    additional_storage1_capacity: OptionalArg[Gigabytes] = replaces(default=None)
    """Size of the second disk in GB."""

    additional_storage2_enable: OptionalArg[Flag] = replaces(default=None)
    """Whether the server has a third disk; it is made at the next power event."""

    additional_storage2_profile: OptionalArg[TypeCode] = replaces(default=None, read_back="unreliably")
    """Storage type code of the third disk."""

    additional_storage2_capacity: OptionalArg[Gigabytes] = replaces(default=None)
    """Size of the third disk in GB."""

    delete_delay: OptionalArg[Minutes] = note(default=0)
    """Minutes between the deletion and the end of the server; when it is not 0, deletion does not wait for it."""

    server_id: Computed[int] = from_id(int)
    """The panel's id."""

    uuid: Computed[str] = computed(stable=True)
    """The panel's UUID, which names the disks."""

    hypervisor_id: Computed[int] = computed(fed_by=())
    """Hypervisor that the server runs on; a migration changes it."""

    state: Computed[str] = computed(fed_by=())
    """Life-cycle state: allocated, queued, building, complete or failed."""

    primary_ipv4: Computed[str] = computed(stable=True, fed_by=("ipv4",))
    """First IPv4 address of the primary interface, or ""."""

    ipv4_addresses: Computed[list[str]] = computed(fed_by=("ipv4",))
    """All IPv4 addresses of the primary interface, in the panel's order."""

    own_ipv4_addresses: Computed[list[str]] = computed(fed_by=("ipv4",))
    """The addresses that `ipv4` counts."""

    ipv6_subnets: Computed[list[str]] = computed(stable=True)
    """IPv6 subnets of the primary interface as subnet/prefix."""

    mac_address: Computed[str] = computed(stable=True)
    """MAC address of the primary interface."""

    hostname: Computed[str] = computed(stable=True)
    """Host name given by the last build, or ""."""

    package_change_info: Computed[list[str]] = computed(fed_by=("package_id",))
    """The panel's report on the last package change: the parts asked for but not changed, and why."""

    created: Computed[str] = computed(stable=True)
    """The time at which the panel made the server."""
