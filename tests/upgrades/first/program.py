"""One of every resource, as a user of the first version wrote it."""

from typing import Any

import pulumi

import pulumi_virtfusion as virtfusion

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"

user = virtfusion.User("user", name="Ada", email="ada@example.com", ext_relation_id=1001, self_service=3)
other = virtfusion.User("other", name="Bob", email="bob@example.com")
key = virtfusion.SshKey("key", user_id=user.user_id, name="laptop", public_key=KEY)
pack = virtfusion.ResourcePack("pack", relation=user.relation, pack_id=1, enabled=True)
virtfusion.UserCredit("credit", relation=user.relation, tokens=5)
virtfusion.HourlyGroupProfile("hourly-profile", relation=user.relation, profile_id=1)
virtfusion.ResourceGroupProfile("resource-profile", relation=user.relation, profile_id=1)
virtfusion.HourlyResourcePack("hourly-pack", relation=user.relation, pack_id=1)
virtfusion.IpBlockRange("range", block_id=1, start="192.0.2.200", end="192.0.2.201")
server = virtfusion.Server(
    "server", package_id=1, user_id=user.user_id, hypervisor_group_id=1, memory=2048, name="web-1"
)
build = virtfusion.ServerBuild(
    "build", server_id=server.id, operating_system_id=1, hostname="web1.example.com", ssh_keys=[key.id]
)
on: dict[str, Any] = {"server_id": server.id, "interface": "primary"}
after = pulumi.ResourceOptions(depends_on=[build])
virtfusion.ServerFirewall("firewall", enabled=True, rulesets=[1], opts=after, **on)
virtfusion.ServerIpv4Addresses("addresses", quantity=1, opts=after, **on)
virtfusion.NetworkWhitelistEntry("whitelist", ip="203.0.113.7", cidr=32, opts=after, **on)
virtfusion.TrafficBlock("traffic", server_id=server.id, month=1, amount=10, opts=after)
virtfusion.ServerCustomXml("xml", server_id=server.id, features="<a/>", features_enabled=True, opts=after)
virtfusion.ServerAction("server-action", server_id=server.id, action="restart", triggers=[1], opts=after)
virtfusion.UserAction("user-action", relation=user.relation, action="sync_access", triggers=[1])
virtfusion.ResourcePackAction("pack-action", resource_pack_id=pack.id, action="suspend_servers", triggers=[1])
moved = virtfusion.Server("moved", package_id=1, user_id=other.user_id, hypervisor_group_id=1, name="moved")
reinstalled = virtfusion.ServerBuild(
    "reinstalled", server_id=moved.id, operating_system_id=1, hostname="moved.example.com"
)
