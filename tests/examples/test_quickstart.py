"""The first program of the README, from the first preview to an empty panel."""

from __future__ import annotations

from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.conftest import Program
from tests.stack import ROOT

FLAGS = {
    "backupPlan", "cpu", "memory", "primaryDiskReadIOPS", "primaryDiskReadThroughput", "primaryDiskSize",
    "primaryDiskWriteIOPS", "primaryDiskWriteThroughput", "primaryNetworkInboundSpeed", "primaryNetworkOutboundSpeed",
    "primaryNetworkTraffic",
}  # fmt: skip


def test_the_quickstart_lives_and_dies(program: Program, panel: RunningPanel) -> None:
    stack = program(ROOT / "examples" / "quickstart")

    # A first preview needs nothing of the panel, and shows what will be made.
    steps = stack.preview_steps()
    assert [step.op for step in steps] == ["create"] * 6
    assert stack.asked == []

    made = stack.up()
    assert stack.counts(made) == {"created": 6}
    outputs = stack.outputs()
    (server,) = panel.state()["servers"]
    assert (server["state"], server["hostname"], server["name"]) == ("complete", "web-1.example.com", "web-1")
    assert outputs["server"] == server["id"]
    assert outputs["address"] in [held["address"] for held in panel.state()["addresses"]]

    # Nothing changed, so the panel is not even asked.
    unchanged = stack.run("up", "--yes")
    assert "6 unchanged" in unchanged.stdout
    assert stack.counts(unchanged) == {"unchanged": 6}
    assert stack.asked == []

    # The preview of a package change shows one property of one resource, and no output that might change.
    stack.replace(("package_id=1", "package_id=2"))
    shown = stack.preview("--diff")
    assert [line.strip() for line in shown.stdout.splitlines() if line.lstrip()[:2] in ("~ ", "+ ", "- ", "+-")] == [
        "~ pulumi-python:dynamic/virtfusion:Server: (update)",
        "~ package_id: 1 => 2",
        "~ 1 to update",
    ]
    assert "Outputs" not in shown.stdout
    (said,) = stack.said_of("web", stack.preview())
    assert said.startswith("package 1 (Small) -> 2 (Medium): memory 1024 -> 2048 MB, cpu_cores 1 -> 2, ")
    (step,) = stack.preview_steps()
    assert (step.name, step.op, step.diff_reasons) == ("web", "update", ["package_id"])

    # And the panel's log shows exactly one call, with every flag said.
    updated = stack.up()
    assert stack.counts(updated) == {"updated": 1, "unchanged": 5}
    assert stack.changed == [f"PUT /servers/{server['id']}/package/2"]
    (change,) = [request for request in stack.requests if request.method == "PUT"]
    assert change.body == dict.fromkeys(FLAGS, True)
    assert "not updated" not in updated.stdout

    # Nothing is left over to do, whatever the panel left as it was; the second look does not even read.
    assert stack.preview_steps() == []
    assert stack.asked == []
    resources = stack.resources()
    assert resources["web"]["outputs"]["memory"] == 2048
    assert any("read IOPS" in line for line in resources["web"]["outputs"]["package_change_info"])

    stack.destroy()
    state = panel.state()
    assert [user["id"] for user in state["users"]] == [1]
    assert {kind: state[kind] for kind in ("servers", "ssh_keys", "resource_packs")} == {
        "servers": [], "ssh_keys": [], "resource_packs": [],
    }  # fmt: skip
    assert not state["addresses"]
