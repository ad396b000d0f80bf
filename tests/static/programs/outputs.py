"""What the attributes of resources are to a type checker; `assert_type` fails for anything else."""

# pyright: strict

import pulumi
from typing_extensions import assert_type

import pulumi_virtfusion as virtfusion
from pulumi_virtfusion.schema.types import PackageChange

ada = virtfusion.User("ada", name="Ada", email="ada@example.com")
server = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id="1")
build = virtfusion.ServerBuild("system", server_id=server.id, operating_system_id=1, ssh_keys=[1, "2", server.id])
key = virtfusion.SshKey("key", user_id=ada.user_id, name="laptop", public_key="ssh-ed25519 AAAA")
pack = virtfusion.ResourcePack("pack", relation=ada.relation, pack_id=1)

assert_type(ada.user_id, pulumi.Output[int])
assert_type(ada.relation, pulumi.Output[int | str])
assert_type(ada.password, pulumi.Output[str])
assert_type(ada.suspended, pulumi.Output[bool])
assert_type(server.package_id, pulumi.Output[int])
assert_type(server.server_id, pulumi.Output[int])
assert_type(server.id, pulumi.Output[str])
assert_type(server.name, pulumi.Output[str])
assert_type(server.memory, pulumi.Output[int])
assert_type(server.backup_plan_id, pulumi.Output[int])
assert_type(server.firewall_rulesets, pulumi.Output[list[int]])
assert_type(server.package_change, pulumi.Output[PackageChange])
assert_type(server.ipv4_addresses, pulumi.Output[list[str]])
assert_type(build.password, pulumi.Output[str])
assert_type(key.ssh_key_id, pulumi.Output[int])
assert_type(pack.limits, pulumi.Output[dict[str, int]])
assert_type(virtfusion.Server.get("seen", "69"), virtfusion.Server)
assert_type(virtfusion.Server.get("seen", server.id).primary_ipv4, pulumi.Output[str])
assert_type(server.primary_ipv4.apply(len), pulumi.Output[int])
