"""The measured programs: the same servers, by this provider through both doors and by the floors."""

from __future__ import annotations

SERVERS = """
import os
import pulumi
{imports}

servers = [
    {server}(f"web-{{n}}", package_id=int(os.environ["PACKAGE"]), user_id=1, hypervisor_group_id=1)
    for n in range({count})
]
pulumi.export("addresses", [server.primary_ipv4 for server in servers])
"""

BUILDS = """
import pulumi_virtfusion as virtfusion

for n in range({count}):
    server = virtfusion.Server(f"web-{{n}}", package_id=1, user_id=1, hypervisor_group_id=1)
    virtfusion.ServerBuild(f"web-{{n}}", server_id=server.server_id, operating_system_id=1)
"""

OURS = "pulumi_virtfusion"
NATIVE = "pulumi_virtfusion, native"
"""The name of the same provider through the plug-in."""
FLOOR = "floor"
WHOLE = "floor with as many outputs"
_OF_THE_FLOOR = "from tools.bench import floor"
_IMPORTS_OURS = "import pulumi_virtfusion as virtfusion"
_IMPORTS = {OURS: _IMPORTS_OURS, NATIVE: _IMPORTS_OURS, FLOOR: _OF_THE_FLOOR, WHOLE: _OF_THE_FLOOR}
_CLASSES = {OURS: "virtfusion.Server", NATIVE: "virtfusion.Server", FLOOR: "floor.Server", WHOLE: "floor.WholeServer"}
CHOSEN_BY = {NATIVE: {"VIRTFUSION_DOOR": "native"}}
"""The environment that makes a program use a provider."""


def servers_program(provider: str, count: int) -> str:
    """Return a program of `count` servers, whose package is in the environment as PACKAGE."""
    return SERVERS.format(imports=_IMPORTS[provider], server=_CLASSES[provider], count=count)


def builds_program(count: int) -> str:
    """Return a program of `count` servers, each with an operating system."""
    return BUILDS.format(count=count)
