"""A customer with keys, self-service and credit, and a server with all that belongs to it: two components.

pulumi config set virtfusion:endpoint http://127.0.0.1:8765
pulumi config set --secret virtfusion:token ...
pulumi up
"""

import pulumi

import pulumi_virtfusion as virtfusion

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp grace@work"

grace = virtfusion.Customer(
    "grace",
    name="Grace Hopper",
    email="grace@example.com",
    ext_relation_id=2001,
    self_service=3,
    public_keys={"work": KEY},
    hourly_group_profiles=[1],
    resource_group_profiles=[2],
    pack_id=1,
    credit_tokens=50,
)

package = virtfusion.get_package(name="Medium")
debian = virtfusion.get_template(package.package_id, name="Debian", version="12", variant="Minimal")

shop = virtfusion.Vps(
    "shop",
    package_id=package.package_id,
    user_id=grace.user_id,
    hypervisor_group_id=virtfusion.get_hypervisor_group(name="Default").hypervisor_group_id,
    operating_system_id=debian.template_id,
    hostname="shop.example.com",
    ssh_keys=[grace.keys["work"].ssh_key_id],
    firewall_rulesets=[1],
    extra_ipv4=1,
    backup_plan_id=1,
)

pulumi.export("customer", grace.user_id)
pulumi.export("password", grace.password)
pulumi.export("address", shop.address)
