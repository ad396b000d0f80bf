"""Thirty servers over two hypervisor groups, from one list: packages, groups and systems are looked up by name.

pulumi config set virtfusion:endpoint http://127.0.0.1:8765
pulumi config set --secret virtfusion:token ...
pulumi up
"""

from typing import NamedTuple

import pulumi

import pulumi_virtfusion as virtfusion


class Member(NamedTuple):
    """A server of the fleet, by the names that people use."""

    name: str
    package: str
    group: str


FLEET = [
    *(Member(f"web-{number:02}", "Small", "Default") for number in range(1, 21)),
    *(Member(f"store-{number:02}", "Medium", "Storage") for number in range(1, 11)),
]

owner = virtfusion.User("fleet", name="Fleet", email="fleet@example.com", rel_str="fleet", self_service=0)

for member in FLEET:
    package = virtfusion.get_package(name=member.package)
    group = virtfusion.get_hypervisor_group(name=member.group)
    system = virtfusion.get_template(package.package_id, name="Debian", version="12", variant="Minimal")
    server = virtfusion.Server(
        member.name,
        package_id=package.package_id,
        user_id=owner.user_id,
        hypervisor_group_id=group.hypervisor_group_id,
        name=member.name,
    )
    virtfusion.ServerBuild(
        member.name,
        server_id=server.id,
        operating_system_id=system.template_id,
        hostname=f"{member.name}.example.com",
    )
    virtfusion.ServerFirewall(member.name, server_id=server.id, interface="primary", enabled=True, rulesets=[1])
    virtfusion.NetworkWhitelistEntry(member.name, server_id=server.id, interface="primary", ip="203.0.113.7", cidr=32)
    virtfusion.TrafficBlock(member.name, server_id=server.id, month=1, amount=100)
    pulumi.export(member.name, server.primary_ipv4)
