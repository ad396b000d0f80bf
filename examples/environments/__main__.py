"""The web servers of a team: as many, as large and as well protected as the stack's settings say.

Stack `dev` has one small server on a sandbox, `prod` has three larger ones that cannot be deleted by mistake:

    pulumi stack select --create dev
    pulumi config set --secret virtfusion:token
    pulumi up
"""

import pulumi

import pulumi_virtfusion as virtfusion

config = pulumi.Config()
environment = pulumi.get_stack()
domain = config.require("domain")
protected = pulumi.ResourceOptions(protect=config.get_bool("protect", False))

team = virtfusion.User(
    "team",
    name=f"Web team ({environment})",
    email=config.require("email"),
    rel_str=f"web-{environment}",
    opts=protected,
)


class WebServer(pulumi.ComponentResource):
    """A server of the team with its operating system."""

    def __init__(self, number: int, opts: pulumi.ResourceOptions) -> None:
        super().__init__("environments:index:WebServer", f"web-{number}", None, opts)
        self.server = virtfusion.Server(
            f"web-{number}",
            package_id=config.require_int("package"),
            user_id=team.user_id,
            hypervisor_group_id=config.require_int("group"),
            name=f"web-{number} ({environment})",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.system = virtfusion.ServerBuild(
            f"web-{number}",
            server_id=self.server.id,
            operating_system_id=config.require_int("template"),
            hostname=f"web-{number}.{domain}",
            opts=pulumi.ResourceOptions(parent=self),
        )


servers = [WebServer(number, protected) for number in range(1, config.require_int("servers") + 1)]

pulumi.export("addresses", [web.server.primary_ipv4 for web in servers])
pulumi.export("hostnames", [web.system.hostname for web in servers])
