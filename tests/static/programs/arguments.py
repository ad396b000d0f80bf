"""What the constructors of resources take: plain values, outputs and ids as text, and options last."""

# pyright: strict

import pulumi

import pulumi_virtfusion as virtfusion

config = pulumi.Config()
eu = virtfusion.Provider(
    "eu",
    endpoint="https://eu.example.com",
    token=config.require_secret("euToken"),
    request_timeout=10,
    max_concurrency=4,
    insecure=False,
    opts=pulumi.ResourceOptions(protect=True),
)
ada = virtfusion.User(
    "ada",
    name=config.require("name"),
    email=pulumi.Output.concat("ada", "@example.com"),
    self_service=3,
    self_service_hourly_group_profiles=[1, "2"],
    ext_relation_id=None,
    opts=pulumi.ResourceOptions(provider=eu),
)
virtfusion.Server(
    "web",
    package_id=config.require_int("package"),
    package_change={"memory": False},
    user_id=ada.user_id,
    hypervisor_group_id="1",
    name="web",
    memory=ada.user_id.apply(lambda user_id: user_id * 1024),
    backup_plan_id="0",
    backup_access="full",
    power_state="running",
    suspended=False,
    firewall_rulesets=[1, ada.user_id],
    ipv4=2,
)
virtfusion.ServerBuild("system", server_id=69, operating_system_id="1", swap=1.5, hostname=ada.name)
virtfusion.ResourcePack("by-number", relation=1001, pack_id=1)
virtfusion.ResourcePack("by-text", relation="customer-7", pack_id="1")
