"""A customer with a key and a server that is installed and running, as large as the stack's settings say."""

import pulumi

import pulumi_virtfusion as virtfusion

config = pulumi.Config()
package = virtfusion.get_package(name=config.require("package"))
group = virtfusion.get_hypervisor_group(name=config.require("group"))
system = virtfusion.get_template(
    package.package_id, name=config.require("system"), version=config.require("systemVersion")
)

ada = virtfusion.User(
    "ada",
    name="Ada Lovelace",
    email=config.require("email"),
    rel_str=f"{pulumi.get_project()}-{pulumi.get_stack()}-ada",
)

laptop = virtfusion.SshKey("laptop", user_id=ada.user_id, name="laptop", public_key=config.require("publicKey"))

web = virtfusion.Server(
    "web",
    package_id=package.package_id,
    user_id=ada.user_id,
    hypervisor_group_id=group.hypervisor_group_id,
    name="web-1",
)

installed = virtfusion.ServerBuild(
    "web",
    server_id=web.id,
    operating_system_id=system.template_id,
    hostname=f"web-1.{config.require('domain')}",
    ssh_keys=[laptop.ssh_key_id],
)

pulumi.export("address", web.primary_ipv4)
pulumi.export("hostname", installed.hostname)
pulumi.export("root_password", installed.password)
