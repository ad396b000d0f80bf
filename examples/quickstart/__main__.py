"""A customer with a key, a resource pack and a server that is installed and running."""

import pulumi

import pulumi_virtfusion as virtfusion

customer = virtfusion.User(
    "ada",
    name="Ada Lovelace",
    email="ada@example.com",
    ext_relation_id=1001,
    self_service=3,
)

key = virtfusion.SshKey(
    "laptop",
    user_id=customer.user_id,
    name="laptop",
    public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop",
)

pack = virtfusion.ResourcePack("starter", relation=customer.relation, pack_id=1)

server = virtfusion.Server(
    "web",
    package_id=1,
    user_id=customer.user_id,
    hypervisor_group_id=1,
    name="web-1",
)

system = virtfusion.ServerBuild(
    "web-system",
    server_id=server.id,
    operating_system_id=1,
    hostname="web-1.example.com",
    ssh_keys=[key.ssh_key_id],
)

pulumi.export("customer", customer.user_id)
pulumi.export("server", server.server_id)
pulumi.export("address", server.primary_ipv4)
pulumi.export("hostname", system.hostname)
pulumi.export("root_password", system.password)
pulumi.export("pack_limits", pack.limits)
