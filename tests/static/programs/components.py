"""What components take and what their attributes are."""

# pyright: strict

import pulumi
from typing_extensions import assert_type

import pulumi_virtfusion as virtfusion

ada = virtfusion.Customer(
    "ada",
    name="Ada",
    email=pulumi.Output.concat("ada", "@example.com"),
    ext_relation_id=1001,
    self_service=3,
    public_keys={"laptop": "ssh-ed25519 AAAA"},
    hourly_group_profiles=[1, 2],
    pack_id="1",
    credit_tokens=12.5,
    formerly={"user": "ada", "pack": pulumi.Alias("pack")},
)
web = virtfusion.Vps(
    "web",
    package_id=1,
    package_change={"memory": False},
    user_id=ada.user_id,
    hypervisor_group_id="1",
    operating_system_id=1,
    memory=ada.user_id,
    ssh_keys=[ada.keys["laptop"].ssh_key_id, 7, "8"],
    firewall_rulesets=[1],
    extra_ipv4=2,
    build_triggers=["2026-11", 1],
    opts=pulumi.ResourceOptions(protect=True),
)
virtfusion.ResourcePack("second", relation=ada.relation, pack_id=2)

assert_type(ada.user, virtfusion.User)
assert_type(ada.relation, pulumi.Output[int | str])
assert_type(ada.password, pulumi.Output[str])
assert_type(ada.pack, virtfusion.ResourcePack | None)
assert_type(web.server.id, pulumi.Output[str])
assert_type(web.address, pulumi.Output[str])
assert_type(web.server_id, pulumi.Output[int])
assert_type(web.ipv4_addresses, pulumi.Output[list[str]])
assert_type(web.hostname, pulumi.Output[str])
assert_type(web.state, pulumi.Output[str])
assert_type(web.password, pulumi.Output[str])
assert_type(web.keys, dict[str, virtfusion.SshKey])

bob = virtfusion.Customer("bob", name="Bob")  # type: ignore[call-arg]
level = virtfusion.Customer("l", name="L", email="l@example.com", self_service=7)  # type: ignore[arg-type]
sized = virtfusion.Vps(
    "s",
    package_id=1,
    user_id=1,
    hypervisor_group_id=1,
    operating_system_id=1,
    memory="2048",  # type: ignore[arg-type]
)
few = virtfusion.Vps("f", package_id=1, user_id=1, hypervisor_group_id=1)  # type: ignore[call-arg]
