"""Records the previews in `data` anew, on the real CLI and a sandbox panel: `python -m tests.review.record`."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pulumi.runtime.rpc import UNKNOWN

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel, running
from tests.engine.panel_stack import PanelStack

DATA = Path(__file__).parent / "data"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"
HEAD = """
import pulumi
import pulumi_virtfusion as virtfusion

"""
SHOP = f"""{HEAD}
ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
key = virtfusion.SshKey("key", user_id=ada.user_id, name="laptop", public_key="{KEY}")
web = virtfusion.Server("web", package_id=2, user_id=ada.user_id, hypervisor_group_id=1, name="shop", memory=2048)
virtfusion.ServerBuild("web", server_id=web.id, operating_system_id=1, hostname="web.example.com", ssh_keys=[key.id])
label = pulumi.Output.secret("marked-label")
db = virtfusion.Server("db", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name=label)
pack = virtfusion.ResourcePack("pack", relation=ada.relation, pack_id=1, delete_servers=True)
addresses = virtfusion.ServerIpv4Addresses("more", server_id=web.id, interface="primary", quantity=2)
"""
FLEET = f"""{HEAD}
for number in range(1, 13):
    web = virtfusion.Server(f"web-{{number}}", package_id=1, user_id=1, hypervisor_group_id=1, name=f"web {{number}}")
    virtfusion.ServerBuild(f"web-{{number}}", server_id=web.id, operating_system_id=1)
"""
TAKEOVER = f"""{HEAD}
old = virtfusion.Server(
    "old", package_id=1, user_id=2, hypervisor_group_id=1, name="old", opts=pulumi.ResourceOptions(import_="1")
)
"""
TAKEN_AND_WIPED = f'{TAKEOVER}virtfusion.ServerBuild("old", server_id=old.id, operating_system_id=1)\n'
KEPT = f"""{HEAD}
virtfusion.Server(
    "kept", package_id=1, user_id=1, hypervisor_group_id=1, opts=pulumi.ResourceOptions(retain_on_delete=True)
)
"""
ACTIONS = f"""{HEAD}
pack = virtfusion.ResourcePack("pack", relation=1001, pack_id=1)
web = virtfusion.Server("web", package_id=1, user_id=1, hypervisor_group_id=1)
virtfusion.ServerAction("off", server_id=web.server_id, action="poweroff", triggers=["1"])
virtfusion.ResourcePackAction("all", resource_pack_id=pack.resource_pack_id, action="suspend_servers")
"""
OTHERS = f"""
{HEAD}
import pulumi.dynamic


class Nothing(pulumi.dynamic.ResourceProvider):
    def create(self, props):
        return pulumi.dynamic.CreateResult("1", props)


class Record(pulumi.dynamic.Resource):
    def __init__(self, name):
        super().__init__(Nothing(), name, {{}})


Record("dns")
Record("mail")
virtfusion.Server.get("looked-at", "1")
"""

BEFORE = f"""{HEAD}
ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
shop = virtfusion.Server("shop", package_id=2, user_id=ada.user_id, hypervisor_group_id=1, name="shop")
virtfusion.ServerBuild("shop", server_id=shop.id, operating_system_id=1, hostname="shop.example.com")
mail = virtfusion.Server("mail", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="mail")
virtfusion.ServerBuild("mail", server_id=mail.id, operating_system_id=1, hostname="mail.example.com")
test = virtfusion.Server("test", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="test")
for number in range(1, 4):
    virtfusion.Server(f"web-{{number}}", package_id=1, user_id=1, hypervisor_group_id=1, name=f"web {{number}}")
"""
AFTER = f"""{HEAD}
ada = virtfusion.User("ada", name="Ada Lovelace", email="ada@example.com", ext_relation_id=1001)
shop = virtfusion.Server("shop", package_id=2, user_id=ada.user_id, hypervisor_group_id=2, name="shop")
virtfusion.ServerBuild("shop", server_id=shop.id, operating_system_id=1, hostname="shop.example.com")
mail = virtfusion.Server("mail", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="mail")
virtfusion.ServerBuild("mail", server_id=mail.id, operating_system_id=2, hostname="mail.example.com")
for number in range(1, 4):
    virtfusion.Server(f"web-{{number}}", package_id=3, user_id=1, hypervisor_group_id=1, name=f"web {{number}}")
