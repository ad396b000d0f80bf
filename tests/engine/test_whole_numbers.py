"""Whole numbers in a program: every output of one is an int, although the engine carries nothing but doubles."""

from __future__ import annotations

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program

PROGRAM = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.Customer("ada", name="Ada", email="ada@example.com", ext_relation_id=1001, pack_id=1)
web = virtfusion.Server(
    "web",
    package_id=1,
    user_id=ada.user_id,
    hypervisor_group_id=1,
    name=ada.user_id.apply(lambda number: f"cust{number}-web"),
    firewall_rulesets=[1],
)
seen = virtfusion.Server.get("seen", web.id)
asked = virtfusion.get_server_output(web.server_id)
pulumi.export(
    "spelled",
    pulumi.Output.all(
        ada.user_id,
        ada.relation,
        ada.pack.limits["total_cpu"],
        web.memory,
        web.firewall_rulesets,
        seen.user_id,
        asked.memory,
    ).apply(str),
)
"""


def test_whole_numbers_are_ints_in_a_program(program: Program, panel: RunningPanel) -> None:
    stack = program(PROGRAM)
    stack.up()
    (server,) = panel.state()["servers"]
    memory = server["settings"]["resources"]["memory"]
    assert server["name"] == "cust2-web"
    assert stack.outputs()["spelled"] == str([2, 1001, 24, memory, [1], 2, memory])
    assert [step.op for step in stack.preview_steps()] == ["read"]
