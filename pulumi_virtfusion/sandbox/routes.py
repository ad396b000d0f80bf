"""Every operation of the Global API, with the rule that answers it."""

from __future__ import annotations

from collections import defaultdict

from .operation import Operation, WrongRoute
from .panel.refusals import LaravelRefusal
from .rules import (
    builds,
    catalogue,
    deletion,
    firewall,
    jobs,
    modify,
    network,
    package_change,
    power,
    reports,
    resource_packs,
    self_service,
    servers,
    ssh_keys,
    traffic,
    users,
    vnc,
)

_SERVER = "/servers/{serverId}"
_USER = "/users/{extRelationId}"
_PACK = "/selfService/resourcePack/{packId}"
_PACK_SERVERS = "/selfService/resourcePackServers/{packId}"
_OF_USER = "byUserExtRelationId/{extRelationId}"

# fmt: off
OPERATIONS = (
    Operation("GET", "/connect", 200, catalogue.connect, "bare"),
    Operation("GET", "/compute/hypervisors", 200, catalogue.hypervisors, keeps_results=True),
    Operation("GET", "/compute/hypervisors/{hypervisorId}", 200, catalogue.hypervisor),
    Operation("GET", "/compute/hypervisors/groups", 200, catalogue.hypervisor_groups, keeps_results=True),
    Operation("GET", "/compute/hypervisors/groups/{hypervisorGroupId}", 200, catalogue.hypervisor_group),
    Operation("GET", "/compute/hypervisors/groups/{hypervisorGroupId}/resources", 200, catalogue.group_resources),
    Operation("GET", "/connectivity/ipblocks", 200, catalogue.ip_blocks),
    Operation("GET", "/connectivity/ipblocks/{blockId}", 200, catalogue.ip_block),
    Operation("POST", "/connectivity/ipblocks/{blockId}/ipv4", 204, catalogue.add_range, "nothing"),
    Operation("GET", "/backups/server/{serverId}", 200, catalogue.backups),
    Operation("GET", "/dns/services/{serviceId}", 200, catalogue.dns_service),
    Operation("GET", "/media/iso/{isoId}", 200, catalogue.iso),
    Operation("GET", "/media/templates/fromServerPackageSpec/{serverPackageId}", 200, catalogue.package_templates),
    Operation("GET", "/packages", 200, catalogue.packages),
    Operation("GET", "/packages/{packageId}", 200, catalogue.package),
    Operation("GET", "/queue/{queueId}", 200, jobs.queue_item),

    Operation("POST", "/servers", 201, servers.create),
    Operation("GET", "/servers", 200, servers.retrieve_all),
    Operation("GET", "/servers/user/{userId}", 200, servers.retrieve_of_user),
    Operation("GET", _SERVER, 200, servers.retrieve),
    Operation("DELETE", _SERVER, 204, deletion.delete, "nothing"),
    Operation("POST", _SERVER + "/build", 200, builds.build),
    Operation("PUT", _SERVER + "/package/{packageId}", 200, package_change.change, "bare"),
    Operation("PUT", _SERVER + "/owner/{newOwnerId}", 201, modify.change_owner, "nothing"),
    Operation("PUT", _SERVER + "/modify/name", 201, modify.rename, "nothing"),
    Operation("PUT", _SERVER + "/modify/memory", 201, modify.set_memory, "nothing"),
    Operation("PUT", _SERVER + "/modify/cpuCores", 201, modify.set_cpu_cores, "nothing"),
    Operation("PUT", _SERVER + "/modify/cpuThrottle", 201, modify.set_throttle, "nothing"),
    Operation("PUT", _SERVER + "/modify/traffic", 201, modify.set_traffic, "nothing"),
    Operation("PUT", _SERVER + "/backups/plan/{planId}", 201, modify.set_backup_plan, "nothing"),
    Operation("PUT", _SERVER + "/backupManager/access", 201, modify.set_backup_access, "nothing"),
    Operation("POST", _SERVER + "/customXML", 200, modify.set_custom_xml, "bare"),
    Operation("POST", _SERVER + "/power/boot", 200, power.boot),
    Operation("POST", _SERVER + "/power/shutdown", 200, power.shutdown),
    Operation("POST", _SERVER + "/power/restart", 200, power.restart),
    Operation("POST", _SERVER + "/power/poweroff", 200, power.poweroff),
    Operation("POST", _SERVER + "/suspend", 204, power.suspend, "nothing"),
    Operation("POST", _SERVER + "/unsuspend", 204, power.unsuspend, "nothing"),
    Operation("POST", _SERVER + "/resetPassword", 200, power.reset_password),
    Operation("GET", _SERVER + "/vnc", 200, vnc.retrieve),
    Operation("POST", _SERVER + "/vnc", 200, vnc.toggle),
    Operation("GET", _SERVER + "/templates", 200, catalogue.server_templates),
    Operation("GET", _SERVER + "/firewall/{interface}", 200, firewall.retrieve),
    Operation("POST", _SERVER + "/firewall/{interface}/enable", 200, firewall.enable, "nothing"),
    Operation("POST", _SERVER + "/firewall/{interface}/disable", 200, firewall.disable, "nothing"),
    Operation("POST", _SERVER + "/firewall/{interface}/rules", 201, firewall.apply_rulesets, "nothing"),
    Operation("POST", _SERVER + "/ipv4Qty", 200, network.add_quantity),
    Operation("POST", _SERVER + "/ipv4", 204, network.add, "nothing"),
    Operation("DELETE", _SERVER + "/ipv4", 204, network.remove, "nothing"),
    Operation("POST", _SERVER + "/networkWhitelist", 201, network.whitelist, "nothing"),
    Operation("DELETE", _SERVER + "/networkWhitelist", 204, network.unwhitelist, "nothing"),
    Operation("GET", _SERVER + "/traffic", 200, traffic.retrieve),
    Operation("GET", _SERVER + "/traffic/blocks", 200, traffic.retrieve_blocks),
    Operation("POST", _SERVER + "/traffic/blocks", 201, traffic.add_block, "nothing"),
    Operation("DELETE", _SERVER + "/traffic/blocks/{blockId}", 204, traffic.remove_block, "nothing"),

    Operation("POST", "/ssh_keys", 201, ssh_keys.create),
    Operation("GET", "/ssh_keys/{keyId}", 200, ssh_keys.retrieve),
    Operation("DELETE", "/ssh_keys/{keyId}", 204, ssh_keys.delete, "nothing"),
    Operation("GET", "/ssh_keys/user/{userId}", 200, ssh_keys.retrieve_of_user),

    Operation("POST", "/users", 201, users.create),
    Operation("GET", _USER + "/byExtRelation", 200, users.retrieve),
    Operation("PUT", _USER + "/byExtRelation", 201, users.change),
    Operation("DELETE", _USER + "/byExtRelation", 204, users.delete, "nothing"),
    Operation("POST", _USER + "/byExtRelation/resetPassword", 201, users.reset_password),
    Operation("POST", _USER + "/authenticationTokens", 200, users.login_tokens),
    Operation("POST", _USER + "/serverAuthenticationTokens/{serverId}", 200, users.server_login_tokens),

    Operation("POST", "/selfService/credit/" + _OF_USER, 201, self_service.add_credit),
    Operation("DELETE", "/selfService/credit/{creditId}", 204, self_service.cancel_credit, "nothing"),
    Operation("POST", "/selfService/hourlyGroupProfile/" + _OF_USER, 204, self_service.add_hourly_profile, "nothing"),
    Operation("DELETE", "/selfService/hourlyGroupProfile/{profileId}/" + _OF_USER, 204,
              self_service.remove_hourly_profile, "nothing"),
    Operation("POST", "/selfService/resourceGroupProfile/" + _OF_USER, 204,
              self_service.add_resource_profile, "nothing"),
    Operation("DELETE", "/selfService/resourceGroupProfile/{profileId}/" + _OF_USER, 204,
              self_service.remove_resource_profile, "nothing"),
    Operation("PUT", "/selfService/hourlyResourcePack/" + _OF_USER, 204, self_service.set_hourly_pack, "nothing"),
    Operation("PUT", "/selfService/access/" + _OF_USER, 204, self_service.modify_access, "nothing"),
    Operation("GET", "/selfService/usage/" + _OF_USER, 200, reports.usage),
    Operation("GET", "/selfService/hourlyStats/" + _OF_USER, 200, reports.hourly_stats),
    Operation("GET", "/selfService/report/" + _OF_USER, 200, reports.report),
    Operation("GET", "/selfService/currencies", 200, catalogue.currencies),
    Operation("POST", "/selfService/resourcePack/" + _OF_USER, 201, resource_packs.create),
    Operation("GET", _PACK, 200, resource_packs.retrieve),
    Operation("PUT", _PACK, 204, resource_packs.change, "nothing"),
    Operation("DELETE", _PACK, 204, resource_packs.delete, "nothing"),
    Operation("POST", _PACK_SERVERS + "/suspend", 204, resource_packs.suspend_servers, "nothing"),
    Operation("POST", _PACK_SERVERS + "/unsuspend", 204, resource_packs.unsuspend_servers, "nothing"),
    Operation("DELETE", _PACK_SERVERS, 204, resource_packs.delete_servers, "nothing"),
)
# fmt: on


class WrongMethod(LaravelRefusal):
    def __init__(self, method: str, path: str, allowed: str) -> None:
        text = f"The {method} method is not supported for route api/v1{path}. Supported methods: {allowed}."
        super().__init__(405, text, {"Allow": allowed})


def _by_length() -> dict[int, list[Operation]]:
    """Group the operations by their number of path segments, literal segments before placeholders."""
    lengths: dict[int, list[Operation]] = defaultdict(list)
    for operation in sorted(OPERATIONS, key=lambda operation: operation.path.count("{")):
        lengths[operation.path.count("/")].append(operation)
    return lengths


_BY_LENGTH = _by_length()


def find_operation(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """Return the operation at this path with the values of its placeholders; raise Laravel's 404 or 405 without one."""
    allowed = []
    for operation in _BY_LENGTH.get(path.count("/"), ()):
        if match := operation.pattern.match(path):
            if operation.method == method:
                return operation, match.groupdict()
            allowed.append(operation.method)
    if allowed:
        raise WrongMethod(method, path, ", ".join(sorted(allowed)))
    raise WrongRoute(path)
