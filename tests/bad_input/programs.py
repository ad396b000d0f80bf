"""Bad programs: one argument that is wrong beside others that are right, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_virtfusion.schema.types import PackageChange
from tests.bad_input.declared import output, secret, unknown

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"
NAN, INFINITY = float("nan"), float("inf")

GOOD: dict[str, dict[str, Any]] = {
    "Server": {"package_id": 1, "user_id": 1, "hypervisor_group_id": 1},
    "ServerBuild": {"server_id": 1, "operating_system_id": 1},
    "User": {"name": "Ada", "email": "ada@example.com"},
    "SshKey": {"user_id": 1, "name": "laptop", "public_key": KEY},
    "ResourcePack": {"relation": 1001, "pack_id": 1},
    "ServerFirewall": {"server_id": 1, "interface": "primary"},
    "ServerIpv4Addresses": {"server_id": 1, "interface": "primary", "quantity": 1},
    "NetworkWhitelistEntry": {"server_id": 1, "interface": "primary", "ip": "192.0.2.7", "cidr": 32},
    "TrafficBlock": {"server_id": 1, "month": 1, "amount": 100},
    "ServerCustomXml": {"server_id": 1},
    "UserCredit": {"relation": 1001, "tokens": 5},
    "HourlyGroupProfile": {"relation": 1001, "profile_id": 1},
    "ResourceGroupProfile": {"relation": 1001, "profile_id": 1},
    "HourlyResourcePack": {"relation": 1001, "pack_id": 1},
    "IpBlockRange": {"block_id": 1, "start": "192.0.2.1", "end": "192.0.2.9"},
    "ServerAction": {"server_id": 1, "action": "restart"},
    "UserAction": {"relation": 1001, "action": "reset_password"},
    "ResourcePackAction": {"resource_pack_id": 1, "action": "suspend_servers"},
}
"""The arguments around the wrong one: a program that would be accepted."""


@dataclass(frozen=True)
class Bad:
    argument: str
    value: Any
    reason: str
    got: str
    """How the message shows the value; "" where it must not be shown."""
    beside: Mapping[str, Any] = field(default_factory=dict)
    """Other arguments; one that is None is taken out."""
    beside_unknown: str = ""
    """How the plug-in shows what stands beside an unknown value: it is told which values are secret."""

    @property
    def arguments(self) -> dict[str, Any]:
        return {**self.beside, self.argument: self.value}

    def said(self, door: str) -> str:
        got = (self.beside_unknown if door == "native" else "") or self.got
        return f"{self.argument}: {self.reason}" + (f" (got {got})" if got else "")


def bad(argument: str, value: Any, reason: str, *, got: str | None = None, **beside: Any) -> Bad:
    return Bad(argument, value, reason, repr(value) if got is None else got, beside)


def beside_unknown(argument: str, value: Any, reason: str, shown: str, **beside: Any) -> Bad:
    return Bad(argument, value, reason, "", beside, shown)


def at_least(lowest: int) -> str:
    return f"must be greater than or equal to {lowest}"


def at_most(highest: int) -> str:
    return f"must be less than or equal to {highest}"


LARGEST = 9007199254740991
AN_ID = "must be a whole number or its decimal string"
WHOLE = "must be a whole number"
NUMBER = "must be a number"
FLAG = "must be true or false"
TEXT = "must be a valid string"
LIST = "must be a valid list"
EMPTY = "must have at least 1 character"
INVISIBLE = "must not contain control characters"
TWICE = "must not name anything twice"
OVERRIDE = "must be ids, or [-1] for none whatever the package says"
PARTS = f"is none of {', '.join(PackageChange.__annotations__)}"
HOST = "must be a host name such as web1.example.com: letters, digits, hyphens and dots"
EMAIL = "must be an e-mail address such as ada@example.com"
PUBLIC_KEY = "must be one line of an OpenSSH public key: type, base64 text and an optional comment"
SWAP = "must be 256, 512 or 768 (MB), or 1, 1.5, 2, 3, 4, 5, 6 or 8 (GB)"
RELATION = "must be an ext_relation_id (a whole number) or a rel_str (a string)"
PRINTABLE = "must be 1 to 255 printable characters"
SLASH = "must not contain a slash: the panel could not address the user"
INTERFACE = "must be 'primary' or 'secondary'"
IPV4 = "must be an IPv4 address such as 192.0.2.10"
IP = "must be an IPv4 or IPv6 address"
XML = "must be well-formed XML, but has: "
TOO_LARGE = f"must hold no number beyond {LARGEST}"

SERVER = [
    bad("package_id", "seven", AN_ID),
    bad("package_id", "", AN_ID),
    bad("package_id", " 7", AN_ID),
    bad("package_id", "1e3", AN_ID),
    bad("package_id", "0x10", AN_ID),
    bad("package_id", "1_000", AN_ID),
    bad("package_id", "٣", AN_ID),
    bad("package_id", "-1", AN_ID),
    bad("package_id", "9" * 25, AN_ID),
    bad("package_id", 0, at_least(1)),
    bad("package_id", -1, at_least(1)),
    bad("package_id", 1.5, AN_ID),
    bad("package_id", True, AN_ID),
    bad("package_id", [1], AN_ID),
    bad("package_id", {"id": 1}, AN_ID),
    bad("package_id", 2**53, at_most(LARGEST)),
    bad("package_id", 2.0**80, at_most(LARGEST), got="1208925819614629174706176"),
    bad("package_id", NAN, AN_ID),
    bad("package_id", INFINITY, AN_ID),
    bad("package_id", -INFINITY, AN_ID),
    bad("user_id", "ada@example.com", AN_ID),
    bad("hypervisor_group_id", "Amsterdam", AN_ID),
    bad("name", "", EMPTY),
    bad("name", "   ", "must not be blank"),
    bad("name", 7, TEXT),
    bad("name", ["web"], TEXT),
    bad("name", "a\nb", INVISIBLE, got=r"'a\nb'"),
    bad("name", "a\x00b", INVISIBLE, got=r"'a\x00b'"),
    bad("name", "\x1b[31mred", INVISIBLE, got=r"'\x1b[31mred'"),
    bad("name", "web\u202egnp", INVISIBLE, got=r"'web\u202egnp'"),
    bad("name", "\ufeffweb", INVISIBLE, got=r"'\ufeffweb'"),
    bad("name", "a\u2028b", INVISIBLE, got=r"'a\u2028b'"),
    bad("name", "x" * 256, "must have at most 255 characters", got=f"'{'x' * 56}..."),
    bad("memory", 255, at_least(256)),
    bad("memory", -1024, at_least(256)),
    bad("memory", 2**31 + 1, at_most(2**31)),
    bad("memory", 1e308, at_most(2**31), got=f"{str(int(1e308))[:57]}..."),
    bad("memory", 1024.5, WHOLE),
    bad("memory", "1 GB", WHOLE),
    bad("memory", "", WHOLE),
    bad("memory", True, WHOLE),
    bad("memory", [1024], WHOLE),
    bad("memory", NAN, WHOLE),
    bad("memory", INFINITY, WHOLE),
    bad("memory", 1, at_least(256), package_id=unknown),
    bad("cpu_cores", 0, at_least(1)),
    bad("cpu_cores", 601, at_most(600)),
    bad("cpu_cores", "two", WHOLE),
    bad("traffic", -1, at_least(0)),
    bad("traffic", 10**9, at_most(999_999_998)),
    bad("cpu_throttle", 100, at_most(99)),
    bad("cpu_throttle", -1, at_least(0)),
    bad("cpu_throttle", "50%", WHOLE),
    bad("backup_plan_id", -1, at_least(0)),
    bad("backup_plan_id", "none", AN_ID),
    bad(
        "backup_access",
        "everything",
        "must be 'inherit', 'disabled', 'scheduled', 'view_restore', 'full' or 'manual'",
    ),
    bad("suspended", "yes", FLAG),
    bad("suspended", 1, FLAG),
    bad("suspended", "true", FLAG),
    bad("power_state", "on", "must be 'running' or 'stopped'"),
    bad("power_state", True, "must be 'running' or 'stopped'"),
    bad("vnc", "enabled", FLAG),
    bad("firewall_rulesets", [-1, 3], OVERRIDE),
    bad("firewall_rulesets", [-2], OVERRIDE),
    bad("firewall_rulesets", [0], OVERRIDE),
    bad("firewall_rulesets", [3, 3], TWICE),
    bad("firewall_rulesets", [3, "3"], TWICE),
    bad("firewall_rulesets", "1,2", LIST),
    bad("firewall_rulesets", 3, LIST),
    bad("firewall_rulesets", {"a": 1}, LIST),
    bad("firewall_rulesets", ["web"], f"0: {WHOLE}", got="'web'"),
    bad("firewall_rulesets", [1, 1.5], f"1: {WHOLE}", got="1.5"),
    bad("firewall_rulesets", [None], f"0: {WHOLE}", got="None"),
    bad("firewall_rulesets", [[1]], f"0: {WHOLE}", got="[1]"),
    bad("firewall_rulesets", [True], f"0: {WHOLE}", got="True"),
    bad("firewall_rulesets", [2**60], f"0: {at_most(LARGEST)}", got=str(2**60)),
    beside_unknown("firewall_rulesets", [unknown, "web"], f"0: {WHOLE}", "'web'"),
    bad("hypervisor_asset_groups", [-1, -1], TWICE),
    bad("hypervisor_asset_groups", [1, -1], OVERRIDE),
    bad("ipv4", -1, at_least(0)),
    bad("ipv4", 257, at_most(256)),
    bad("ipv4", "192.0.2.1", WHOLE),
    bad("storage", 0, at_least(1)),
    bad("storage", 10**9, at_most(999_999_999)),
    bad("network_speed_inbound", -1, at_least(0)),
    bad("network_speed_outbound", "1 Gbit", WHOLE),
    bad("storage_profile", "ssd", WHOLE),
    bad("storage_profile", -2, at_least(-1)),
    bad("network_profile", 1.5, WHOLE),
    bad("additional_storage1_capacity", 10, "needs additional_storage1_enable=True"),
    bad(
        "additional_storage2_profile",
        1,
        "needs additional_storage2_enable=True",
        additional_storage2_enable=False,
    ),
    bad(
        "additional_storage1_capacity",
        None,
        "is required with additional_storage1_enable=True",
        got="",
        additional_storage1_enable=True,
    ),
    bad("additional_storage1_enable", "yes", FLAG, additional_storage1_capacity=10),
    bad(
        "additional_storage2_enable",
        True,
        "needs additional_storage1_enable=True",
        additional_storage1_enable=False,
        additional_storage2_capacity=5,
    ),
    bad("additional_storage2_capacity", 0, at_least(1), additional_storage2_enable=True),
    bad("delete_delay", 43_800, at_most(43_799)),
    bad("delete_delay", -1, at_least(0)),
    bad("delete_delay", 0.5, WHOLE),
    bad("package_change", {"gpu": True}, f"gpu: {PARTS}", got="True"),
    bad("package_change", {"memroy": True}, f"memroy: {PARTS} (did you mean memory?)", got="True"),
    bad("package_change", {"cpu": "yes"}, f"cpu: {FLAG}", got="'yes'"),
    bad("package_change", {"cpu": 0}, f"cpu: {FLAG}", got="0"),
    bad("package_change", ["cpu"], "must be a valid dictionary"),
    bad("package_change", "all", "must be a valid dictionary"),
    beside_unknown("package_change", {"cpu": unknown, "gpu": True}, f"gpu: {PARTS}", "True"),
]

SERVER_BUILD = [
    bad("server_id", "web", AN_ID),
    bad("operating_system_id", "Debian 12", AN_ID),
    bad("name", "\t", INVISIBLE, got=r"'\t'"),
    bad("hostname", "", EMPTY),
    bad("hostname", "web_1", HOST),
    bad("hostname", "-web", HOST),
    bad("hostname", "web..example.com", HOST),
    bad("hostname", "веб.example.com", HOST),
    bad("hostname", "web example", HOST),
    bad("hostname", "web\n", HOST),
    bad("hostname", "http://web", HOST),
    bad("hostname", "web:22", HOST),
    bad("hostname", "192.0.2.1", HOST),
    bad("hostname", "a" * 64, HOST, got=f"'{'a' * 56}..."),
    bad("hostname", "a." * 130 + "com", HOST, got=f"'{'a.' * 28}..."),
    bad("ssh_keys", ["laptop"], f"0: {AN_ID}", got="'laptop'"),
    bad("ssh_keys", [1, 1], TWICE),
    bad("ssh_keys", [1, "1"], TWICE),
    bad("ssh_keys", [0], f"0: {at_least(1)}", got="0"),
    bad("ssh_keys", [-1], f"0: {at_least(1)}", got="-1"),
    bad("ssh_keys", "1", LIST),
    beside_unknown("ssh_keys", [unknown, 3, 3], TWICE, "[3, 3]"),
    bad("swap", 100, SWAP),
    bad("swap", 7, SWAP),
    bad("swap", 0, SWAP),
    bad("swap", -1, SWAP),
    bad("swap", "1.5", NUMBER),
    bad("swap", True, NUMBER),
    bad("swap", NAN, NUMBER),
    bad("vnc", 2, FLAG),
    bad("ipv6", "no", FLAG),
    bad("email", "ada@example.com", FLAG),
    bad("wait", "forever", FLAG),
]

USER = [
    bad("name", "", EMPTY),
    bad("name", "Ada\x07", INVISIBLE, got=r"'Ada\x07'"),
    bad("name", "\u202eadA", INVISIBLE, got=r"'\u202eadA'"),
    bad("name", {"first": "Ada"}, TEXT),
    bad("name", True, TEXT),
    bad("email", "", EMAIL),
    bad("email", "ada", EMAIL),
    bad("email", "@example.com", EMAIL),
    bad("email", "ada@", EMAIL),
    bad("email", "ada@example", EMAIL),
    bad("email", "a da@example.com", EMAIL),
    bad("email", "ada@example..com", EMAIL),
    bad("email", "ada@.com", EMAIL),
    bad("email", "ada@-example.com", EMAIL),
    bad("email", "ada@example.com.", EMAIL),
    bad("email", ".ada@example.com", EMAIL),
    bad("email", "a@b@example.com", EMAIL),
    bad("email", "Ada <ada@example.com>", EMAIL),
    bad("email", "ada@example.com\nbcc: x@example.com", EMAIL),
    bad("email", "ada@exam\u202eple.com", EMAIL, got=r"'ada@exam\u202eple.com'"),
    bad("email", "a" * 250 + "@example.com", EMAIL, got=f"'{'a' * 56}..."),
    bad("email", 7, TEXT),
    bad("email", ["ada@example.com"], TEXT),
    bad("self_service", 4, "must be 0, 1, 2 or 3"),
    bad("self_service", -1, "must be 0, 1, 2 or 3"),
    bad("self_service", 1.5, "must be 0, 1, 2 or 3"),
    bad("self_service", "hourly", "must be 0, 1, 2 or 3"),
    bad("self_service", True, "must be 0, 1, 2 or 3"),
    bad("self_service_hourly_credit", "yes", FLAG),
    bad("self_service_hourly_group_profiles", ["gold"], f"0: {AN_ID}", got="'gold'"),
    bad("self_service_hourly_group_profiles", [2, 2], TWICE),
    bad("self_service_resource_group_profiles", [0], f"0: {at_least(1)}", got="0"),
    bad("self_service_resource_group_profiles", 1, LIST),
    bad("self_service_hourly_resource_pack", -1, at_least(0)),
    bad("enabled", "no", FLAG),
    bad("send_mail", 1, FLAG),
    bad("ext_relation_id", 0, at_least(1)),
    bad("ext_relation_id", "crm-5", AN_ID),
    bad("ext_relation_id", 2**53, at_most(LARGEST)),
    bad("rel_str", "", PRINTABLE),
    bad("rel_str", "..", PRINTABLE),
    bad("rel_str", "a\x00", PRINTABLE, got=r"'a\x00'"),
    bad("rel_str", "x" * 256, PRINTABLE, got=f"'{'x' * 56}..."),
    bad("rel_str", "a/b", SLASH),
    bad("rel_str", " a", "must not begin or end with a space: a panel strips it"),
    bad("rel_str", 42, TEXT),
    bad("rel_str", "crm", "excludes ext_relation_id: a user is addressed by one of them", ext_relation_id=7),
]

SSH_KEY = [
    bad("user_id", "ada", AN_ID),
    bad("name", "a\rb", INVISIBLE, got=r"'a\rb'"),
    bad("public_key", "", PUBLIC_KEY),
    bad("public_key", "ssh-ed25519", PUBLIC_KEY),
    bad("public_key", "ssh-ed25519 !!!!", PUBLIC_KEY),
    bad("public_key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 x", PUBLIC_KEY),
    bad("public_key", KEY.replace("ed25519", "rsa", 1), PUBLIC_KEY, got=f"'ssh-rsa {KEY[12:60]}..."),
    bad("public_key", f"{KEY}\n{KEY}", PUBLIC_KEY, got=f"'{KEY[:56]}..."),
    bad("public_key", f"{KEY} \u202e", PUBLIC_KEY, got=f"'{KEY[:56]}..."),
    bad("public_key", "~/.ssh/id_ed25519.pub", PUBLIC_KEY),
    bad("public_key", 7, TEXT),
    bad(
        "public_key",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza\n-----END OPENSSH PRIVATE KEY-----",
        "must be the public key: this is the private one, which nobody else should ever see",
        got="[secret]",
    ),
]

RESOURCE_PACK = [
    bad("relation", "", PRINTABLE),
    bad("relation", "a/b", SLASH),
    bad("relation", 0, f"must be from 1 to {LARGEST}"),
    bad("relation", 2**53, f"must be from 1 to {LARGEST}"),
    bad("relation", 1.5, RELATION),
    bad("relation", True, RELATION),
    bad("relation", [1], RELATION),
    bad("relation", NAN, RELATION),
    bad("pack_id", "gold", AN_ID),
    bad("enabled", "yes", FLAG),
    bad("disable_if_in_use", 1, FLAG),
    bad("delete_servers", "no", FLAG),
]

SERVER_FIREWALL = [
    bad("server_id", "x", AN_ID),
    bad("interface", "eth0", INTERFACE),
    bad("interface", "Primary", INTERFACE),
    bad("interface", "", INTERFACE),
    bad("interface", 0, INTERFACE),
    bad("enabled", "on", FLAG),
    bad("rulesets", [1, -1], f"1: {at_least(1)}", got="-1"),
    bad("rulesets", [1, 1], TWICE),
    bad("rulesets", "web", LIST),
    bad("sync", "yes", FLAG),
]

SERVER_IPV4_ADDRESSES = [
    bad("quantity", 1, "excludes addresses, and one of the two is required", addresses=["192.0.2.1"]),
    bad("quantity", None, "excludes addresses, and one of the two is required", got=""),
    bad("quantity", 0, at_least(1)),
    bad("quantity", 257, at_most(256)),
    bad("quantity", "all", WHOLE),
    bad("addresses", [], "must have at least 1 item", quantity=None),
    bad("addresses", ["192.0.2.1", "192.0.2.1"], TWICE, quantity=None),
    bad("addresses", ["192.0.2.256"], f"0: {IPV4}", got="'192.0.2.256'", quantity=None),
    bad("addresses", ["192.0.2.0/24"], f"0: {IPV4}", got="'192.0.2.0/24'", quantity=None),
    bad("addresses", ["2001:db8::1"], f"0: {IPV4}", got="'2001:db8::1'", quantity=None),
    bad("addresses", ["192.0.2.01"], f"0: {IPV4}", got="'192.0.2.01'", quantity=None),
    bad("addresses", [""], f"0: {IPV4}", got="''", quantity=None),
    bad("addresses", [3221225985], f"0: {TEXT}", got="3221225985", quantity=None),
    bad("addresses", "192.0.2.1", LIST, quantity=None),
    beside_unknown("addresses", [unknown, "nonsense"], f"0: {IPV4}", "'nonsense'", quantity=None),
    bad("interface", "tertiary", INTERFACE),
]

NETWORK_WHITELIST_ENTRY = [
    bad("ip", "192.0.2.300", IP),
    bad("ip", "192.0.2.0/24", IP),
    bad("ip", "example.com", IP),
    bad("ip", "", IP),
    bad("ip", "fe80::1%eth0", IP),
    bad("ip", 7, TEXT),
    bad("cidr", 33, "must be at most 32 for 192.0.2.7"),
    bad("cidr", 129, at_most(128), ip="2001:db8::1"),
    bad("cidr", -1, at_least(0)),
    bad("cidr", "/24", WHOLE),
    bad("cidr", 24.5, WHOLE),
    bad("cidr", "255.255.255.0", WHOLE),
    bad("interface", "both", INTERFACE),
]

TRAFFIC_BLOCK = [
    bad("month", 0, at_least(1)),
    bad("month", "January", WHOLE),
    bad("month", 100_000, at_most(99_999)),
    bad("amount", 0, at_least(1)),
    bad("amount", -5, at_least(1)),
    bad("amount", "1 TB", WHOLE),
    bad("amount", 1.5, WHOLE),
    bad("amount", NAN, WHOLE),
    bad("amount", 10**9, at_most(999_999_999)),
]

SERVER_CUSTOM_XML = [
    bad("domain", "<a>", f"{XML}mismatched tag"),
    bad("domain", "</section><section>", f"{XML}junk after document element"),
    bad("domain", '<a x="1" x="2"/>', f"{XML}duplicate attribute"),
    bad("domain", "&lol;", f"{XML}undefined entity"),
    bad("domain", 7, TEXT),
    bad("domain_enabled", "yes", FLAG),
    bad("os", "<a></b>", f"{XML}mismatched tag"),
    bad("devices", "a & b", f"{XML}not well-formed (invalid token)"),
    bad("features", "<a b=c/>", f"{XML}not well-formed (invalid token)"),
    bad("clock", "<!DOCTYPE x>", f"{XML}not well-formed (invalid token)"),
    bad("cpu_tune", "\x00", f"{XML}not well-formed (invalid token)", got=r"'\x00'"),
]

USER_CREDIT = [
    bad("tokens", 0, "must be greater than 0"),
    bad("tokens", -1, "must be greater than 0"),
    bad("tokens", "5", NUMBER),
    bad("tokens", True, NUMBER),
    bad("tokens", NAN, NUMBER),
    bad("tokens", INFINITY, NUMBER),
    bad("tokens", 10**16, at_most(10**15)),
    bad("reference_1", 0, at_least(1)),
    bad("reference_1", "INV-1", AN_ID),
    bad("reference_2", "", EMPTY),
    bad("reference_2", "\n", "must not be blank"),
    bad("reference_2", "a\x00b", INVISIBLE, got=r"'a\x00b'"),
    bad("reference_2", "x" * 1001, "must have at most 1000 characters", got=f"'{'x' * 56}..."),
]

PROFILE = [
    bad("relation", "a/3", SLASH),
    bad("relation", "\n", PRINTABLE),
    bad("profile_id", "gold", AN_ID),
    bad("profile_id", 0, at_least(1)),
]

HOURLY_RESOURCE_PACK = [
    bad("pack_id", 0, at_least(1)),
    bad("pack_id", "gold", AN_ID),
]

IP_BLOCK_RANGE = [
    bad("end", "192.0.2.9", "must not be lower than start", start="192.0.2.10"),
    bad("end", "192.0.2.256", IPV4),
    bad("end", "", IPV4),
    bad("start", "2001:db8::1", IPV4),
    bad("start", "192.0.2.0/24", IPV4),
    bad("start", "example.com", IPV4),
    bad("block_id", "main", AN_ID),
]

SERVER_ACTION = [
    bad("action", "reboot", "must be 'restart', 'boot', 'shutdown', 'poweroff' or 'reset_password'"),
    bad("action", "RESTART", "must be 'restart', 'boot', 'shutdown', 'poweroff' or 'reset_password'"),
    bad("server_id", "web", AN_ID),
    bad("triggers", NAN, TOO_LARGE),
    bad("triggers", {"a": [INFINITY]}, TOO_LARGE),
    bad("triggers", [2**60], TOO_LARGE),
]

USER_ACTION = [
    bad("action", "suspend", "must be 'reset_password' or 'sync_access'"),
    bad("action", ["sync_access"], "must be 'reset_password' or 'sync_access'"),
    bad("relation", {"id": 7}, RELATION),
]

RESOURCE_PACK_ACTION = [
    bad("action", "delete", "must be 'suspend_servers', 'unsuspend_servers' or 'delete_servers'"),
    bad("resource_pack_id", "x", AN_ID),
    bad("resource_pack_id", 0, at_least(1)),
]

BAD: dict[str, list[Bad]] = {
    "Server": SERVER,
    "ServerBuild": SERVER_BUILD,
    "User": USER,
    "SshKey": SSH_KEY,
    "ResourcePack": RESOURCE_PACK,
    "ServerFirewall": SERVER_FIREWALL,
    "ServerIpv4Addresses": SERVER_IPV4_ADDRESSES,
    "NetworkWhitelistEntry": NETWORK_WHITELIST_ENTRY,
    "TrafficBlock": TRAFFIC_BLOCK,
    "ServerCustomXml": SERVER_CUSTOM_XML,
    "UserCredit": USER_CREDIT,
    "HourlyGroupProfile": PROFILE,
    "ResourceGroupProfile": PROFILE,
    "HourlyResourcePack": HOURLY_RESOURCE_PACK,
    "IpBlockRange": IP_BLOCK_RANGE,
    "ServerAction": SERVER_ACTION,
    "UserAction": USER_ACTION,
    "ResourcePackAction": RESOURCE_PACK_ACTION,
}

SECRETIVE: dict[str, list[Bad]] = {
    "Server": [
        bad("name", secret("marked\nname"), INVISIBLE, got=""),
        bad("memory", secret(987_654_321_987), at_most(2**31), got=""),
        bad("firewall_rulesets", [1, secret("marked-ruleset")], f"1: {WHOLE}", got=""),
        bad("package_change", {"cpu": secret("marked-flag")}, f"cpu: {FLAG}", got=""),
        bad("power_state", secret("marked-state"), "must be 'running' or 'stopped'", got=""),
        bad("name", output("a\nb"), INVISIBLE, got=r"'a\nb'"),
        bad("package_id", output("seven"), AN_ID, got="'seven'"),
    ],
    "User": [bad("email", secret("marked-address"), EMAIL, got="")],
    "SshKey": [bad("public_key", secret("marked-key"), PUBLIC_KEY, got="")],
    "ServerCustomXml": [bad("domain", secret("<marked>"), f"{XML}mismatched tag", got="")],
    "IpBlockRange": [
        bad("end", "192.0.2.9", "must not be lower than start", start=secret("192.0.2.200")),
    ],
    "NetworkWhitelistEntry": [bad("cidr", 33, "must be at most 32 for [secret]", ip=secret("192.0.2.77"))],
    "UserCredit": [bad("reference_2", secret("marked\x00reference"), INVISIBLE, got="")],
}
"""Values that come out of something else: shown unless they are marked as secret."""

FINE: dict[str, list[dict[str, Any]]] = {
    "Server": [
        {"name": "نام\u200cمن"},
        {"name": "👩\u200d💻 web 🇳🇱"},
        {"name": "Zoe\u0308"},
        {"name": "日本語"},
        {"name": "a\u00a0b"},
        {"firewall_rulesets": []},
        {"firewall_rulesets": ["3"]},
        {"firewall_rulesets": [-1]},
        {"package_id": 2**53 - 1},
        {"package_change": {}},
        {"memory": 1024.0},
        {"ipv4": 0},
    ],
    "ServerBuild": [{"hostname": "localhost."}, {"hostname": "xn--bcher-kva.example"}, {"ssh_keys": []}, {"swap": 1.5}],
    "User": [{"email": "ada+vps@bücher.example"}, {"rel_str": "a?b#c%2F"}, {"rel_str": "½ ada"}],
    "SshKey": [{"public_key": f"  {KEY}\n"}, {"name": "Ada's laptop, ключ"}],
    "NetworkWhitelistEntry": [{"ip": "::ffff:192.0.2.1", "cidr": 128}, {"cidr": 0}],
    "UserCredit": [{"reference_2": "a\nb"}, {"tokens": 0.5}],
    "ServerAction": [{"triggers": {"a": [1, None, "b"]}}, {"triggers": ""}],
}
"""Unusual, and right."""

MISSPELT: list[tuple[str, dict[str, Any], str]] = [
    ("Server", {"nmae": "web"}, "Server('a') has no argument nmae (did you mean name?)"),
    ("Server", {"uuid": "x", "state": "running"}, "Server('a') has no argument state, uuid"),
    ("Server", {"user_id": None}, "Server('a') needs the argument user_id"),
    ("Server", {"pakage_id": 1}, "Server('a') has no argument pakage_id (did you mean package_id?)"),
    ("Server", {"cpuCores": 1}, "Server('a') has no argument cpuCores (did you mean cpu_cores?)"),
    (
        "ServerBuild",
        {"operating_system": 1, "ssh_key": [1], "colour": "red"},
        "ServerBuild('a') has no argument colour, operating_system (did you mean operating_system_id?), "
        "ssh_key (did you mean ssh_keys?)",
    ),
    ("User", {"password": "hunter2"}, "User('a') has no argument password"),
    ("User", {"name": None, "email": None}, "User('a') needs the argument name, email"),
    ("TrafficBlock", {"server_id": None}, "TrafficBlock('a') needs the argument server_id"),
    ("ServerAction", {"action": None}, "ServerAction('a') needs the argument action"),
    ("IpBlockRange", {"end": None}, "IpBlockRange('a') needs the argument end"),
]
"""What Python itself would refuse of a function: an error at the line of the program."""