virtfusion.Server("new", package_id=1, user_id=1, hypervisor_group_id=1)
old = pulumi.ResourceOptions(import_="1")
virtfusion.Server("old", package_id=1, user_id=1, hypervisor_group_id=1, name="old", opts=old)
"""


def main() -> None:
    for scenario in (everything, shop, fleet, takeover, kept, actions, failed_build, half_replaced, failures):
        with running(token="marked-token-2b91", build_seconds=0.1) as panel, new_stack(panel) as stack:
            scenario(stack, panel)


@contextmanager
def new_stack(panel: RunningPanel) -> Iterator[PanelStack]:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        yield PanelStack(Path(folder), "", panel, pulumi_home=Path(home))


def record(stack: PanelStack, name: str, *arguments: str, fails: bool = False) -> None:
    text = clean(stack.preview("--json", *arguments, fails=fails).stdout, stack.folder)
    (DATA / f"{name}.json").write_text(text)
    print(name)


def clean(text: str, folder: Path) -> str:
    """Without what a machine, a clock or chance put in; an event stream line by line."""
    text = text.replace(str(folder), "/project").replace(str(Path(__file__).parents[2]), "/package")
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z", "2026-01-02T03:04:05Z", text)
    provider = "11111111-2222-3333-4444-555555555555"
    for uuid in set(re.findall(r'::([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"', text)) - {UNKNOWN}:
        text = text.replace(uuid, provider)
    try:
        return json.dumps(_without_places(json.loads(text)), indent=1) + "\n"
    except ValueError:
        return "".join(json.dumps(_without_places(json.loads(line))) + "\n" for line in text.splitlines())


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        dropped = ("stackTrace", "sourcePosition", "duration", "durationSeconds", "timestamp", "__provider")
        return {key: _without_places(item) for key, item in value.items() if key not in dropped}
    return [_without_places(item) for item in value] if isinstance(value, list) else value


def everything(stack: PanelStack, panel: RunningPanel) -> None:
    client = VirtFusion(panel.origin, panel.token)
    server = client.servers.create(package_id=1, user_id=1, hypervisor_group_id=1)
    client.servers.rename(server.server_id, "old")
    stack.write(BEFORE)
    stack.up()
    stack.write(AFTER)
    record(stack, "everything", "--show-sames", "--show-replacement-steps")


def shop(stack: PanelStack, panel: RunningPanel) -> None:
    stack.write(SHOP)
    record(stack, "create")
    stack.up()
    record(stack, "unchanged")
    record(stack, "unchanged_all", "--show-sames")
    stack.replace(
        ('package_id=2, user_id=ada.user_id, hypervisor_group_id=1, name="shop"',
         'package_id=3, user_id=ada.user_id, hypervisor_group_id=1, name="Shop | 1"'),
        ('"marked-label"', '"another-marked-label"'),
        ("memory=2048", "memory=1024, suspended=True"),
        ("quantity=2", "quantity=1"),
    )  # fmt: skip
    record(stack, "update")
    stack.write(SHOP.replace('hypervisor_group_id=1, name="shop"', 'hypervisor_group_id=2, name="shop"'))
    record(stack, "replace")
    record(stack, "replace_steps", "--show-replacement-steps")
    stack.write(SHOP.replace("operating_system_id=1", "operating_system_id=2"))
    record(stack, "rebuild")
    stack.write("import pulumi\n")
    record(stack, "delete")
    stack.write(SHOP)
    panel.mutate("servers", 1, {"name": "renamed\u202ehere"})
    panel.mutate("servers", 2, {"name": "renamed\nthere"})
    record(stack, "drift", "--refresh")
    panel.mutate("servers", 1, delete=True)
    record(stack, "gone", "--refresh")
    stack.write("import pulumi\n")
    record(stack, "gone_and_dropped", "--refresh")


def fleet(stack: PanelStack, _: RunningPanel) -> None:
    stack.write(FLEET)
    stack.up()
    stack.write(FLEET.replace("package_id=1", "package_id=3"))
    record(stack, "package_change")
    stack.write(FLEET.replace("operating_system_id=1", "operating_system_id=2"))
    record(stack, "fleet_rebuild")


def takeover(stack: PanelStack, panel: RunningPanel) -> None:
    client = VirtFusion(panel.origin, panel.token)
    ada = client.users.create(name="Ada", email="ada@example.com", ext_relation_id=1001)
    server = client.servers.create(package_id=1, user_id=ada.user_id, hypervisor_group_id=1)
    client.servers.rename(server.server_id, "old")
    stack.write(TAKEOVER)
    record(stack, "takeover")
    stack.write(TAKEN_AND_WIPED)
    record(stack, "takeover_and_build")
    stack.write(f'{HEAD}virtfusion.ServerBuild("old", server_id=1, operating_system_id=1)\n')
    record(stack, "build_on_existing")
    stack.write(OTHERS)
    record(stack, "others")
    stack.up()
    stack.write("import pulumi\n")
    record(stack, "others_deleted")


def kept(stack: PanelStack, _: RunningPanel) -> None:
    stack.write(KEPT)
    stack.up()
    stack.write("import pulumi\n")
    record(stack, "retained")


def actions(stack: PanelStack, panel: RunningPanel) -> None:
    client = VirtFusion(panel.origin, panel.token)
    client.users.create(name="Ada", email="ada@example.com", ext_relation_id=1001)
    stack.write(ACTIONS)
    record(stack, "actions")
    stack.up()
    stack.replace(('"1"', '"2"'), ("suspend_servers", "delete_servers"))
    record(stack, "actions_again")


def failed_build(stack: PanelStack, _: RunningPanel) -> None:
    """System 9 of the sandbox cannot be installed."""
    stack.write(FLEET.replace("13", "2").replace("operating_system_id=1", "operating_system_id=9"))
    stack.up(fails=True)
    record(stack, "failed_build")


def half_replaced(stack: PanelStack, panel: RunningPanel) -> None:
    """A run that made the new server, and could not delete the old one."""
    program = f'{HEAD}virtfusion.Server("web", package_id=1, user_id=1, hypervisor_group_id=1, name="web")\n'
    stack.write(program)
    stack.up()
    panel.fault(method="DELETE", path="/servers/1", status=403, times=None)
    stack.write(program.replace("hypervisor_group_id=1", "hypervisor_group_id=2"))
    stack.up(fails=True)
    panel.clear_faults()
    record(stack, "half_replaced", "--show-replacement-steps")


def failures(stack: PanelStack, _: RunningPanel) -> None:
    stack.write("raise ValueError('no')\n")
    record(stack, "failed_program", fails=True)
    stack.write(f'{HEAD}virtfusion.Server("web", package_id=1, user_id=1, hypervisor_group_id=0)\n')
    record(stack, "failed_check", fails=True)
    stack.write(KEPT)
    stack.environment["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true"
    record(stack, "event_stream")


if __name__ == "__main__":
    main()
