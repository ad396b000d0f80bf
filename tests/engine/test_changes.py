"""What each kind of change does on the real engine."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program
from tests.engine.panel_stack import PanelStack

PROGRAM = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
bob = virtfusion.User("bob", name="Bob", email="bob@example.com")
web = virtfusion.Server(
    "web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, memory=1536, name="web-1", delete_delay=0
)
system = virtfusion.ServerBuild("system", server_id=web.server_id, operating_system_id=1)
pulumi.export("address", web.primary_ipv4)
"""

DEPENDENT = """
virtfusion.User("contact", name=web.primary_ipv4, email=pulumi.Output.concat(web.uuid, "@example.com"))
"""
CREDIT = """
virtfusion.UserCredit("gift", relation=ada.relation, tokens=10)
"""


@pytest.fixture
def stack(program: Program) -> PanelStack:
    stack = program(PROGRAM)
    stack.up()
    return stack


def test_changes_in_place_are_one_call_each_in_the_order_that_the_panel_needs(
    stack: PanelStack, panel: RunningPanel
) -> None:
    stack.replace(
        ("package_id=1", "package_id=2"), ("user_id=ada.", "user_id=bob."), ('"web-1"', '"web-2", cpu_throttle=25')
    )
    (said,) = stack.said_of("web", stack.preview())
    assert said.startswith("package 1 (Small) -> 2 (Medium): cpu_cores 1 -> 2, storage 10 -> 40 GB, ")
    assert "; memory stays 1536 MB, as the program says. It takes effect in the guest after a restart" in said
    (bob,) = [user["id"] for user in panel.state()["users"] if user["email"] == "bob@example.com"]
    stack.up()
    assert stack.changed == [
        "PUT /servers/1/package/2",
        f"PUT /servers/1/owner/{bob}",
        "PUT /servers/1/modify/name",
        "PUT /servers/1/modify/memory",
        "PUT /servers/1/modify/cpuThrottle",
    ]
    (server,) = panel.state()["servers"]
    assert (server["ownerId"], server["name"], server["cpu"]["throttle"]) == (bob, "web-2", 25)
    assert server["settings"]["resources"]["memory"] == 1536
    assert stack.preview_steps() == []

    # What is taken out of the program stays as it is at the panel.
    stack.replace((", cpu_throttle=25", ""))
    assert stack.preview_steps() == []
    assert stack.asked == []


def test_what_depends_on_a_stable_output_is_not_shown_as_changed(program: Program) -> None:
    stack = program(PROGRAM.partition("system =")[0] + DEPENDENT)
    stack.up()
    stack.replace(("package_id=1", "package_id=2"))
    assert [(step.op, step.name) for step in stack.preview_steps()] == [("update", "web")]
    assert stack.asked.count("GET /servers/1") == 1
    stack.up()
    assert stack.changed == ["PUT /servers/1/package/2", "PUT /servers/1/modify/memory"]


def test_a_whole_resource_is_exported_with_all_that_the_state_has_of_it(stack: PanelStack) -> None:
    stack.write(PROGRAM + 'pulumi.export("web", web)\n')
    stack.up()
    kept = stack.resources()["web"]
    exported = stack.outputs()["web"]
    assert (exported.pop("urn"), exported.pop("id")) == (kept["urn"], kept["id"])
    told = {name: value for name, value in exported.items() if value is not None}
    assert {**kept["outputs"], **told} == kept["outputs"]
    hidden = {name for name in kept["outputs"] if name.startswith("__")}
    assert not hidden & told.keys()
    assert kept["outputs"].keys() - told - hidden == {"package_change"}  # a note that the program does not make
    stack.preview("--expect-no-changes")


@pytest.mark.long
def test_a_note_is_kept_without_a_call_and_read_by_the_operation_it_belongs_to(
    stack: PanelStack, panel: RunningPanel
) -> None:
    stack.replace(("delete_delay=0", "delete_delay=5, package_change={'memory': False}"))
    (step,) = stack.preview_steps()
    assert (step.op, step.diff_reasons) == ("update", ["delete_delay", "package_change"])
    stack.up()
    assert stack.changed == []
    stack.replace(("package_id=1", "package_id=2"))
    stack.up()
    assert stack.changed == ["PUT /servers/1/package/2"]
    (change,) = [request for request in stack.requests if request.method == "PUT"]
    assert [flag for flag, taken in change.body.items() if not taken] == ["memory"]
    assert len(change.body) == 11
    # The owner outlives the server's delay, so it takes a second run.
    assert "1 will be deleted by the panel in 5 minutes" in str(stack.destroy(fails=True))
    (deletion,) = [request for request in stack.requests if str(request) == "DELETE /servers/1"]
    assert deletion.query == {"delay": "5"}
    panel.advance(600)
    stack.destroy()
    assert panel.state()["servers"] == []


def test_a_replacement_is_announced_and_takes_its_dependents_along(stack: PanelStack, panel: RunningPanel) -> None:
    # A build wipes the disk, so another system is another build.
    stack.replace(("operating_system_id=1", "operating_system_id=2"))
    stack.up()
    assert stack.changed == ["POST /servers/1/build"]

    stack.replace(("hypervisor_group_id=1", "hypervisor_group_id=2"))
    steps = {(step.name, step.op): step for step in stack.preview_steps()}
    assert steps["web", "replace"].replace_reasons == ["hypervisor_group_id"]
    assert steps["system", "replace"].replace_reasons == ["server_id"]
    assert {name for name, _ in steps} == {"web", "system"}
    stack.up()
    assert stack.changed == [
        "POST /servers", "PUT /servers/2/modify/name", "POST /servers/2/build", "DELETE /servers/1",
    ]  # fmt: skip
    (server,) = panel.state()["servers"]
    assert (server["id"], server["hypervisorId"], server["state"]) == (2, 3, "complete")
    assert stack.preview_steps() == []


def refused(stack: PanelStack, name: str) -> list[str]:
    """What the preview of an `up` refuses of a resource; the update is never begun, and the panel not changed."""
    result = stack.run("up", "--yes", fails=True)
    assert "Updating (" not in result.stdout
    assert stack.changed == []
    return sorted(line.removeprefix("error: ") for line in stack.said_of(name, result))


def test_what_is_refused_is_refused_at_preview_with_every_reason(program: Program) -> None:
    stack = program(PROGRAM + CREDIT)
    stack.up()
    stack.replace(("memory=1536", "memory=128"), ('name="web-1"', 'name="a\\nb", cpu_throttle=100'))
    assert [reason.partition("has a problem: ")[2] for reason in refused(stack, "web")] == [
        "cpu_throttle: must be less than or equal to 99 (got 100)",
        "memory: must be greater than or equal to 256 (got 128)",
        "name: must not contain control characters (got 'a\\nb')",
    ]
    assert stack.asked == []

    # The change of an argument that only a new object can have.
    stack.write(PROGRAM + CREDIT.replace("tokens=10", "tokens=20"))
    (reason,) = refused(stack, "gift")
    assert "tokens: cannot be changed: credit is a ledger" in reason
    assert stack.asked == []

    # A package that the panel does not have.
    stack.write((PROGRAM + CREDIT).replace("package_id=1", "package_id=99"))
    (reason,) = refused(stack, "web")
    assert "package_id: the panel has no package 99" in reason

    # A word that is no argument.
    stack.write(PROGRAM.replace("memory=1536", "memmory=1536"))
    assert "Server('web') has no argument memmory" in str(stack.preview(fails=True))


def test_power_and_suspension_follow_the_program(stack: PanelStack, panel: RunningPanel) -> None:
    stack.replace(("delete_delay=0", 'power_state="stopped", ipv4=3'))
    stack.up()
    assert stack.changed == ["POST /servers/1/power/shutdown", "POST /servers/1/ipv4Qty"]
    assert panel.state()["servers"][0]["hidden"]["running"] is False
    assert len(panel.state()["addresses"]) == 3
    assert len(stack.resources()["web"]["outputs"]["ipv4_addresses"]) == 3
    address = stack.outputs()["address"]
    stack.replace(("ipv4=3", "ipv4=1, suspended=True"))
    stack.up()
    assert sorted(stack.changed) == ["DELETE /servers/1/ipv4", "POST /servers/1/suspend"]
    assert [held["address"] for held in panel.state()["addresses"]] == [address]
    assert panel.state()["servers"][0]["suspended"] is True
    assert stack.preview_steps() == []
